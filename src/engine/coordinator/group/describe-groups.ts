import { NO_OPERATIONS } from '../../protocol/authorized-operations.ts';
import type { DescribeGroupsResponseGroup } from '../../protocol/describe-groups.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { ListGroupsRequest, ListGroupsResponseGroup } from '../../protocol/list-groups.ts';
import { stateOf } from '../consumer-group/consumer-group.ts';
import { stateOfShareGroup } from '../share-group/share-group.ts';
import { metadataOf, type ClassicGroup, type ClassicGroupMember } from './classic-group.ts';
import { committedConsumerGroup, committedShareGroup, groupOf, type GroupShard } from './shard-state.ts';

/** From this version on an unknown group is an error (KIP-1043). */
const NOT_FOUND_VERSION = 6;

/** Readers see a group when its first record is committed. */
const isVisible = ({ state }: GroupShard, group: ClassicGroup): boolean =>
  state.committedOffset >= group.visibleFrom;

/** One group of a DescribeGroups. Only a Stable group tells its protocol and its members' metadata. */
export function describeGroup(
  shard: GroupShard,
  groupId: string,
  version: number,
): DescribeGroupsResponseGroup {
  const group = groupOf(shard, groupId);
  if (group === undefined || !isVisible(shard, group)) return unknownGroup(groupId, version);
  const protocol = group.state === 'Stable' ? group.protocolName : null;
  return {
    ...describeError(groupId, NONE),
    groupState: group.state,
    protocolType: group.protocolType ?? '',
    protocolData: protocol ?? '',
    members: [...group.members.values()].map((member) => describeMember(member, protocol)),
  };
}

const describeMember = (
  member: ClassicGroupMember,
  protocol: string | null,
): DescribeGroupsResponseGroup['members'][number] => ({
  memberId: member.memberId,
  groupInstanceId: member.groupInstanceId,
  clientId: member.clientId,
  clientHost: member.clientHost,
  memberMetadata: protocol === null ? '' : metadataOf(member, protocol),
  memberAssignment: member.assignment,
});

const unknownGroup = (groupId: string, version: number): DescribeGroupsResponseGroup =>
  version < NOT_FOUND_VERSION
    ? { ...describeError(groupId, NONE), groupState: 'Dead' }
    : {
        ...describeError(groupId, ERROR_CODES.GROUP_ID_NOT_FOUND),
        errorMessage: `Group ${groupId} not found.`,
        groupState: 'Dead',
      };

export const describeError = (groupId: string, errorCode: number): DescribeGroupsResponseGroup => ({
  errorCode,
  errorMessage: null,
  groupId,
  groupState: '',
  protocolType: '',
  protocolData: '',
  members: [],
  authorizedOperations: NO_OPERATIONS,
});

/** The groups of a shard that a ListGroups asks for, by id. Filters do not mind upper and lower case. */
export function listGroups(shard: GroupShard, request: ListGroupsRequest): ListGroupsResponseGroup[] {
  const states = request.statesFilter.map((state) => state.toLowerCase().trim());
  const types = request.typesFilter.map((type) => type.toLowerCase());
  return [...listClassicGroups(shard), ...listConsumerGroups(shard), ...listShareGroups(shard)]
    .filter(({ groupState }) => states.length === 0 || states.includes(groupState.toLowerCase()))
    .filter(({ groupType }) => types.length === 0 || types.includes(groupType))
    .sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
}

const listClassicGroups = (shard: GroupShard): ListGroupsResponseGroup[] =>
  [...shard.state.groups.values()]
    .filter((group) => isVisible(shard, group))
    .map((group) => ({
      groupId: group.groupId,
      protocolType: group.protocolType ?? '',
      groupState: group.state,
      groupType: 'classic',
    }));

/** As far as they are committed. */
function listConsumerGroups(shard: GroupShard): ListGroupsResponseGroup[] {
  const { stored, pending } = shard.state;
  const touched = pending.flatMap(({ before }) => before.consumerGroups.map(({ groupId }) => groupId));
  const groupIds = new Set([...stored.consumerGroups.keys(), ...touched]);
  return [...groupIds].flatMap((groupId) => {
    const group = committedConsumerGroup(shard, groupId);
    if (group === undefined) return [];
    return [{ groupId, protocolType: 'consumer', groupState: stateOf(group), groupType: 'consumer' }];
  });
}

function listShareGroups(shard: GroupShard): ListGroupsResponseGroup[] {
  const { stored, pending } = shard.state;
  const touched = pending.flatMap(({ before }) => before.shareGroups.map(({ groupId }) => groupId));
  const groupIds = new Set([...stored.shareGroups.keys(), ...touched]);
  return [...groupIds].flatMap((groupId) => {
    const group = committedShareGroup(shard, groupId);
    if (group === undefined) return [];
    return [{ groupId, protocolType: 'share', groupState: stateOfShareGroup(group), groupType: 'share' }];
  });
}
