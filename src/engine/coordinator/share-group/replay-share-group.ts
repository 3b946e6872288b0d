import { withEntry } from '../consumer-group/with-entry.ts';
import {
  NEW_SHARE_ASSIGNMENT,
  NEW_SHARE_METADATA,
  newShareGroup,
  NO_STATE,
  type ShareGroup,
  type ShareGroupMember,
} from './share-group.ts';
import type { ShareGroupRecord } from './share-group-record.ts';

/** A member whose assignment is gone, while its own tombstone has yet to come (`LEAVE_GROUP_MEMBER_EPOCH`). */
const LEFT = Object.freeze({ ...NEW_SHARE_ASSIGNMENT, memberEpoch: -1 });

/** What a record makes of a share group; undefined if there is none any more, or not yet. */
export function applyShareRecord(
  known: ShareGroup | undefined,
  record: ShareGroupRecord,
): ShareGroup | undefined {
  if (known === undefined && record.value === null) return undefined;
  const group = known ?? newShareGroup(record.group);
  switch (record.type) {
    case 'ShareGroupMetadata':
      if (record.value === null) return undefined;
      return Object.freeze({
        ...group,
        groupEpoch: record.value.epoch,
        metadataHash: record.value.metadataHash,
      });
    case 'ShareGroupMemberMetadata':
      return withMember(
        group,
        record.member,
        record.value === null ? null : Object.freeze({ metadata: record.value }),
      );
    case 'ShareGroupTargetAssignmentMetadata': {
      const { epoch, timestamp } = record.value ?? { epoch: -1, timestamp: 0 };
      return Object.freeze({ ...group, assignmentEpoch: epoch, assignmentTimestamp: timestamp });
    }
    case 'ShareGroupTargetAssignmentMember':
      return Object.freeze({ ...group, targets: withEntry(group.targets, record.member, record.value) });
    case 'ShareGroupCurrentMemberAssignment':
      if (record.value === null && !group.members.has(record.member)) return group;
      return withMember(group, record.member, { current: record.value ?? LEFT });
    case 'ShareGroupStatePartitionMetadata':
      return Object.freeze({ ...group, partitions: record.value ?? NO_STATE });
  }
}

function withMember(
  group: ShareGroup,
  memberId: string,
  change: Partial<ShareGroupMember> | null,
): ShareGroup {
  const known = group.members.get(memberId) ?? {
    memberId,
    metadata: NEW_SHARE_METADATA,
    current: NEW_SHARE_ASSIGNMENT,
  };
  const member = change === null ? null : Object.freeze({ ...known, ...change });
  return Object.freeze({ ...group, members: withEntry(group.members, memberId, member) });
}
