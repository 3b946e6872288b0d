import { AppendList } from '../../base/append-list.ts';
import { assert } from '../../base/assert.ts';
import { millis, type SimDuration } from '../../base/time.ts';
import { shareConsumerConfig } from '../../api/config/share-consumer-config.ts';
import type { ShareOutcomes } from '../../api/scenario.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import { errorName, NONE } from '../../protocol/errors.ts';
import { offsetAt } from '../../protocol/record-batch.ts';
import type { ConnectionId } from '../../sim/event.ts';
import type { NodeContext, Program, Signal } from '../../sim/node-context.ts';
import { offsetsOf } from '../share-consumer/acquired-records.ts';
import {
  ACKNOWLEDGE,
  type Acknowledgement,
  type AcknowledgeType,
  type ShareNotice,
  type ShareSlice,
} from '../share-consumer/share-consumer-state.ts';
import {
  createShareConsumer,
  onShareClientTimer,
  onShareDisconnect,
  onShareMessage,
  shareAcknowledge,
  shareClose,
  sharePoll,
  shareRenew,
  takeShareNotices,
} from '../share-consumer/share-consumer.ts';
import { bootstrapList } from './bootstrap.ts';
import type { ShareReaderConfig, ShareReaderMemory } from './share-reader-state.ts';

const WORK = 'work';
const RENEW = 'renew';

const READER: Omit<Program<ShareReaderConfig, ShareReaderMemory>, 'kind'> = {
  start: (context, config) => startShareReader(context, config),
  onMessage: onShareReaderMessage,
  onTimer: onShareReaderTimer,
  onDisconnect: onShareReaderDisconnect,
  onSignal: onShareReaderSignal,
};

/** What the program does on each occasion. */
export const shareReader = (): typeof READER => READER;

/**
 * Its one thread polls, works on every record, says what became of it, and polls again. With acknowledgements that are
 * implicit the next poll accepts all. SIGTERM lets it finish its round and leave the group.
 */
function startShareReader(context: NodeContext, config: ShareReaderConfig): ShareReaderMemory {
  const parsed = shareConsumerConfig(config.overrides);
  assert(parsed.ok, 'a share consumer was given a configuration that nobody checked');
  const consumer = createShareConsumer(context, {
    prefix: 'share-consumer',
    clientId: config.id,
    bootstrap: bootstrapList(config.bootstrap),
    config: parsed.value,
    groupId: config.groupId,
    topics: config.topics,
  });
  const figures = { processed: 0, accepted: 0, released: 0, rejected: 0 };
  const ledger = { deliveries: new AppendList<never>(), outcomes: new AppendList<never>() };
  const memory: ShareReaderMemory = { config, consumer, working: [], ...figures, ...ledger, stopping: false };
  poll(memory, context);
  followUp(memory, context);
  return memory;
}

function onShareReaderMessage(
  memory: ShareReaderMemory,
  context: NodeContext,
  connection: ConnectionId,
  message: object,
): void {
  onShareMessage(memory.consumer, context, connection, message);
  followUp(memory, context);
}

function onShareReaderTimer(memory: ShareReaderMemory, context: NodeContext, name: string): void {
  if (name === WORK) finishWork(memory, context);
  else if (name === RENEW) renew(memory, context);
  else onShareClientTimer(memory.consumer, context, name);
  followUp(memory, context);
}

function onShareReaderDisconnect(
  memory: ShareReaderMemory,
  context: NodeContext,
  connection: ConnectionId,
): void {
  onShareDisconnect(memory.consumer, context, connection);
  followUp(memory, context);
}

function onShareReaderSignal(memory: ShareReaderMemory, context: NodeContext, signal: Signal): void {
  if (signal.type !== 'terminate') return;
  memory.stopping = true;
  if (memory.working.length === 0) shareClose(memory.consumer, context);
  followUp(memory, context);
}

/** Polls, and goes to work if there is something; otherwise waits inside poll(). */
function poll(memory: ShareReaderMemory, context: NodeContext): void {
  const { consumer, config } = memory;
  memory.working = sharePoll(consumer, context);
  if (memory.working.length === 0) return;
  for (const slice of memory.working) {
    const { place, deliveryCount } = slice;
    const delivery = { at: context.now(), name: place.name, ...offsetsOf(slice), deliveryCount };
    memory.deliveries.push(Object.freeze(delivery));
  }
  const work = memory.working.reduce((sum, slice) => sum + workOn(slice, config), 0);
  context.setTimer(WORK, work);
  armRenewal(memory, context);
}

