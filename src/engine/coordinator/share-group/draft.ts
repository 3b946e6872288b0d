import { ensure } from '../../base/assert.ts';
import type { Assignment } from '../consumer-group/assignor/assignor.ts';
import type { GroupRecord } from '../group/group-record.ts';
import { applyShareRecord } from './replay-share-group.ts';
import type { ShareGroup, ShareGroupMember } from './share-group.ts';
import type { ShareGroupRecord } from './share-group-record.ts';

/** A share group as it will be when the records that a request writes are appended. */
export interface ShareDraft {
  group: ShareGroup;
  readonly records: GroupRecord[];
}

/** Writes a record; what is decided next sees its effect. */
export function write(draft: ShareDraft, record: ShareGroupRecord): void {
  draft.records.push(record);
  draft.group = ensure(applyShareRecord(draft.group, record), 'share group that is written to');
}

/** A member that is in the draft. */
export const memberOf = ({ group }: ShareDraft, memberId: string): ShareGroupMember =>
  ensure(group.members.get(memberId), 'member of the share group');

export const writeTarget = (draft: ShareDraft, member: string, value: Assignment): void =>
  write(draft, { type: 'ShareGroupTargetAssignmentMember', group: draft.group.groupId, member, value });

export const writeTargetEpoch = (draft: ShareDraft, epoch: number, timestamp: number): void =>
  write(draft, {
    type: 'ShareGroupTargetAssignmentMetadata',
    group: draft.group.groupId,
    value: Object.freeze({ epoch, timestamp }),
  });

/** Takes a member out of the group. */
export function removeMember(draft: ShareDraft, member: string): void {
  const group = draft.group.groupId;
  write(draft, { type: 'ShareGroupCurrentMemberAssignment', group, member, value: null });
  write(draft, { type: 'ShareGroupTargetAssignmentMember', group, member, value: null });
  write(draft, { type: 'ShareGroupMemberMetadata', group, member, value: null });
}

/** Tombstones for all that is stored of a group without members. */
export const shareGroupTombstones = ({ groupId: group }: ShareGroup): ShareGroupRecord[] => [
  { type: 'ShareGroupTargetAssignmentMetadata', group, value: null },
  { type: 'ShareGroupStatePartitionMetadata', group, value: null },
  { type: 'ShareGroupMetadata', group, value: null },
];
