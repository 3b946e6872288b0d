import { millis } from '../../base/time.ts';
import { durationOfReset } from '../../api/config/config-rule.ts';
import { topicPartition } from '../../api/ids.ts';
import { lacks } from '../../api/improvements.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import { ERROR_CODES, NONE, refreshesMetadata } from '../../protocol/errors.ts';
import type { OffsetFetchResponse, OffsetFetchResponsePartition } from '../../protocol/offset-fetch.ts';
import {
  EARLIEST_TIMESTAMP,
  LATEST_TIMESTAMP,
  type ListOffsetsResponse,
} from '../../protocol/list-offsets.ts';
import type { OffsetForLeaderEpochResponse } from '../../protocol/offset-for-leader-epoch.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { leaderEpochOf, leaderOf, NO_EPOCH } from '../network/cluster-metadata.ts';
import { requestMetadata } from '../network/metadata-refresh.ts';
import { isReady, NEVER, readyAt, sendRequest } from '../network/network-client.ts';
import type { AskedOffset, AskedPosition, Consumer, ConsumerRequest } from './consumer-state.ts';
import { sendToCoordinator, topicNaming } from './coordinator-link.ts';
import { ensureCoordinator } from './find-coordinator.ts';
import { knownEpoch } from './member/member-state.ts';
import { refuseOffsetFetch } from './refusals.ts';
import {
  completeReset,
  completeValidation,
  hasAllFetchPositions,
  initializingPartitions,
  partitionsIn,
  requestOffsetReset,
  seekUnvalidated,
  validateForLeader,
  type AssignedPartition,
  type ResetStrategy,
  type TopicPartition,
} from './subscription-state.ts';
import { armConsumer, isDue } from './wake.ts';

const tell = (context: NodeContext, data: TraceEventData): number => context.trace(data);
const CONSUMER_REPLICA_ID = -1;
const NO_OFFSET = -1;

/** What ListOffsets is asked for (`AutoOffsetResetStrategy.timestamp`): records of the duration before now, as the clock shows it. */
function resetTimestamp(strategy: ResetStrategy | null, context: NodeContext): number {
  if (strategy === null || strategy === 'latest' || strategy === 'none') return LATEST_TIMESTAMP;
  if (strategy === 'earliest') return EARLIEST_TIMESTAMP;
  return Math.floor(context.wallClockMs() - (durationOfReset(strategy) ?? 0));
}

/** Of the leader that the metadata names. Without it no broker is asked where an epoch ended, and none refuses a fetch. */
const epochOf = ({ before, network }: Consumer, { topic, partition }: TopicPartition): number =>
  lacks(before, 'KIP-320') ? NO_EPOCH : leaderEpochOf(network.metadata, topic, partition);

/** What poll() does for partitions that cannot be read yet (`KafkaConsumer.updateFetchPositions`). */
export function maintainPositions(consumer: Consumer, context: NodeContext): void {
  compareWithLeaders(consumer);
  if (hasAllFetchPositions(consumer.subscriptions)) return;
  validatePositions(consumer, context);
  initializePositions(consumer, context);
  resetPositions(consumer, context);
}

/** A position whose leader is not the one that the metadata names has to be validated, or at least sent elsewhere. */
function compareWithLeaders(consumer: Consumer): void {
  const { metadata } = consumer.network;
  if (consumer.validatedVersion === metadata.version) return;
  consumer.validatedVersion = metadata.version;
  for (const partition of consumer.subscriptions.assigned.values()) compareWithLeader(consumer, partition);
}

export function compareWithLeader(consumer: Consumer, partition: AssignedPartition): void {
  const { metadata } = consumer.network;
  const leader = leaderOf(metadata, partition.topic, partition.partition);
  validateForLeader(partition, {
    leader,
    leaderEpoch: epochOf(consumer, partition),
  });
}

/** Partitions by the broker that leads them; those without a leader wait for newer metadata. */
function byLeader(
  consumer: Consumer,
  partitions: readonly AssignedPartition[],
): [number, AssignedPartition[]][] {
  const groups = new Map<number, AssignedPartition[]>();
  for (const partition of partitions) {
    const leader = leaderOf(consumer.network.metadata, partition.topic, partition.partition);
    if (leader < 0) requestMetadata(consumer.network);
    else groups.set(leader, [...(groups.get(leader) ?? []), partition]);
  }
  return [...groups].sort(([a], [b]) => a - b);
}

function byTopic<T>(
  partitions: readonly AssignedPartition[],
  make: (partition: AssignedPartition) => T,
): [string, T[]][] {
  const topics = new Map<string, T[]>();
  for (const partition of partitions)
    topics.set(partition.topic, [...(topics.get(partition.topic) ?? []), make(partition)]);
  return [...topics];
}

/** Whether a request may go to this broker now; if not, the consumer looks again when it may. */
function reachable(consumer: Consumer, context: NodeContext, broker: number): boolean {
  if (isReady(consumer.network, context, broker)) return true;
  armConsumer(consumer, context, readyAt(consumer.network, broker));
  return false;
}

