import { InvariantError } from '../../../base/assert.ts';
import * as state from '../../../client/consumer/subscription-state.ts';
import type { Adapter } from '../adapter.ts';
import { listOf, numberOf, onlyFields, textOf, UnsupportedError } from '../case-file.ts';
import type { Json, JsonObject } from '../case-file.ts';
import { opNameOf, opsOf } from './script.ts';

type Subscriptions = state.SubscriptionState;

/** `SubscriptionState`: what a consumer reads and where it is. */
export const subscriptionStateAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(given, ['module', 'autoOffsetReset', 'ops'], 'given');
    const subscriptions = state.newSubscriptionState(strategyOf(given.autoOffsetReset));
    const results = opsOf(given).map((op) => ({ ...refusable(subscriptions, op), state: stateJson(subscriptions) }));
    comparison.compare(results.map(sortedSets), listOf(expect.results, 'results').map(sortedSets), 'results');
  },
};

/** Mistakes that are no illegal state. */
const MISTAKES: Readonly<Record<string, string>> = { assignFromSubscribed: 'IllegalArgumentException' };

/** A caller's mistake is a broken invariant here and an illegal state there. */
function refusable(subscriptions: Subscriptions, op: JsonObject): JsonObject {
  try {
    return apply(subscriptions, op);
  } catch (error) {
    if (error instanceof InvariantError) return { error: MISTAKES[opNameOf(op)] ?? 'IllegalStateException' };
    throw error;
  }
}

/** `partitions` and `initializing` are sets. */
function sortedSets(result: Json): Json {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return result;
  const { state: present, partitions, ...rest } = result as JsonObject;
  const { initializing, ...others } = present as JsonObject;
  const sets = partitions === undefined ? {} : { partitions: namesOf(partitions).sort() };
  return { ...rest, ...sets, state: { ...others, initializing: namesOf(initializing).sort() } };
}

const namesOf = (list: Json | undefined): string[] => listOf(list, 'partitions').map((name) => textOf(name, 'name'));

function strategyOf(value: Json | undefined): state.ResetStrategy {
  if (value === 'latest' || value === 'earliest' || value === 'none') return value;
  throw new UnsupportedError(`strategy ${JSON.stringify(value)}`);
}

function partitionsOf(op: JsonObject): state.TopicPartition[] {
  return namesOf(op.partitions).map((name) => {
    const dash = name.lastIndexOf('-');
    return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) };
  });
}

const nameOf = (op: JsonObject): string => textOf(op.partition, 'partition');
const optional = (value: Json | undefined): number => (typeof value === 'number' ? value : -1);
const orNull = (value: number): number | null => (value < 0 ? null : value);

const positionOf = (op: JsonObject): state.FetchPosition => ({
  offset: numberOf(op.offset, 'offset'),
  offsetEpoch: optional(op.offsetEpoch),
  leader: optional(op.leader),
  leaderEpoch: optional(op.leaderEpoch),
});

function apply(subscriptions: Subscriptions, op: JsonObject): JsonObject {
  switch (opNameOf(op)) {
    case 'assign':
      return { changed: state.assignManually(subscriptions, partitionsOf(op)) };
    case 'subscribe':
      return { changed: state.subscribe(subscriptions, listOf(op.topics, 'topics').map(String)) };
    case 'assignFromSubscribed':
      return { matches: state.assignFromSubscribed(subscriptions, partitionsOf(op)) };
    case 'pendingRevocation':
      for (const name of op.partitions === undefined ? [nameOf(op)] : namesOf(op.partitions))
        state.assignedPartition(subscriptions, name).pendingRevocation = true;
      return {};
    case 'unsubscribe':
      state.unsubscribe(subscriptions);
      return {};
    case 'resetInitializing':
      return state.resetInitializing(subscriptions).length === 0 ? {} : { error: 'NoOffsetForPartitionException' };
    case 'needingReset':
      return { partitions: waiting(subscriptions, 'await-reset', op) };
    case 'needingValidation':
      return { partitions: waiting(subscriptions, 'await-validation', op) };
    default:
      return applyToPartition(subscriptions, op);
  }
}

