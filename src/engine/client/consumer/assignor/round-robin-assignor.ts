import {
  inAssignmentOrder,
  type AssignorMember,
  type AssignorTopic,
  type MemberAssignment,
} from './assignor.ts';

/**
 * Deals all partitions, ordered by topic and number, over the members in turn; who does not subscribe to a topic is
 * passed over (`RoundRobinAssignor`).
 */
export function assignRoundRobin(
  topics: readonly AssignorTopic[],
  members: readonly AssignorMember[],
): Map<string, MemberAssignment> {
  const result = new Map<string, MemberAssignment>(members.map(({ memberId }) => [memberId, new Map()]));
  const circle = [...members].sort(inAssignmentOrder);
  let turn = 0;
  for (const { name, partitionCount } of [...topics].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!members.some((member) => member.topics.includes(name))) continue;
    for (let partition = 0; partition < partitionCount; partition++) {
      let member = circle[turn % circle.length];
      while (member?.topics.includes(name) !== true) member = circle[++turn % circle.length];
      turn++;
      const assignment = result.get(member.memberId);
      assignment?.set(name, [...(assignment.get(name) ?? []), partition]);
    }
  }
  return result;
}