/** No second question while the first is open. */
function holdBack(consumer: Consumer, context: NodeContext, partitions: readonly AssignedPartition[]): void {
  const until = context.now() + millis(consumer.config['request.timeout.ms']);
  for (const partition of partitions) partition.notBefore = until;
}

function askAgain(consumer: Consumer, context: NodeContext, name: string): void {
  const partition = consumer.subscriptions.assigned.get(name);
  if (partition === undefined) return;
  partition.notBefore = context.now() + millis(consumer.config['retry.backoff.ms']);
  armConsumer(consumer, context, partition.notBefore);
}

function validatePositions(consumer: Consumer, context: NodeContext): void {
  const due = partitionsIn(consumer.subscriptions, 'await-validation', context.now());
  for (const [broker, partitions] of byLeader(consumer, due)) {
    if (!reachable(consumer, context, broker)) continue;
    const asked: AskedPosition[] = [];
    const topics = byTopic(partitions, ({ name, partition, position }) => {
      if (position !== null) asked.push({ name, position });
      const currentLeaderEpoch = position?.leaderEpoch ?? -1;
      return { partition, currentLeaderEpoch, leaderEpoch: position?.offsetEpoch ?? -1 };
    }).map(([topic, items]) => ({ topic, partitions: items }));
    sendRequest(consumer.network, context, {
      destination: broker,
      api: 'OffsetForLeaderEpoch',
      body: { replicaId: CONSUMER_REPLICA_ID, topics },
      context: Object.freeze({ type: 'validate', asked: Object.freeze(asked) }),
    });
    holdBack(consumer, context, partitions);
  }
}

export function handleValidation(
  consumer: Consumer,
  context: NodeContext,
  asked: readonly AskedPosition[],
  response: OffsetForLeaderEpochResponse | undefined,
): void {
  for (const { name, position } of asked) {
    const partition = consumer.subscriptions.assigned.get(name);
    if (partition === undefined || partition.position !== position) continue;
    const answer = response?.topics
      .find(({ topic }) => topic === partition.topic)
      ?.partitions.find((item) => item.partition === partition.partition);
    const error = answer?.errorCode ?? ERROR_CODES.NETWORK_EXCEPTION;
    if (answer === undefined || error !== NONE) {
      if (refreshesMetadata(error) || error === ERROR_CODES.UNKNOWN_LEADER_EPOCH)
        requestMetadata(consumer.network);
      askAgain(consumer, context, name);
      continue;
    }
    const truncation = completeValidation(consumer.subscriptions, partition, answer);
    if (truncation !== null)
      consumer.notices.push(Object.freeze({ type: 'log-truncated', partition: name, truncation }));
  }
}

/** Partitions without a position begin where the group's commit says, or by the reset policy. */
function initializePositions(consumer: Consumer, context: NodeContext): void {
  const { subscriptions, groupId } = consumer;
  const fresh = initializingPartitions(subscriptions).filter(({ notBefore }) => notBefore <= context.now());
  if (fresh.length === 0) return;
  if (groupId === '') {
    followPolicy(consumer, fresh);
    return;
  }
  if (consumer.offsetFetchAt === NEVER || !isDue(consumer, context, consumer.offsetFetchAt)) return;
  const { topics } = consumer.network.metadata;
  if (!fresh.every(({ topic }) => topics.has(topic)) || !ensureCoordinator(consumer, context)) return;
  const asked = byTopic(fresh, ({ partition }) => partition);
  const { version, nameOf } = topicNaming(
    consumer,
    asked.map(([topic]) => topic),
  );
  const body = {
    groups: [
      {
        groupId,
        ...reader(consumer),
        topics: asked.map(([topic, partitionIndexes]) => ({ ...nameOf(topic), partitionIndexes })),
      },
    ],
    requireStable: !lacks(consumer.before, 'KIP-447'),
  };
  const partitions = fresh.map(({ topic, partition }) => Object.freeze({ topic, partition }));
  const mark: ConsumerRequest = Object.freeze({
    type: 'offset-fetch',
    partitions: Object.freeze(partitions),
  });
  if (sendToCoordinator(consumer, context, { api: 'OffsetFetch', version, body, context: mark }))
    consumer.offsetFetchAt = NEVER;
}

/** Members of the consumer protocol say who they are. */
const reader = ({ member }: Consumer): { memberId: string | null; memberEpoch: number } =>
  member === null || knownEpoch(member) < 0
    ? { memberId: null, memberEpoch: -1 }
    : { memberId: member.memberId, memberEpoch: member.memberEpoch };

/** Without a committed offset the policy decides; policy `none` leaves it to the owner. */
function followPolicy(consumer: Consumer, partitions: readonly AssignedPartition[]): void {
  const { subscriptions } = consumer;
  if (subscriptions.resetPolicy !== 'none') {
    for (const partition of partitions) requestOffsetReset(partition, subscriptions.resetPolicy);
    return;
  }
  const untold = partitions.filter(({ notBefore }) => notBefore !== NEVER);
  for (const partition of untold) partition.notBefore = NEVER;
  const names = untold.map(({ name }) => name);
  if (names.length > 0)
    consumer.notices.push(Object.freeze({ type: 'no-offset', partitions: Object.freeze(names) }));
}

