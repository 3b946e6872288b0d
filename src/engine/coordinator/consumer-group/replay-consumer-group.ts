import { withEntry } from './with-entry.ts';
import {
  newConsumerGroup,
  NEW_METADATA,
  type ConsumerGroup,
  type ConsumerGroupMember,
} from './consumer-group.ts';
import type { ConsumerGroupRecord } from './consumer-group-record.ts';
import { NEW_ASSIGNMENT, type CurrentAssignment } from './reconciliation.ts';

/** A member whose assignment is gone, while its own tombstone has yet to come (`LEAVE_GROUP_MEMBER_EPOCH`). */
const LEFT: CurrentAssignment = Object.freeze({ ...NEW_ASSIGNMENT, memberEpoch: -1 });

/** What a record makes of a group; undefined if there is none any more, or not yet. */
export function applyRecord(
  known: ConsumerGroup | undefined,
  record: ConsumerGroupRecord,
): ConsumerGroup | undefined {
  if (known === undefined && record.value === null) return undefined;
  const group = known ?? newConsumerGroup(record.group);
  switch (record.type) {
    case 'ConsumerGroupMetadata':
      if (record.value === null) return undefined;
      return Object.freeze({
        ...group,
        groupEpoch: record.value.epoch,
        metadataHash: record.value.metadataHash,
      });
    case 'ConsumerGroupMemberMetadata':
      if (record.value === null) return withMember(group, record.member, null);
      return withMember(group, record.member, { metadata: record.value });
    case 'ConsumerGroupTargetAssignmentMetadata': {
      const { epoch, timestamp } = record.value ?? { epoch: -1, timestamp: 0 };
      return Object.freeze({ ...group, assignmentEpoch: epoch, assignmentTimestamp: timestamp });
    }
    case 'ConsumerGroupTargetAssignmentMember':
      return Object.freeze({ ...group, targets: withEntry(group.targets, record.member, record.value) });
    case 'ConsumerGroupCurrentMemberAssignment':
      if (record.value === null && !group.members.has(record.member)) return group;
      return withMember(group, record.member, { current: record.value ?? LEFT });
    case 'ConsumerGroupRegularExpression':
      return Object.freeze({ ...group, regexes: withEntry(group.regexes, record.regex, record.value) });
  }
}

function withMember(
  group: ConsumerGroup,
  memberId: string,
  change: Partial<ConsumerGroupMember> | null,
): ConsumerGroup {
  const known = group.members.get(memberId) ?? { memberId, metadata: NEW_METADATA, current: NEW_ASSIGNMENT };
  const member = change === null ? null : Object.freeze({ ...known, ...change });
  return Object.freeze({ ...group, members: withEntry(group.members, memberId, member) });
}
