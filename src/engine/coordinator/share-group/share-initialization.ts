import type { Uuid } from '../../protocol/uuid.ts';
import type { CoordinatorHost, SharedPartition } from '../coordinator-host.ts';
import { NO_RECORDS, type Decision, type SharesAltered, type SharesChanged } from '../group/decision.ts';
import { shareGroupOf, type GroupShard } from '../group/shard-state.ts';
import { write, type ShareDraft } from './draft.ts';
import {
  shareTopicNames,
  type InitializingTopic,
  type ShareGroup,
  type ShareStatePartitions,
  type StateTopic,
} from './share-group.ts';

/**
 * Partitions of subscribed topics that the share coordinator does not know of yet become initializing. Once that is
 * committed it is asked to begin with them; only then are they assigned.
 */
export function beginInitialization(draft: ShareDraft, host: CoordinatorHost): SharesChanged | null {
  const { group } = draft;
  const missing = missingPartitions(group, host);
  if (missing.length === 0) return null;
  const known = withoutDeleted(group.partitions, host);
  const since = host.wallClockMs();
  let { initializing } = known;
  for (const { topicId, partition } of missing) {
    const name = host.topics.nameOf(topicId) ?? '';
    const topic = added(initializing.get(topicId), name, partition);
    initializing = new Map([...initializing, [topicId, Object.freeze({ ...topic, since })]]);
  }
  const value = Object.freeze({ ...known, initializing });
  write(draft, { type: 'ShareGroupStatePartitionMetadata', group: group.groupId, value });
  const { groupId, groupEpoch: stateEpoch } = draft.group;
  return { kind: 'shares-initializing', groupId, stateEpoch, partitions: missing };
}

function missingPartitions({ partitions, ...group }: ShareGroup, host: CoordinatorHost): SharedPartition[] {
  const retryMs = host.config['group.share.initialize.retry.interval.ms'];
  return shareTopicNames({ partitions, ...group }).flatMap((name) => {
    const topicId = host.topics.idOf(name);
    if (topicId === undefined) return [];
    const begun = partitions.initialized.get(topicId)?.partitions ?? [];
    const waiting = partitions.initializing.get(topicId);
    const isFresh = waiting !== undefined && host.wallClockMs() - waiting.since < retryMs;
    const covered = new Set([...begun, ...(isFresh ? waiting.partitions : [])]);
    return Array.from({ length: host.topics.partitionCount(name) }, (_, partition) => ({
      topicId,
      partition,
    })).filter(({ partition }) => !covered.has(partition));
  });
}

export const added = (topic: StateTopic | undefined, name: string, partition: number): StateTopic =>
  Object.freeze({
    name,
    partitions: Object.freeze([...new Set([...(topic?.partitions ?? []), partition])].sort((a, b) => a - b)),
  });

/** Topics that are gone need no state. */
export function withoutDeleted(
  { initializing, initialized }: ShareStatePartitions,
  { topics }: CoordinatorHost,
) {
  const exists = ([topicId]: readonly [Uuid, unknown]): boolean => topics.nameOf(topicId) !== undefined;
  return {
    initializing: new Map([...initializing].filter(exists)),
    initialized: new Map([...initialized].filter(exists)),
  };
}

/** The records are committed: the share coordinator is asked. */
export function askForShares(host: CoordinatorHost, effect: SharesChanged | SharesAltered): void {
  if (effect.kind === 'shares-altered') {
    host.changeShares(effect.change);
    return;
  }
  const { kind, groupId, stateEpoch, partitions } = effect;
  if (kind === 'shares-initializing') host.initializeShares(groupId, stateEpoch, partitions);
  else host.deleteShares(groupId, partitions);
}

/** The share coordinator has begun with partitions, or could not: those are tried again with a later heartbeat. */
export function sharesInitialized(
  shard: GroupShard,
  groupId: string,
  results: readonly (SharedPartition & { readonly isDone: boolean })[],
): Decision {
  const group = shareGroupOf(shard, groupId);
  if (group === undefined) return NO_RECORDS;
  let { initializing, initialized } = group.partitions;
  for (const { topicId, partition, isDone } of results) {
    const waiting = initializing.get(topicId);
    if (waiting?.partitions.includes(partition) !== true) continue;
    initializing = withoutPartition(initializing, topicId, waiting, partition);
    if (isDone)
      initialized = new Map([
        ...initialized,
        [topicId, added(initialized.get(topicId), waiting.name, partition)],
      ]);
  }
  const value = Object.freeze({ initializing, initialized });
  return { records: [{ type: 'ShareGroupStatePartitionMetadata', group: groupId, value }] };
}

function withoutPartition(
  topics: ReadonlyMap<Uuid, InitializingTopic>,
  topicId: Uuid,
  topic: InitializingTopic,
  partition: number,
): ReadonlyMap<Uuid, InitializingTopic> {
  const partitions = Object.freeze(topic.partitions.filter((other) => other !== partition));
  const rest = new Map([...topics, [topicId, Object.freeze({ ...topic, partitions })]]);
  if (partitions.length === 0) rest.delete(topicId);
  return rest;
}

/** All share partitions of a group that the share coordinator may know of. */
export const knownShares = ({ partitions: { initializing, initialized } }: ShareGroup): SharedPartition[] =>
  [...initializing, ...initialized].flatMap(([topicId, { partitions }]) =>
    partitions.map((partition) => ({ topicId, partition })),
  );