const waiting = (subscriptions: Subscriptions, of: state.FetchState, op: JsonObject): string[] =>
  state.partitionsIn(subscriptions, of, numberOf(op.now, 'now')).map(({ name }) => name);

/** Ops that are ignored for a partition that is not assigned. */
function applyToPartition(subscriptions: Subscriptions, op: JsonObject): JsonObject {
  const partition = subscriptions.assigned.get(nameOf(op));
  switch (opNameOf(op)) {
    case 'resetComplete': {
      const found = { strategy: strategyOf(op.strategy), position: positionOf(op) };
      state.completeReset(subscriptions, nameOf(op), found);
      return {};
    }
    case 'requestFailed':
      if (partition !== undefined) partition.notBefore = numberOf(op.until, 'until');
      return {};
    case 'leaderChanged': {
      const leader = { leader: optional(op.leader), leaderEpoch: optional(op.leaderEpoch) };
      return { validating: partition !== undefined && state.validateForLeader(partition, leader) };
    }
    case 'validated': {
      const answer = { leaderEpoch: numberOf(op.epoch, 'epoch'), endOffset: numberOf(op.endOffset, 'endOffset') };
      if (partition === undefined) return { truncation: null };
      const truncation = state.completeValidation(subscriptions, partition, answer);
      return { truncation: truncation === null ? null : { ...truncation } };
    }
    default:
      return applyToAssigned(subscriptions, state.assignedPartition(subscriptions, nameOf(op)), op);
  }
}

function applyToAssigned(subscriptions: Subscriptions, partition: state.AssignedPartition, op: JsonObject): JsonObject {
  switch (opNameOf(op)) {
    case 'seek':
      state.seek(partition, numberOf(op.offset, 'offset'));
      return {};
    case 'seekUnvalidated':
      state.seekUnvalidated(partition, positionOf(op));
      return {};
    case 'position':
      state.advancePosition(partition, positionOf(op));
      return {};
    case 'pause':
    case 'resume':
      partition.paused = op.op === 'pause';
      return {};
    case 'requestOffsetReset': {
      const strategy = op.strategy === undefined ? subscriptions.resetPolicy : strategyOf(op.strategy);
      state.requestOffsetReset(partition, strategy);
      return {};
    }
    case 'backoff':
      partition.notBefore = numberOf(op.until, 'until');
      return {};
    default:
      return applyToNumbers(partition, op);
  }
}

function applyToNumbers(partition: state.AssignedPartition, op: JsonObject): JsonObject {
  switch (opNameOf(op)) {
    case 'highWatermark':
      partition.highWatermark = numberOf(op.offset, 'offset');
      return {};
    case 'lastStableOffset':
      partition.lastStableOffset = numberOf(op.offset, 'offset');
      return {};
    case 'lag': {
      const isolation = textOf(op.isolation, 'isolation').toLowerCase();
      return {
        lag: state.partitionLag(partition, isolation === 'read_committed' ? 'read_committed' : 'read_uncommitted'),
      };
    }
    default:
      throw new UnsupportedError(`op "${opNameOf(op)}" of subscription-state`);
  }
}

function stateJson(subscriptions: Subscriptions): JsonObject {
  const all = [...subscriptions.assigned.values()];
  const assigned = [...all]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((partition) => ({
      partition: partition.name,
      position: positionJson(partition.position),
      paused: partition.paused,
      fetchable: state.isFetchable(subscriptions, partition),
      validPosition: partition.state === 'fetching',
      resetNeeded: partition.state === 'await-reset',
      resetStrategy: partition.resetStrategy,
      awaitingValidation: partition.state === 'await-validation',
    }));
  const initializing = state.initializingPartitions(subscriptions).map(({ name }) => name);
  return { assigned, initializing, hasAllFetchPositions: state.hasAllFetchPositions(subscriptions) };
}

const positionJson = (position: state.FetchPosition | null): Json =>
  position === null
    ? null
    : {
        offset: position.offset,
        offsetEpoch: orNull(position.offsetEpoch),
        leader: orNull(position.leader),
        leaderEpoch: orNull(position.leaderEpoch),
      };