const isNth = (offset: number, every: number | undefined): boolean =>
  every !== undefined && (offset + 1) % every === 0;

/** How many of the records of a slice are every so many-th of their partition. */
function countNth({ batch, from, to }: ShareSlice, every: number | undefined): number {
  if (every === undefined) return 0;
  let count = 0;
  for (let i = from; i < to; i++) if (isNth(offsetAt(batch, i), every)) count++;
  return count;
}

function workOn(slice: ShareSlice, { workMicros, outcomes }: ShareReaderConfig): SimDuration {
  const slow = countNth(slice, outcomes?.slowEvery);
  return (slice.to - slice.from) * workMicros + slow * millis(outcomes?.slowMs ?? 0);
}

/** Locks are renewed when half of their time is over. */
function armRenewal({ config, working }: ShareReaderMemory, context: NodeContext): void {
  const [first] = working;
  if (config.outcomes?.renew === true && first !== undefined)
    context.setTimer(RENEW, Math.floor(millis(first.lockMs) / 2));
}

function renew(memory: ShareReaderMemory, context: NodeContext): void {
  const { consumer, working } = memory;
  for (const slice of working)
    shareAcknowledge(consumer, { name: slice.place.name, ...offsetsOf(slice), type: ACKNOWLEDGE.RENEW });
  shareRenew(consumer, context);
  armRenewal(memory, context);
}

/** What becomes of a record. One that can never be processed is released each time, until the group archives it. */
function outcomeOf(offset: number, deliveryCount: number, outcomes: ShareOutcomes): AcknowledgeType {
  if (isNth(offset, outcomes.rejectEvery)) return ACKNOWLEDGE.REJECT;
  if (isNth(offset, outcomes.poisonEvery)) return ACKNOWLEDGE.RELEASE;
  return isNth(offset, outcomes.releaseEvery) && deliveryCount === 1
    ? ACKNOWLEDGE.RELEASE
    : ACKNOWLEDGE.ACCEPT;
}

function finishWork(memory: ShareReaderMemory, context: NodeContext): void {
  const { consumer, config, working } = memory;
  const { outcomes = {} } = config;
  context.cancelTimer(RENEW);
  const isExplicit = consumer.config['share.acknowledgement.mode'] === 'explicit';
  for (const slice of working) {
    memory.processed += slice.to - slice.from;
    const { name } = slice.place;
    if (isExplicit)
      for (const part of partsOf(slice, outcomes)) shareAcknowledge(consumer, { name, ...part });
  }
  memory.working = [];
  if (memory.stopping) shareClose(consumer, context);
  else poll(memory, context);
}

/** Neighbouring records of a slice that come to the same end. */
function partsOf({ batch, from, to, deliveryCount }: ShareSlice, outcomes: ShareOutcomes): Acknowledgement[] {
  const parts: { first: number; last: number; type: AcknowledgeType }[] = [];
  for (let i = from; i < to; i++) {
    const offset = offsetAt(batch, i);
    const type = outcomeOf(offset, deliveryCount, outcomes);
    const known = parts.at(-1);
    if (known?.type === type) known.last = offset;
    else parts.push({ first: offset, last: offset, type });
  }
  return parts;
}

function followUp(memory: ShareReaderMemory, context: NodeContext): void {
  let notices = takeShareNotices(memory.consumer);
  while (notices.length > 0) {
    for (const notice of notices) follow(memory, context, notice);
    notices = takeShareNotices(memory.consumer);
  }
}

function follow(memory: ShareReaderMemory, context: NodeContext, notice: ShareNotice): void {
  switch (notice.type) {
    case 'records-ready':
      if (memory.consumer.inPoll) poll(memory, context);
      return;
    case 'acknowledged':
      note(memory, context, notice);
      return;
    case 'fatal': {
      const data: TraceEventData = { type: 'client-failed', error: errorName(notice.error) };
      context.trace(data);
      context.exit();
      return;
    }
    case 'closed':
      context.exit();
  }
}

function note(
  memory: ShareReaderMemory,
  context: NodeContext,
  { name, acknowledgements, error }: Extract<ShareNotice, { type: 'acknowledged' }>,
): void {
  for (const { first, last, type } of acknowledgements) {
    const count = error === NONE ? last - first + 1 : 0;
    if (type === ACKNOWLEDGE.ACCEPT) memory.accepted += count;
    if (type === ACKNOWLEDGE.RELEASE) memory.released += count;
    if (type === ACKNOWLEDGE.REJECT) memory.rejected += count;
    memory.outcomes.push(Object.freeze({ at: context.now(), name, first, last, type, error }));
  }
}
