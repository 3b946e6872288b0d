import type { Bytes } from '../../base/bytes.ts';
import {
  addMember,
  computeSubscribedTopics,
  metadataOf,
  newGroup,
  type ClassicGroup,
  type ClassicGroupMember,
} from './classic-group.ts';
import type { GroupMetadataRecord, GroupMetadataValue, MemberMetadata } from './group-record.ts';

/** The group's generation with these assignments, by member id. Members without one get nothing. */
export function groupMetadata(
  group: ClassicGroup,
  assignments: ReadonlyMap<string, Bytes>,
): GroupMetadataValue {
  const members = [...group.members.values()].map((member) =>
    memberMetadata(member, group.protocolName, assignments.get(member.memberId) ?? ''),
  );
  return Object.freeze({
    protocolType: group.protocolType ?? '',
    generation: group.generation,
    protocol: group.protocolName,
    leader: group.leader,
    currentStateTimestamp: group.currentStateTimestamp,
    members: Object.freeze(members),
  });
}

const memberMetadata = (
  member: ClassicGroupMember,
  protocol: string | null,
  assignment: Bytes,
): MemberMetadata =>
  Object.freeze({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    rebalanceTimeout: member.rebalanceTimeoutMs,
    sessionTimeout: member.sessionTimeoutMs,
    subscription: metadataOf(member, protocol),
    assignment,
  });

export const groupMetadataRecord = (
  group: string,
  value: GroupMetadataValue | null,
): GroupMetadataRecord => ({
  type: 'GroupMetadata',
  group,
  value,
});

/** Says that there is a group, before it has had a generation. */
export const emptyGroupMetadataRecord = (group: ClassicGroup): GroupMetadataRecord =>
  groupMetadataRecord(
    group.groupId,
    Object.freeze({
      protocolType: '',
      generation: 0,
      protocol: null,
      leader: null,
      currentStateTimestamp: group.currentStateTimestamp,
      members: [],
    }),
  );

/** The living group that a coordinator makes of what its predecessor wrote: Stable with members, Empty without. */
export function groupFromMetadata(groupId: string, value: GroupMetadataValue): ClassicGroup {
  const group = newGroup(groupId, value.currentStateTimestamp);
  group.generation = value.generation;
  group.protocolType = value.protocolType === '' ? null : value.protocolType;
  group.protocolName = value.protocol;
  group.leader = value.leader;
  for (const member of value.members) addMember(group, memberFrom(member, value));
  if (value.members.length > 0) group.state = 'Stable';
  group.subscribedTopics = computeSubscribedTopics(group);
  group.visibleFrom = 0;
  return group;
}

const memberFrom = (member: MemberMetadata, group: GroupMetadataValue): ClassicGroupMember => ({
  memberId: member.memberId,
  groupInstanceId: member.groupInstanceId,
  clientId: member.clientId,
  clientHost: member.clientHost,
  protocolType: group.protocolType,
  rebalanceTimeoutMs: member.rebalanceTimeout,
  sessionTimeoutMs: member.sessionTimeout,
  protocols: [{ name: group.protocol ?? '', metadata: member.subscription }],
  assignment: member.assignment,
  awaitingJoin: null,
  awaitingSync: null,
  isNew: false,
});
