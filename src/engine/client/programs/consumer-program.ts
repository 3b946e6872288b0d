import { AppendList } from '../../base/append-list.ts';
import { assert } from '../../base/assert.ts';
import type { SimDuration, SimTime } from '../../base/time.ts';
import type { ConfigOverrides } from '../../api/config/config-key.ts';
import { consumerConfig } from '../../api/config/client-checks.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import type { TopicPartitionName } from '../../api/ids.ts';
import type { Before } from '../../api/improvements.ts';
import { errorName } from '../../protocol/errors.ts';
import { offsetAt } from '../../protocol/record-batch.ts';
import type { NodeContext, Program } from '../../sim/node-context.ts';
import {
  consumerClose,
  consumerCommit,
  consumerPoll,
  consumerRevoked,
  consumerSubscribe,
  createConsumer,
  onConsumerDisconnect,
  onConsumerMessage,
  onConsumerTimer,
  takeConsumerNotices,
} from '../consumer/consumer.ts';
import type { Consumer, ConsumerNotice, RecordSlice } from '../consumer/consumer-state.ts';
import { bootstrapList, type Bootstrap } from './bootstrap.ts';

/** What a node that reads topics as a member of a group is started with. Frozen. */
export interface ConsumerProgramConfig {
  /** Its `client.id`. */
  readonly id: string;
  readonly bootstrap: Bootstrap;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Simulated work for one record, in µs. */
  readonly workMicros: SimDuration;
  /** Overrides of the consumer's configuration, checked before. */
  readonly overrides: ConfigOverrides;
  /** Improvements that its consumer is without. */
  readonly before?: Before;
}

/** Records that the application is done with: offsets from `from` up to and with `last`. Frozen. */
export interface ProcessedRange {
  readonly at: SimTime;
  readonly name: TopicPartitionName;
  readonly from: number;
  readonly last: number;
  readonly count: number;
}

export interface ConsumerMemory {
  readonly config: ConsumerProgramConfig;
  readonly consumer: Consumer;
  /** What the application works on. */
  working: readonly RecordSlice[];
  /** Records processed in this life. */
  processed: number;
  /** What was processed in this life, for an outsider's ledger. */
  readonly ranges: AppendList<ProcessedRange>;
  /** Token of the commit that the application waits for, 0 for none. */
  awaiting: number;
  stopping: boolean;
}

const WORK = 'work';

/**
 * A process that reads topics as a member of a group. Its one thread polls, works `workMicros` on every record, and
 * polls again; with `enable.auto.commit=false` it calls commitSync after each round of work. SIGTERM lets it finish its
 * round, commit and leave the group.
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
      processed: 0,
      ranges: new AppendList(),
      awaiting: 0,
      stopping: false,
    };
    consumerSubscribe(consumer, config.topics);
    poll(memory, context);
    followUp(memory, context);
    return memory;
  },

  onMessage(memory, context, connection, message) {
    onConsumerMessage(memory.consumer, context, connection, message);
    followUp(memory, context);
  },

  onTimer(memory, context, name) {
    if (name === WORK) finishWork(memory, context);
    else onConsumerTimer(memory.consumer, context, name);
    followUp(memory, context);
  },

  onDisconnect(memory, context, connection) {
    onConsumerDisconnect(memory.consumer, context, connection);
    followUp(memory, context);
  },

  onSignal(memory, context, signal) {
    if (signal.type !== 'terminate') return;
    memory.stopping = true;
    if (memory.working.length === 0 && memory.awaiting === 0) consumerClose(memory.consumer, context);
    followUp(memory, context);
  },
};

/** Polls, and goes to work if there is something; otherwise waits inside poll(). */
function poll(memory: ConsumerMemory, context: NodeContext): void {
  const { consumer, config } = memory;
  memory.working = consumerPoll(consumer, context);
  if (memory.working.length === 0) return;
  const count = memory.working.reduce((sum, { from, to }) => sum + to - from, 0);
  context.setTimer(WORK, count * config.workMicros);
}

function finishWork(memory: ConsumerMemory, context: NodeContext): void {
  const at = context.now();
  for (const { name, batch, from, to } of memory.working) {
    const count = to - from;
    memory.processed += count;
    const range = { at, name, from: offsetAt(batch, from), last: offsetAt(batch, to - 1), count };
    memory.ranges.push(Object.freeze(range));
  }
  memory.working = [];
  if (memory.consumer.config['enable.auto.commit']) goOn(memory, context);
  else memory.awaiting = consumerCommit(memory.consumer, context, 'sync');
}

function goOn(memory: ConsumerMemory, context: NodeContext): void {
  if (memory.stopping) consumerClose(memory.consumer, context);
  else poll(memory, context);
}

function followUp(memory: ConsumerMemory, context: NodeContext): void {
  let notices = takeConsumerNotices(memory.consumer);
  while (notices.length > 0) {
    for (const notice of notices) follow(memory, context, notice);
    notices = takeConsumerNotices(memory.consumer);
  }
}

/** An application that does not handle what poll() throws ends. */
function end(context: NodeContext, error: string): void {
  const data: TraceEventData = { type: 'client-failed', error };
  context.trace(data);
  context.exit();
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
      end(context, errorName(notice.error));
      return;
    case 'no-offset':
      end(context, `no committed offset for ${notice.partitions.join(', ')} and no reset policy`);
      return;
    case 'log-truncated':
      end(context, `the log of ${notice.partition} was cut below the position`);
      return;
    case 'closed':
      context.exit();
      return;
    case 'partitions-assigned':
    case 'assignment-needed':
      return;
  }
}
