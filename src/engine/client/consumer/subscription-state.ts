import { isTopicOf } from '../../api/topic-pattern.ts';
import { assert, ensure } from '../../base/assert.ts';
import type { SimTime } from '../../base/time.ts';
import { topicPartition, type TopicPartitionName } from '../../api/ids.ts';

/** Where to begin without a position: `auto.offset.reset` (KIP-1106). */
export type ResetStrategy = 'latest' | 'earliest' | 'none' | `by_duration:${string}`;

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Where to read next. Epochs and leader are −1 when not known. Frozen. */
export interface FetchPosition {
  readonly offset: number;
  /** Leader epoch of the last record read before `offset`. */
  readonly offsetEpoch: number;
  readonly leader: number;
  readonly leaderEpoch: number;
}

export type LeaderAndEpoch = Pick<FetchPosition, 'leader' | 'leaderEpoch'>;

/**
 * - `initializing`: no position yet
 * - `fetching`: may be read
 * - `await-reset`: the position has to be looked up by a strategy
 * - `await-validation`: the leader changed; it has to say whether its log still holds what was read
 */
export type FetchState = 'initializing' | 'fetching' | 'await-reset' | 'await-validation';

const SUCCESSORS: Readonly<Record<FetchState, readonly FetchState[]>> = {
  initializing: ['fetching', 'await-reset', 'await-validation'],
  fetching: ['fetching', 'await-reset', 'await-validation'],
  'await-reset': ['fetching', 'await-reset'],
  'await-validation': ['fetching', 'await-reset', 'await-validation'],
};

export interface AssignedPartition extends TopicPartition {
  readonly name: TopicPartitionName;
  state: FetchState;
  /** Set while fetching or awaiting validation. */
  position: FetchPosition | null;
  paused: boolean;
  /** About to be given up: not fetched any more. */
  pendingRevocation: boolean;
  resetStrategy: ResetStrategy | null;
  /** No look-up before; −1 for at once. */
  notBefore: SimTime;
  /** By the last fetch, −1 before. */
  highWatermark: number;
  lastStableOffset: number;
  /** The broker to read from instead of the leader (KIP-392), −1 for none, and until when. */
  preferredReadReplica: number;
  preferredUntil: SimTime;
}

/** What a consumer reads and where it is (`SubscriptionState`). Topics by subscription or partitions by hand, never both. */
export interface SubscriptionState {
  readonly resetPolicy: ResetStrategy;
  type: 'none' | 'topics' | 'manual';
  /** Whose names are read; null for topics that are named one by one. */
  pattern: string | null;
  /** Ascending; of a pattern those that the client itself has found. */
  topics: readonly string[];
  assigned: Map<TopicPartitionName, AssignedPartition>;
}

export const newSubscriptionState = (resetPolicy: ResetStrategy): SubscriptionState => ({
  resetPolicy,
  type: 'none',
  pattern: null,
  topics: [],
  assigned: new Map(),
});

const newAssigned = ({ topic, partition }: TopicPartition): AssignedPartition => ({
  topic,
  partition,
  name: topicPartition(topic, partition),
  state: 'initializing',
  position: null,
  paused: false,
  pendingRevocation: false,
  resetStrategy: null,
  notBefore: -1,
  highWatermark: -1,
  lastStableOffset: -1,
  preferredReadReplica: -1,
  preferredUntil: -1,
});

function setType(subscriptions: SubscriptionState, type: 'topics' | 'manual'): void {
  const { type: present } = subscriptions;
  assert(present === 'none' || present === type, 'subscription and manual assignment exclude each other');
  subscriptions.type = type;
}

/** Returns whether the topics changed. */
export function changeTopics(subscriptions: SubscriptionState, topics: Iterable<string>): boolean {
  const sorted = [...new Set(topics)].sort();
  const { topics: present } = subscriptions;
  if (sorted.length === present.length && sorted.every((topic, i) => topic === present[i])) return false;
  subscriptions.topics = Object.freeze(sorted);
  return true;
}

/** Whether there is anything to be a member for. */
export const wantsTopics = ({ type, topics, pattern }: SubscriptionState): boolean =>
  type === 'topics' && (topics.length > 0 || pattern !== null);

/** Whether a topic is one of those that are subscribed to. */
export const isSubscribed = ({ topics, pattern }: SubscriptionState, topic: string): boolean =>
  pattern === null ? topics.includes(topic) : isTopicOf(pattern, topic);

export function subscribe(subscriptions: SubscriptionState, topics: Iterable<string>): boolean {
  setType(subscriptions, 'topics');
  return changeTopics(subscriptions, topics);
}

