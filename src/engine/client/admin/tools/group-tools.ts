import { ERROR_CODES, NONE } from '../../../protocol/errors.ts';
import {
  ask,
  done,
  failed,
  firstOf,
  senseless,
  verdict,
  type Act,
  type Answer,
  type Question,
  type Told,
  type Tool,
} from './tool.ts';
import { countOf } from './topic-partitions.ts';

/** `kafka-consumer-groups --delete`. */
export const deleteGroup: Tool<Act<'delete-group'>> = ({ group }, told) => {
  const answer = firstOf(told, 'DeleteGroups');
  if (answer !== undefined) return verdict(answer.results[0], `Deleted group ${group}.`);
  return ask({ to: 'group', id: group }, 'DeleteGroups', { groupsNames: [group] });
};

/** `kafka-consumer-groups --delete-offsets`: of all partitions of a topic. */
export const deleteOffsets: Tool<Act<'delete-offsets'>> = ({ group, topic }, told) => {
  const count = countOf(told, topic);
  if (typeof count !== 'number') return count;
  const answer = firstOf(told, 'OffsetDelete');
  if (answer === undefined) {
    const partitions = Array.from({ length: count }, (_, partitionIndex) => ({ partitionIndex }));
    const topics = [{ name: topic, partitions }];
    return ask({ to: 'group', id: group }, 'OffsetDelete', { groupId: group, topics });
  }
  if (answer.errorCode !== NONE) return failed(answer.errorCode, null);
  const refused = answer.topics[0]?.partitions.find(({ errorCode }) => errorCode !== NONE);
  return refused === undefined
    ? done(`Deleted what ${group} had committed for ${topic}.`)
    : failed(refused.errorCode, `The group keeps what it has committed for ${topic}.`);
};

/** `Admin.removeMembersFromConsumerGroup`: of all members, as `kafka-streams-application-reset --force` does. */
export const removeMembers: Tool<Act<'remove-members'>> = ({ group }, told) => {
  const described = describeGroup(group, told);
  if ('kind' in described) return described;
  if (described.members.length === 0) return done(`Group ${group} has no members.`);
  const answer = firstOf(told, 'LeaveGroup');
  if (answer === undefined) {
    const members = described.members.map(({ memberId, groupInstanceId }) => ({
      memberId,
      groupInstanceId,
      reason: 'member was removed by an admin',
    }));
    return ask({ to: 'group', id: group }, 'LeaveGroup', { groupId: group, members });
  }
  const refused = [answer, ...answer.members].find(({ errorCode }) => errorCode !== NONE);
  return refused === undefined
    ? done(`Members removed from group ${group}: ${described.members.length}.`)
    : failed(refused.errorCode, null);
};

export interface DescribedGroup {
  /** `Empty`, `Stable` and so on; `Dead` when there is none. */
  readonly state: string;
  readonly members: readonly GroupMember[];
}

interface GroupMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
}

/** A group of either protocol (`Admin.describeConsumerGroups`), or what to ask or to print for want of it. */
export function describeGroup(id: string, told: Told): DescribedGroup | Question | Answer {
  const route = { to: 'group', id } as const;
  const consumer = firstOf(told, 'ConsumerGroupDescribe');
  if (consumer === undefined)
    return ask(route, 'ConsumerGroupDescribe', { groupIds: [id], includeAuthorizedOperations: false });
  const [found] = consumer.groups;
  if (found === undefined) return senseless();
  if (found.errorCode === NONE)
    return {
      state: found.groupState,
      members: found.members.map((member) => ({ ...member, groupInstanceId: member.instanceId })),
    };
  if (found.errorCode !== ERROR_CODES.GROUP_ID_NOT_FOUND) return failed(found.errorCode, found.errorMessage);
  const classic = firstOf(told, 'DescribeGroups');
  if (classic === undefined)
    return ask(route, 'DescribeGroups', { groups: [id], includeAuthorizedOperations: false });
  const [group] = classic.groups;
  if (group === undefined) return senseless();
  if (group.errorCode !== NONE && group.errorCode !== ERROR_CODES.GROUP_ID_NOT_FOUND)
    return failed(group.errorCode, group.errorMessage);
  return { state: group.groupState, members: group.members };
}
