import { err, ok, type Result } from '../../base/result.ts';
import { ERROR_CODES, errorName, NONE } from '../../protocol/errors.ts';
import type { Uuid } from '../../protocol/uuid.ts';
import type { CoordinatorHost, CoordinatorRequest, SharesToChange } from '../coordinator-host.ts';
import type { Decision } from '../group/decision.ts';
import { partitionForGroup } from '../group/group-request.ts';
import {
  consumerGroupOf,
  groupOf,
  shareGroupOf,
  type GroupCoordinator,
  type GroupShard,
} from '../group/shard-state.ts';
import { write, type ShareDraft } from './draft.ts';
import { added, withoutDeleted } from './share-initialization.ts';
import { newShareGroup, type ShareGroup, type StateTopic } from './share-group.ts';

/** An answer about offsets that carries only an error, and none if all is well with what was asked about nothing. */
export const shareOffsetsError = (errorCode: number) => ({
  throttleTimeMs: 0,
  errorCode,
  errorMessage: errorCode === NONE ? null : errorName(errorCode),
  responses: [],
});

/** Only where nobody is at work may an administrator say where a group stands. */
function idleGroup(shard: GroupShard, groupId: string): Result<ShareGroup, number> {
  const group = shareGroupOf(shard, groupId);
  if (group === undefined) return err(ERROR_CODES.GROUP_ID_NOT_FOUND);
  return group.members.size > 0 ? err(ERROR_CODES.NON_EMPTY_GROUP) : ok(group);
}

/** AlterShareGroupOffsets (KIP-932): a group that nobody knows begins by it. Topics that are not there are passed over. */
export function alterShareOffsets(
  shard: GroupShard,
  request: CoordinatorRequest<'AlterShareGroupOffsets'>,
): Decision {
  const { body } = request;
  const { groupId } = body;
  const known = idleGroup(shard, groupId);
  const isFree = groupOf(shard, groupId) === undefined && consumerGroupOf(shard, groupId) === undefined;
  const isNew = !known.ok && known.error === ERROR_CODES.GROUP_ID_NOT_FOUND && isFree;
  if (!known.ok && !isNew) return { records: [], response: shareOffsetsError(known.error) };
  const group = known.ok ? known.value : newShareGroup(groupId);
  const { topics } = shard.host;
  const partitions = body.topics.flatMap(({ topicName, partitions: asked }) =>
    asked.flatMap(({ partitionIndex: partition, startOffset }) => {
      const topicId = topics.idOf(topicName);
      return topicId === undefined || !topics.hasPartition(topicName, partition)
        ? []
        : [{ topicId, partition, startOffset }];
    }),
  );
  const draft: ShareDraft = { group, records: [] };
  const { groupEpoch: epoch, metadataHash } = group;
  if (isNew) write(draft, { type: 'ShareGroupMetadata', group: groupId, value: { epoch, metadataHash } });
  markInitializing(draft, shard.host, partitions);
  const change = { request, groupId, stateEpoch: draft.group.groupEpoch, partitions };
  return { records: draft.records, effect: { kind: 'shares-altered', change } };
}

/** They count as known to the share coordinator once it has answered. */
function markInitializing(
  draft: ShareDraft,
  host: CoordinatorHost,
  partitions: SharesToChange['partitions'],
): void {
  const known = withoutDeleted(draft.group.partitions, host);
  const since = host.wallClockMs();
  let { initializing } = known;
  for (const { topicId, partition } of partitions) {
    if (known.initialized.get(topicId)?.partitions.includes(partition) === true) continue;
    const topic = added(initializing.get(topicId), host.topics.nameOf(topicId) ?? '', partition);
    initializing = new Map([...initializing, [topicId, Object.freeze({ ...topic, since })]]);
  }
  const value = Object.freeze({ ...known, initializing });
  write(draft, { type: 'ShareGroupStatePartitionMetadata', group: draft.group.groupId, value });
}

/** DeleteShareGroupOffsets (KIP-932): of whole topics. */
export function deleteShareOffsets(
  shard: GroupShard,
  request: CoordinatorRequest<'DeleteShareGroupOffsets'>,
): Decision {
  const { body } = request;
  const { groupId } = body;
  const known = idleGroup(shard, groupId);
  if (!known.ok) return { records: [], response: shareOffsetsError(known.error) };
  const draft: ShareDraft = { group: known.value, records: [] };
  const { initializing, initialized } = known.value.partitions;
  const ids = new Set(body.topics.flatMap(({ topicName }) => shard.host.topics.idOf(topicName) ?? []));
  const partitions = [...ids].flatMap((topicId) => {
    const all = [initialized.get(topicId), initializing.get(topicId)];
    return all
      .flatMap((topic) => topic?.partitions ?? [])
      .map((partition) => ({ topicId, partition, startOffset: null }));
  });
  const without = <T>(topics: ReadonlyMap<Uuid, T>): ReadonlyMap<Uuid, T> =>
    new Map([...topics].filter(([topicId]) => !ids.has(topicId)));
  const value = Object.freeze({ initializing: without(initializing), initialized: without(initialized) });
  write(draft, { type: 'ShareGroupStatePartitionMetadata', group: groupId, value });
  const change = { request, groupId, stateEpoch: known.value.groupEpoch, partitions };
  return { records: draft.records, effect: { kind: 'shares-altered', change } };
}

/** The topics in which a group has begun, by id; the error is that of a broker that does not coordinate it. */
export function begunTopics(
  coordinator: GroupCoordinator,
  host: CoordinatorHost,
  groupId: string,
): Result<readonly (readonly [Uuid, StateTopic])[], number> {
  const state = coordinator.shards.get(partitionForGroup(groupId, host.partitionCount));
  if (state === undefined) return err(ERROR_CODES.NOT_COORDINATOR);
  if (state.status !== 'active') return err(ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS);
  return ok([...(shareGroupOf({ state, host }, groupId)?.partitions.initialized ?? [])]);
}
