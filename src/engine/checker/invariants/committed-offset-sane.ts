import type { CommittedView, GroupView } from '../../api/views/group.ts';
import { isBehind } from '../behind.ts';
import type { Invariant, Scene } from '../invariant.ts';

/**
 * A committed offset is not beyond what was committed of the partition, and within a generation it does not go back.
 */
export const COMMITTED_OFFSET_SANE: Invariant = {
  id: 38,
  name: 'CommittedOffsetSane',
  source: 'Kafka, OffsetMetadataManager',
  periodically(scene) {
    if (scene.view.groupsVersion !== scene.ghost.groupsVersion) checkCommits.call(this, scene);
  },
  atQuiescence: checkCommits,
};

function checkCommits(this: Invariant, scene: Scene): void {
  for (const group of scene.view.groups()) {
    for (const committed of group.committed) {
      checkBound(this, scene, group, committed);
      checkOrder(this, scene, group, committed);
    }
  }
}

function checkBound(
  invariant: Invariant,
  { ghost, report }: Scene,
  { groupId }: GroupView,
  { name, offset }: CommittedView,
): void {
  const highest = ghost.partitions.get(name)?.highestWatermark ?? 0;
  if (offset <= highest) return;
  report(invariant, {
    subject: `${groupId} ${name}`,
    sentence: `${groupId} has committed ${offset} of ${name}, where records only go up to ${highest}.`,
    partition: name,
    offsets: [offset, highest],
  });
}

function checkOrder(
  invariant: Invariant,
  scene: Scene,
  group: GroupView,
  { name, offset }: CommittedView,
): void {
  const { groupId, generation } = group;
  const { commits } = scene.ghost;
  const key = `${groupId}/${name}`;
  const before = commits.get(key);
  if (before?.offset === offset && before.generation === generation) return;
  const goesBack = before?.generation === generation && offset < before.offset;
  if (goesBack && isBehind(scene, group)) return;
  commits.set(key, Object.freeze({ generation, offset }));
  if (!goesBack) return;
  scene.report(invariant, {
    subject: `${groupId} ${name}`,
    sentence: `In generation ${generation} of ${groupId} the committed offset of ${name} goes back from ${before.offset} to ${offset}.`,
    partition: name,
    offsets: [before.offset, offset],
    epochs: [generation],
  });
}
