import type { ClusterView } from '../../api/cluster-view.ts';
import type { GroupView, MemberView } from '../../api/views/group.ts';
import type { Invariant } from '../invariant.ts';

/** When nobody comes or goes any more, a group is Stable, and its members know what they were given. */
export const GROUP_CONVERGES: Invariant = {
  id: 42,
  name: 'GroupConverges',
  source: 'KIP-848, EventuallyConverges',
  atQuiescence(scene) {
    const groups = new Map(scene.view.groups().map((group) => [group.groupId, group]));
    for (const [groupId, members] of membersByGroup(scene.view)) {
      const problem = problemOf(groups.get(groupId), members);
      if (problem !== undefined) scene.report(this, { subject: groupId, sentence: `${groupId} ${problem}.` });
    }
  },
};

function membersByGroup(view: ClusterView): Map<string, MemberView[]> {
  const groups = new Map<string, MemberView[]>();
  for (const member of view.members())
    groups.set(member.groupId, [...(groups.get(member.groupId) ?? []), member]);
  return groups;
}

function problemOf(group: GroupView | undefined, members: readonly MemberView[]): string | undefined {
  if (group === undefined) return 'has members and no coordinator';
  if (group.state !== 'Stable') return `is still in state ${group.state}`;
  const assigned = new Map(group.members.map((member) => [member.memberId, member.assigned]));
  for (const { node, memberId, generation, stable, owned } of members) {
    const given = assigned.get(memberId);
    if (!stable || given === undefined) return `does not have ${node} as a member`;
    if (generation !== group.generation)
      return `is in generation ${group.generation}, and ${node} in ${generation}`;
    const names = owned.map(({ name }) => name).sort();
    if (names.join() !== [...given].sort().join())
      return `gave ${node} ${given.length} partitions, and it owns ${names.length}`;
  }
  return undefined;
}
