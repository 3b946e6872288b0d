import { consumerConfig } from '../../../api/config/client-checks.ts';
import type { ConfigOverrides } from '../../../api/config/config-key.ts';
import { assert } from '../../../base/assert.ts';
import {
  consumerAssign,
  consumerPoll,
  consumerRevoked,
  consumerSeekTo,
  consumerSubscribe,
  createConsumer,
  onConsumerDisconnect,
  onConsumerMessage,
  onConsumerTimer,
  takeConsumerNotices,
} from '../../../client/consumer/consumer.ts';
import type { Consumer, ConsumerNotice } from '../../../client/consumer/consumer-state.ts';
import type { TopicPartition } from '../../../client/consumer/subscription-state.ts';
import { bootstrapList, type Bootstrap } from '../../../client/programs/bootstrap.ts';
import { topicPartition } from '../../../api/ids.ts';
import { NONE } from '../../../protocol/errors.ts';
import type { NodeContext, Program } from '../../../sim/node-context.ts';

export interface GroupMemberConfig {
  readonly id: string;
  readonly bootstrap: Bootstrap;
  /** '' for a reader outside of any group. */
  readonly groupId: string;
  /** What a member subscribes to. */
  readonly topics: readonly string[];
  /** What a reader outside of any group reads from its beginning, instead. */
  readonly partition: TopicPartition | null;
  readonly overrides: ConfigOverrides;
}

export interface GroupMemberMemory {
  readonly consumer: Consumer;
  /** Non-empty callbacks of the rebalance listener since they were last taken, oldest first. */
  events: string[];
  /** What poll() has returned. */
  readonly values: (string | null)[];
  /** By which the last commit ended, null while it is under way. */
  commitError: number | null;
  closed: boolean;
  /** poll() has thrown. */
  failed: boolean;
}

/** A process that polls on and on, and keeps what it read and what its rebalance listener was told. */
export const groupMember: Program<GroupMemberConfig, GroupMemberMemory> = {
  kind: 'group-member',

  start(context, { id, bootstrap, groupId, topics, partition, overrides }) {
    const parsed = consumerConfig(overrides);
    assert(parsed.ok, 'a script gave a consumer a configuration that it refuses');
    const consumer = createConsumer(context, {
      prefix: 'consumer',
      clientId: id,
      bootstrap: bootstrapList(bootstrap),
      config: parsed.value,
      groupId,
    });
    if (partition === null) consumerSubscribe(consumer, topics);
    else {
      consumerAssign(consumer, [partition]);
      consumerSeekTo(consumer, topicPartition(partition.topic, partition.partition), 'earliest');
    }
    const memory: GroupMemberMemory = {
      consumer,
      events: [],
      values: [],
      commitError: null,
      closed: false,
      failed: false,
    };
    poll(memory, context);
    followUp(memory, context);
    return memory;
  },

  onMessage(memory, context, connection, message) {
    onConsumerMessage(memory.consumer, context, connection, message);
    followUp(memory, context);
  },

  onTimer(memory, context, name) {
    onConsumerTimer(memory.consumer, context, name);
    followUp(memory, context);
  },

  onDisconnect(memory, context, connection) {
    onConsumerDisconnect(memory.consumer, context, connection);
    followUp(memory, context);
  },

  onSignal: () => undefined,
};

/** Polls until it would wait inside. */
function poll(memory: GroupMemberMemory, context: NodeContext): void {
  for (;;) {
    const slices = consumerPoll(memory.consumer, context);
    if (slices.length === 0) return;
    for (const { batch, from, to } of slices) memory.values.push(...batch.records.values.slice(from, to));
  }
}

/** Takes what the consumer has to tell. */
export function followUp(memory: GroupMemberMemory, context: NodeContext): void {
  let notices = takeConsumerNotices(memory.consumer);
  while (notices.length > 0) {
    for (const notice of notices) follow(memory, context, notice);
    notices = takeConsumerNotices(memory.consumer);
  }
}

const listed = (partitions: readonly TopicPartition[]): string =>
  partitions
    .map(({ topic, partition }) => topicPartition(topic, partition))
    .sort()
    .join(', ');

function heard(memory: GroupMemberMemory, what: string, partitions: readonly TopicPartition[]): void {
  if (partitions.length > 0) memory.events.push(`${what} [${listed(partitions)}]`);
}

function follow(memory: GroupMemberMemory, context: NodeContext, notice: ConsumerNotice): void {
  switch (notice.type) {
    case 'records-ready':
      if (memory.consumer.inPoll) poll(memory, context);
      return;
    case 'partitions-revoked':
      heard(memory, notice.lost ? 'lost' : 'revoked', notice.partitions);
      consumerRevoked(memory.consumer, context);
      return;
    case 'partitions-assigned':
      heard(memory, 'assigned', notice.partitions);
      return;
    case 'commit-completed':
      if (notice.kind === 'sync') memory.commitError = notice.error;
      return;
    case 'closed':
      memory.closed = true;
      return;
    case 'fatal':
      memory.failed = notice.error !== NONE;
      return;
    case 'assignment-needed':
    case 'no-offset':
    case 'log-truncated':
  }
}
