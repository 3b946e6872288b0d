import type { GroupView, MemberView } from '../../api/cluster-view.ts';
import type { Invariant, Scene } from '../invariant.ts';

/**
 * A partition is given to one member of a generation, and no two members of the same generation believe that they own it. A
 * member that was put out and does not know it lives in an older generation.
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
  const owners = new Map<string, MemberView>();
  for (const member of scene.view.members()) {
    if (member.generation < 0) continue;
    for (const { name } of member.owned) {
      const key = `${member.groupId} ${member.generation} ${name}`;
      const other = owners.get(key);
      owners.set(key, other ?? member);
      if (other === undefined || other.node === member.node) continue;
      scene.report(this, {
        subject: `${member.groupId} ${name}`,
        sentence: `${other.node} and ${member.node} both own ${name} in generation ${member.generation} of ${member.groupId}.`,
        partition: name,
        epochs: [member.generation],
      });
    }
  }
}

function checkAssigned(
  invariant: Invariant,
  scene: Scene,
  { groupId, generation, members, state }: GroupView,
): void {
  if (state !== 'Stable') return;
  const owners = new Map<string, string>();
  for (const { memberId, assigned } of members)
    for (const name of assigned) {
      const other = owners.get(name);
      owners.set(name, other ?? memberId);
      if (other === undefined || other === memberId) continue;
      scene.report(invariant, {
        subject: `${groupId} ${name}`,
        sentence: `Generation ${generation} of ${groupId} gives ${name} to ${other} and to ${memberId}.`,
        partition: name,
        epochs: [generation],
      });
    }
}
