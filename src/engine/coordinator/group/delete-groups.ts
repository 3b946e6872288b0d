import type { DeleteGroupsResponseResult } from '../../protocol/delete-groups.ts';
import { ERROR_CODES, errorName, NONE } from '../../protocol/errors.ts';
import { groupTombstones } from '../consumer-group/draft.ts';
import { shareGroupTombstones } from '../share-group/draft.ts';
import type { ShareGroup } from '../share-group/share-group.ts';
import { knownShares } from '../share-group/share-initialization.ts';
import type { Decision } from './decision.ts';
import { groupMetadataRecord } from './group-metadata.ts';
import { offsetTombstone } from './offset-delete.ts';
import { latestOffsets } from './offset-view.ts';
import { pendingOf } from './pending-offsets.ts';
import { consumerGroupOf, groupOf, shareGroupOf, type GroupShard } from './shard-state.ts';

/** One group of a DeleteGroups: an empty group goes with all its offsets. */
export function deleteGroup(shard: GroupShard, groupId: string): Decision {
  const group = groupOf(shard, groupId);
  const consumerGroup = consumerGroupOf(shard, groupId);
  const shareGroup = shareGroupOf(shard, groupId);
  if (shareGroup !== undefined) return deleteShareGroup(shareGroup);
  if (group === undefined && consumerGroup === undefined)
    return { records: [], response: deleteResult(groupId, ERROR_CODES.GROUP_ID_NOT_FOUND) };
  const isEmpty = consumerGroup === undefined ? group?.state === 'Empty' : consumerGroup.members.size === 0;
  if (!isEmpty) return { records: [], response: deleteResult(groupId, ERROR_CODES.NON_EMPTY_GROUP) };
  const { stored } = shard.state;
  const offsets = latestOffsets(shard.state, groupId);
  const isStored = ({ topic, partition }: { readonly topic: string; readonly partition: number }): boolean =>
    stored.offsets.get(groupId)?.get(topic)?.has(partition) ?? false;
  const onlyPending = pendingOf(stored, groupId).filter((entry) => !isStored(entry));
  const tombstones = [...offsets, ...onlyPending].map(({ topic, partition }) =>
    offsetTombstone(groupId, topic, partition),
  );
  const ofGroup =
    consumerGroup === undefined ? [groupMetadataRecord(groupId, null)] : groupTombstones(consumerGroup);
  return { records: [...tombstones, ...ofGroup], response: deleteResult(groupId, NONE) };
}

function deleteShareGroup(group: ShareGroup): Decision {
  const { groupId, members } = group;
  if (members.size > 0) return { records: [], response: deleteResult(groupId, ERROR_CODES.NON_EMPTY_GROUP) };
  const effect = { kind: 'shares-deleted', groupId, stateEpoch: -1, partitions: knownShares(group) } as const;
  return { records: shareGroupTombstones(group), response: deleteResult(groupId, NONE), effect };
}

export const deleteResult = (groupId: string, errorCode: number): DeleteGroupsResponseResult => ({
  groupId,
  errorCode,
  errorMessage: errorCode === NONE ? null : errorName(errorCode),
});
