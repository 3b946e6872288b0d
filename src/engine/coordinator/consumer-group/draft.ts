import { ensure } from '../../base/assert.ts';
import type { GroupRecord } from '../group/group-record.ts';
import type { ConsumerGroup, ConsumerGroupMember, MemberMetadata } from './consumer-group.ts';
import type { ConsumerGroupRecord } from './consumer-group-record.ts';
import type { CurrentAssignment } from './reconciliation.ts';
import { applyRecord } from './replay-consumer-group.ts';

/** A group as it will be when the records that a request writes are appended. */
export interface Draft {
  group: ConsumerGroup;
  readonly records: GroupRecord[];
}

/** Writes a record; what is decided next sees its effect. */
export function write(draft: Draft, record: ConsumerGroupRecord): void {
  draft.records.push(record);
  draft.group = ensure(applyRecord(draft.group, record), 'group that is written to');
}

/** A member that is in the draft. */
export const memberOf = ({ group }: Draft, memberId: string): ConsumerGroupMember =>
  ensure(group.members.get(memberId), 'member of the group');

export const writeMetadata = (draft: Draft, member: string, value: MemberMetadata): void =>
  write(draft, { type: 'ConsumerGroupMemberMetadata', group: draft.group.groupId, member, value });

export const writeCurrent = (draft: Draft, member: string, value: CurrentAssignment): void =>
  write(draft, { type: 'ConsumerGroupCurrentMemberAssignment', group: draft.group.groupId, member, value });

export const writeTargetEpoch = (draft: Draft, epoch: number, timestamp: number): void =>
  write(draft, {
    type: 'ConsumerGroupTargetAssignmentMetadata',
    group: draft.group.groupId,
    value: Object.freeze({ epoch, timestamp }),
  });

/** Takes a member out of the group. */
export function removeMember(draft: Draft, member: string): void {
  const { groupId } = draft.group;
  write(draft, { type: 'ConsumerGroupCurrentMemberAssignment', group: groupId, member, value: null });
  write(draft, { type: 'ConsumerGroupTargetAssignmentMember', group: groupId, member, value: null });
  write(draft, { type: 'ConsumerGroupMemberMetadata', group: groupId, member, value: null });
}

/** Tombstones for all that is stored of a group. */
export function groupTombstones({ groupId, members, regexes }: ConsumerGroup): ConsumerGroupRecord[] {
  const ids = [...members.keys()];
  const group = groupId;
  return [
    ...ids.map(
      (member) => ({ type: 'ConsumerGroupCurrentMemberAssignment', group, member, value: null }) as const,
    ),
    ...ids.map(
      (member) => ({ type: 'ConsumerGroupTargetAssignmentMember', group, member, value: null }) as const,
    ),
    { type: 'ConsumerGroupTargetAssignmentMetadata', group, value: null },
    ...ids.map((member) => ({ type: 'ConsumerGroupMemberMetadata', group, member, value: null }) as const),
    ...[...regexes.keys()].map(
      (regex) => ({ type: 'ConsumerGroupRegularExpression', group, regex, value: null }) as const,
    ),
    { type: 'ConsumerGroupMetadata', group, value: null },
  ];
}