/** Takes these partitions by hand. Returns whether their topics are others than before. */
export function assignManually(
  subscriptions: SubscriptionState,
  partitions: readonly TopicPartition[],
): boolean {
  setType(subscriptions, 'manual');
  setAssigned(subscriptions, partitions);
  return changeTopics(
    subscriptions,
    partitions.map(({ topic }) => topic),
  );
}

/** Takes what the group assigned; false (and nothing done) if that is not of the subscribed topics. */
export function assignFromSubscribed(
  subscriptions: SubscriptionState,
  partitions: readonly TopicPartition[],
): boolean {
  if (!partitions.every(({ topic }) => isSubscribed(subscriptions, topic))) return false;
  assert(subscriptions.type === 'topics', 'assigned by a group without a subscription');
  setAssigned(subscriptions, partitions);
  return true;
}

/** Partitions that stay keep their position. */
function setAssigned(subscriptions: SubscriptionState, partitions: readonly TopicPartition[]): void {
  const assigned = new Map<TopicPartitionName, AssignedPartition>();
  for (const item of partitions) {
    const name = topicPartition(item.topic, item.partition);
    assigned.set(name, subscriptions.assigned.get(name) ?? newAssigned(item));
  }
  subscriptions.assigned = assigned;
}

export function unsubscribe(subscriptions: SubscriptionState): void {
  subscriptions.type = 'none';
  subscriptions.pattern = null;
  subscriptions.topics = [];
  subscriptions.assigned = new Map();
}

/** The state of a partition that must be assigned. */
export const assignedPartition = (
  subscriptions: SubscriptionState,
  name: TopicPartitionName,
): AssignedPartition => ensure(subscriptions.assigned.get(name), `assigned partition ${name}`);

const needsPosition = (state: FetchState): boolean => state === 'fetching' || state === 'await-validation';

/** Returns whether the transition is allowed; if so it is made, and what needs no position loses it. */
function transition(partition: AssignedPartition, to: FetchState, position: FetchPosition | null): boolean {
  if (!SUCCESSORS[partition.state].includes(to)) return false;
  partition.state = to;
  partition.position = needsPosition(to) ? ensure(position, 'position') : null;
  partition.notBefore = -1;
  return true;
}

/** To a position that needs no validation. */
function seekValidated(partition: AssignedPartition, position: FetchPosition): void {
  transition(partition, 'fetching', Object.freeze(position));
  partition.resetStrategy = null;
}

export function seek(partition: AssignedPartition, offset: number): void {
  seekValidated(partition, { offset, offsetEpoch: -1, leader: -1, leaderEpoch: -1 });
}

/** To what its group has committed, which is asked for anew. */
export function forgetPosition(partition: AssignedPartition): void {
  partition.state = 'initializing';
  partition.position = null;
  partition.resetStrategy = null;
  partition.notBefore = -1;
}

/** To a position that the leader has to confirm if its epoch is known. */
export function seekUnvalidated(partition: AssignedPartition, position: FetchPosition): void {
  seekValidated(partition, position);
  validatePosition(partition, position);
}

function validatePosition(partition: AssignedPartition, position: FetchPosition): void {
  const epochsKnown = position.offsetEpoch >= 0 && position.leaderEpoch >= 0;
  transition(partition, epochsKnown ? 'await-validation' : 'fetching', Object.freeze(position));
}

/** Moves on by what was read. */
export function advancePosition(partition: AssignedPartition, position: FetchPosition): void {
  assert(partition.state === 'fetching', 'a position can only advance from a valid one', {
    name: partition.name,
  });
  partition.position = Object.freeze(position);
}

/** The leader alone is asked again. Returns whether another replica was. */
export function clearPreferredReadReplica(partition: AssignedPartition): boolean {
  const had = partition.preferredReadReplica >= 0;
  partition.preferredReadReplica = -1;
  return had;
}

/** The leader named a replica to read from; the time limit is that of the first naming. */
export function setPreferredReadReplica(partition: AssignedPartition, broker: number, until: SimTime): void {
  if (partition.preferredReadReplica === broker) return;
  partition.preferredReadReplica = broker;
  partition.preferredUntil = until;
}