export function handleOffsetFetch(
  consumer: Consumer,
  context: NodeContext,
  asked: readonly TopicPartition[],
  answer: { readonly response: OffsetFetchResponse | undefined; readonly error: number },
): void {
  const group = answer.response?.groups[0];
  const error = group?.errorCode ?? answer.error;
  consumer.offsetFetchAt = context.now();
  if (group === undefined || error !== NONE) {
    refuseOffsetFetch(consumer, context, error);
    return;
  }
  const unsettled: AssignedPartition[] = [];
  for (const { topic, partition } of asked) {
    const assigned = consumer.subscriptions.assigned.get(topicPartition(topic, partition));
    if (assigned?.state !== 'initializing') continue;
    const topicId = consumer.network.metadata.topics.get(topic)?.topicId;
    const found = group.topics
      .find((item) => item.name === topic || item.topicId === topicId)
      ?.partitions.find(({ partitionIndex }) => partitionIndex === partition);
    const code = found?.errorCode ?? ERROR_CODES.UNKNOWN_TOPIC_ID;
    if (found === undefined || code !== NONE) {
      refuseOffsetFetch(consumer, context, code);
      continue;
    }
    if (found.committedOffset < 0) unsettled.push(assigned);
    else startAtCommitted(consumer, assigned, found);
  }
  followPolicy(consumer, unsettled);
}

function startAtCommitted(
  consumer: Consumer,
  partition: AssignedPartition,
  { committedOffset, committedLeaderEpoch, metadata: written }: OffsetFetchResponsePartition,
): void {
  const { metadata } = consumer.network;
  consumer.committed.set(partition.name, committedOffset);
  consumer.committedMetadata.set(partition.name, written ?? '');
  seekUnvalidated(partition, {
    offset: committedOffset,
    offsetEpoch: committedLeaderEpoch,
    leader: leaderOf(metadata, partition.topic, partition.partition),
    leaderEpoch: epochOf(consumer, partition),
  });
}

/** Looks up where the log begins or ends (ListOffsets) for partitions that follow the reset policy. */
function resetPositions(consumer: Consumer, context: NodeContext): void {
  const due = partitionsIn(consumer.subscriptions, 'await-reset', context.now());
  const isolationLevel = consumer.config['isolation.level'] === 'read_committed' ? 1 : 0;
  for (const [broker, partitions] of byLeader(consumer, due)) {
    if (!reachable(consumer, context, broker)) continue;
    const asked: AskedOffset[] = partitions.map(({ name, resetStrategy }) => ({
      name,
      strategy: resetStrategy ?? 'none',
    }));
    const topics = byTopic(partitions, ({ topic, partition, resetStrategy }) => ({
      partitionIndex: partition,
      currentLeaderEpoch: epochOf(consumer, { topic, partition }),
      timestamp: resetTimestamp(resetStrategy, context),
    })).map(([name, items]) => ({ name, partitions: items }));
    sendRequest(consumer.network, context, {
      destination: broker,
      api: 'ListOffsets',
      body: {
        replicaId: CONSUMER_REPLICA_ID,
        isolationLevel,
        topics,
        timeoutMs: consumer.config['request.timeout.ms'],
      },
      context: Object.freeze({ type: 'list-offsets', asked: Object.freeze(asked) }),
    });
    holdBack(consumer, context, partitions);
  }
}

export function handleListOffsets(
  consumer: Consumer,
  context: NodeContext,
  asked: readonly AskedOffset[],
  response: ListOffsetsResponse | undefined,
): void {
  for (const { name, strategy } of asked) {
    const partition = consumer.subscriptions.assigned.get(name);
    if (partition === undefined) continue;
    const answer = response?.topics
      .find((topic) => topic.name === partition.topic)
      ?.partitions.find(({ partitionIndex }) => partitionIndex === partition.partition);
    const error = answer?.errorCode ?? ERROR_CODES.NETWORK_EXCEPTION;
    if (answer === undefined || error !== NONE) {
      // Whatever the error (`OffsetFetcherUtils.onSuccessfulResponseForResettingPositions`).
      requestMetadata(consumer.network);
      askAgain(consumer, context, name);
      continue;
    }
    // No record is as young as the policy wants: asked again when the request would have timed out, as Kafka does.
    if (answer.offset === NO_OFFSET) {
      armConsumer(consumer, context, partition.notBefore);
      continue;
    }
    const { metadata } = consumer.network;
    const position = {
      offset: answer.offset,
      offsetEpoch: answer.leaderEpoch,
      leader: leaderOf(metadata, partition.topic, partition.partition),
      leaderEpoch: epochOf(consumer, partition),
    };
    if (completeReset(consumer.subscriptions, name, { strategy, position }))
      tell(context, { type: 'offset-reset', partition: name, to: answer.offset });
  }
}
