import type { GroupView, MemberView } from '../../api/views/group.ts';
import type { Invariant, Scene } from '../invariant.ts';

/**
 * A partition is given to one member of a generation, and no two members of the same generation believe that they own it. A
 * member that was put out and does not know it lives in an older generation. Under the consumer protocol members go from
 * epoch to epoch one by one: there no two members that the coordinator counts own the same partition at all.
 */
export const SINGLE_OWNER: Invariant = {
  id: 36,
  name: 'SingleOwner',
  source: 'KIP-848, NoDoubleClientAssignment',
  periodically: checkOwners,
  atQuiescence: checkOwners,
};

function checkOwners(this: Invariant, scene: Scene): void {
  if (scene.view.groupsVersion !== scene.ghost.groupsVersion)
    for (const group of scene.view.groups()) checkAssigned(this, scene, group);
  const owners = new Map<string, MemberView[]>();
  for (const member of scene.view.members()) {
    if (member.generation < 0) continue;
    for (const { name } of member.owned) {
      const key = `${member.groupId} ${name}`;
      const others = owners.get(key) ?? [];
      owners.set(key, [...others, member]);
      const other = others.find((one) => one.node !== member.node && exclude(scene, one, member));
      if (other !== undefined) reportBoth(this, scene, name, [other, member]);
    }
  }
}

function reportBoth(
  invariant: Invariant,
  scene: Scene,
  name: string,
  [one, other]: readonly [MemberView, MemberView],
): void {
  const epochs = [...new Set([one.generation, other.generation])];
  scene.report(invariant, {
    subject: `${other.groupId} ${name}`,
    sentence: `${one.node} and ${other.node} both own ${name} in generation ${epochs.join(' and ')} of ${other.groupId}.`,
    partition: name,
    epochs,
  });
}

/** Whether these two cannot own the same. */
function exclude({ view }: Scene, a: MemberView, b: MemberView): boolean {
  if (a.generation === b.generation) return true;
  const group = view.groups().find(({ groupId }) => groupId === a.groupId);
  if (group?.type !== 'consumer') return false;
  return [a, b].every((one) => group.members.some(({ memberId }) => memberId === one.memberId));
}

function checkAssigned(invariant: Invariant, scene: Scene, group: GroupView): void {
  const { members, state, type } = group;
  // Members of a share group have partitions together (KIP-932).
  if (type === 'share' || (type === 'classic' && state !== 'Stable')) return;
  const owners = new Map<string, string>();
  for (const { memberId, assigned } of members)
    for (const name of assigned) {
      const other = owners.get(name);
      owners.set(name, other ?? memberId);
      if (other !== undefined && other !== memberId)
        reportTwice(invariant, scene, group, { name, members: [other, memberId] });
    }
}

interface GivenTwice {
  readonly name: string;
  readonly members: readonly [string, string];
}

function reportTwice(
  invariant: Invariant,
  scene: Scene,
  { groupId, generation }: GroupView,
  { name, members }: GivenTwice,
): void {
  scene.report(invariant, {
    subject: `${groupId} ${name}`,
    sentence: `Generation ${generation} of ${groupId} gives ${name} to ${members.join(' and to ')}.`,
    partition: name,
    epochs: [generation],
  });
}
