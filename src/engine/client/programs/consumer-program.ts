import { AppendList } from '../../base/append-list.ts';
import { assert } from '../../base/assert.ts';
import { consumerConfig } from '../../api/config/client-checks.ts';
import type { NodeContext, Program } from '../../sim/node-context.ts';
import {
  consumerClose,
  consumerCommit,
  consumerLeavePoll,
  consumerPoll,
  consumerRevoked,
  consumerSubscribe,
  createConsumer,
  onConsumerDisconnect,
  onConsumerMessage,
  onConsumerTimer,
  takeConsumerNotices,
} from '../consumer/consumer.ts';
import { consumerSubscribePattern } from '../consumer/pattern.ts';
import type { ConsumerNotice } from '../consumer/consumer-state.ts';
import { bootstrapList } from './bootstrap.ts';
import { endOver } from './consumer-end.ts';
import {
  recordsIn,
  reportDone,
  WORK,
  type ConsumerMemory,
  type ConsumerProgramConfig,
} from './consumer-memory.ts';
import {
  beginRound,
  followOutput,
  newOutput,
  onOutputEvent,
  writeRound,
  type OutputPlay,
} from './output-play.ts';
import { callService } from './service-calls.ts';
import { finishHanded, handOver } from './worker-thread.ts';

/**
 * A process that reads topics as a member of a group. Its one thread polls, works `workMicros` on every record, and
 * polls again; with `enable.auto.commit=false` it calls commitSync after each round of work. SIGTERM lets it finish its
 * round, commit and leave the group. If another thread works, a round ends when it was handed over, done or not. With an
 * output each round is a transaction, which the offsets belong to.
 */
export const consumerProgram: Program<ConsumerProgramConfig, ConsumerMemory> = {
  kind: 'consumer',

  start(context, config) {
    const parsed = consumerConfig(config.overrides);
    assert(parsed.ok, 'a consumer was given a configuration that nobody checked');
    const consumer = createConsumer(context, {
      prefix: 'consumer',
      clientId: config.id,
      bootstrap: bootstrapList(config.bootstrap),
      config: parsed.value,
      before: config.before,
      groupId: config.groupId,
    });
    const memory: ConsumerMemory = {
      config,
      consumer,
      working: [],
      given: 0,
      handed: config.work === 'in-worker' ? [] : null,
      processed: 0,
      ranges: new AppendList(),
      awaiting: 0,
      output: config.output === undefined ? null : newOutput(context, config, config.output),
      stopping: false,
    };
    if (config.topicsPattern === undefined) consumerSubscribe(consumer, config.topics);
    else consumerSubscribePattern(consumer, config.topicsPattern);
    if (!writes(memory)) poll(memory, context);
    followUp(memory, context);
    return memory;
  },

  onMessage(memory, context, connection, message) {
    if (!writes(memory) || !onOutputEvent(memory.output, context, connection, message))
      onConsumerMessage(memory.consumer, context, connection, message);
    followUp(memory, context);
  },

  onTimer(memory, context, name) {
    if (name === WORK) finishWork(memory, context);
    else if (!writes(memory) || !onOutputEvent(memory.output, context, name))
      onConsumerTimer(memory.consumer, context, name);
    followUp(memory, context);
  },

  onDisconnect(memory, context, connection) {
    if (!writes(memory) || !onOutputEvent(memory.output, context, connection))
      onConsumerDisconnect(memory.consumer, context, connection);
    followUp(memory, context);
  },

  onSignal(memory, context, signal) {
    if (signal.type !== 'terminate') return;
    memory.stopping = true;
    if (memory.handed !== null) consumerLeavePoll(memory.consumer, context);
    closeWhenDone(memory, context);
    followUp(memory, context);
  },
};

type Writing = ConsumerMemory & { readonly output: OutputPlay };

const writes = (memory: ConsumerMemory): memory is Writing => memory.output !== null;

/** Polls, and goes to work if there is something; otherwise waits inside poll(). */
function poll(memory: ConsumerMemory, context: NodeContext): void {
  const { consumer, config } = memory;
  const slices = consumerPoll(consumer, context);
  if (slices.length === 0) return;
  const count = recordsIn(slices);
  memory.working = slices;
  memory.given += count;
  if (writes(memory)) beginRound(memory);
  if (memory.handed === null) context.setTimer(WORK, count * config.workMicros);
  else {
    handOver(memory, context);
    endRound(memory, context);
  }
}

function finishWork(memory: ConsumerMemory, context: NodeContext): void {
  if (memory.handed !== null) {
    finishHanded(memory, context);
    if (memory.stopping) closeWhenDone(memory, context);
    return;
  }
  if (writes(memory)) {
    writeRound(memory, context);
    return;
  }
  const { calls } = memory.config;
  if (calls !== undefined) callService(calls, context, memory.working);
  for (const slice of memory.working) reportDone(memory, context, slice);
  memory.working = [];
  endRound(memory, context);
}

function endRound(memory: ConsumerMemory, context: NodeContext): void {
  if (memory.consumer.config['enable.auto.commit']) goOn(memory, context);
  else memory.awaiting = consumerCommit(memory.consumer, context, 'sync');
}

function goOn(memory: ConsumerMemory, context: NodeContext): void {
  if (memory.stopping) closeWhenDone(memory, context);
  else poll(memory, context);
}

/** Closes the consumer unless the application is at work, or waits for a commit. */
function closeWhenDone({ consumer, working, handed, awaiting }: ConsumerMemory, context: NodeContext): void {
  if ((handed ?? working).length === 0 && awaiting === 0) consumerClose(consumer, context);
}

function followUp(memory: ConsumerMemory, context: NodeContext): void {
  if (writes(memory) && followOutput(memory, context)) goOn(memory, context);
  let notices = takeConsumerNotices(memory.consumer);
  while (notices.length > 0) {
    for (const notice of notices) follow(memory, context, notice);
    notices = takeConsumerNotices(memory.consumer);
  }
}

function follow(memory: ConsumerMemory, context: NodeContext, notice: ConsumerNotice): void {
  switch (notice.type) {
    case 'records-ready':
      if (memory.consumer.inPoll) poll(memory, context);
      return;
    case 'partitions-revoked':
      consumerRevoked(memory.consumer, context);
      return;
    case 'commit-completed':
      if (notice.token !== memory.awaiting) return;
      memory.awaiting = 0;
      goOn(memory, context);
      return;
    case 'fatal':
    case 'no-offset':
    case 'log-truncated':
      endOver(context, notice);
      return;
    case 'closed':
      context.exit();
      return;
    case 'partitions-assigned':
    case 'assignment-needed':
      return;
  }
}