/** The metadata names this leader. Returns whether the position has to be confirmed by it. */
export function validateForLeader(partition: AssignedPartition, leader: LeaderAndEpoch): boolean {
  if (partition.state === 'await-reset' || leader.leader < 0) return false;
  const { position } = partition;
  const same = position?.leader === leader.leader && position.leaderEpoch === leader.leaderEpoch;
  if (position !== null && !same) {
    const { offset, offsetEpoch } = position;
    validatePosition(partition, {
      offset,
      offsetEpoch,
      leader: leader.leader,
      leaderEpoch: leader.leaderEpoch,
    });
    clearPreferredReadReplica(partition);
  }
  return partition.state === 'await-validation';
}

/** The log ends, or diverges, below the position. `divergent` is where reading could go on. */
export interface LogTruncation {
  readonly offset: number;
  readonly divergent: { readonly offset: number; readonly epoch: number } | null;
}

/**
 * The leader's answer to OffsetForLeaderEpoch for the present position. Without a reset policy a truncation is
 * returned, for the owner to decide.
 */
export function completeValidation(
  subscriptions: SubscriptionState,
  partition: AssignedPartition,
  answer: { readonly leaderEpoch: number; readonly endOffset: number },
): LogTruncation | null {
  const { position } = partition;
  if (partition.state !== 'await-validation' || position === null) return null;
  const { leaderEpoch, endOffset } = answer;
  const hasPolicy = subscriptions.resetPolicy !== 'none';
  if (endOffset < 0 || leaderEpoch < 0) {
    if (!hasPolicy) return { offset: position.offset, divergent: null };
    requestOffsetReset(partition, subscriptions.resetPolicy);
  } else if (endOffset < position.offset) {
    if (!hasPolicy) return { offset: position.offset, divergent: { offset: endOffset, epoch: leaderEpoch } };
    seekValidated(partition, { ...position, offset: endOffset, offsetEpoch: leaderEpoch });
  } else transition(partition, 'fetching', position);
  return null;
}

export function requestOffsetReset(partition: AssignedPartition, strategy: ResetStrategy): void {
  transition(partition, 'await-reset', null);
  partition.resetStrategy = strategy;
}

/** A look-up under `strategy` found a position. Ignored if the partition does not wait for that any more. */
export function completeReset(
  subscriptions: SubscriptionState,
  name: TopicPartitionName,
  found: { readonly strategy: ResetStrategy; readonly position: FetchPosition },
): boolean {
  const partition = subscriptions.assigned.get(name);
  if (partition?.state !== 'await-reset' || partition.resetStrategy !== found.strategy) return false;
  seekUnvalidated(partition, found.position);
  return true;
}

/**
 * Partitions without a position follow the reset policy. Returns those that cannot because the policy is `none`
 * (Kafka: NoOffsetForPartitionException).
 */
export function resetInitializing(subscriptions: SubscriptionState): TopicPartitionName[] {
  const stuck: TopicPartitionName[] = [];
  for (const partition of initializingPartitions(subscriptions)) {
    if (subscriptions.resetPolicy === 'none') stuck.push(partition.name);
    else requestOffsetReset(partition, subscriptions.resetPolicy);
  }
  return stuck;
}

/** Partitions that still need a first position; one that is about to go needs none. */
export const initializingPartitions = (subscriptions: SubscriptionState): AssignedPartition[] =>
  [...subscriptions.assigned.values()].filter(
    ({ state, pendingRevocation }) => state === 'initializing' && !pendingRevocation,
  );

/** A partition whose topic was given up by name stays assigned until the next rebalance, but nothing is read from it. */
export function isFetchable(
  { type, topics, pattern }: SubscriptionState,
  { topic, state, paused, pendingRevocation }: AssignedPartition,
): boolean {
  if (state !== 'fetching' || paused || pendingRevocation) return false;
  const isGivenUp = type === 'topics' && pattern === null && !topics.includes(topic);
  return !isGivenUp;
}

/** Partitions in this state whose backoff is over. */
export const partitionsIn = (
  subscriptions: SubscriptionState,
  state: FetchState,
  now: SimTime,
): AssignedPartition[] =>
  [...subscriptions.assigned.values()].filter(
    (partition) => partition.state === state && partition.notBefore <= now,
  );

/** All have been given a position that may be read. */
export function hasAllFetchPositions(subscriptions: SubscriptionState): boolean {
  for (const { state } of subscriptions.assigned.values()) if (state !== 'fetching') return false;
  return true;
}

/** Records up to the end that this isolation level may read; null when not known. */
export function partitionLag(
  partition: AssignedPartition,
  isolation: 'read_uncommitted' | 'read_committed',
): number | null {
  const end = isolation === 'read_committed' ? partition.lastStableOffset : partition.highWatermark;
  return partition.position === null || end < 0 ? null : end - partition.position.offset;
}
