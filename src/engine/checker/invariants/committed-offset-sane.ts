import type { CommittedView, GroupView } from '../../api/cluster-view.ts';
import type { Invariant, Scene } from '../invariant.ts';

const OFFSETS = '__consumer_offsets';

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
    const behind = isBehind(scene, group);
    for (const committed of group.committed) {
      checkBound(this, scene, group, committed);
      if (!behind) checkOrder(this, scene, group, committed);
    }
  }
}

/**
 * A new coordinator may have a high watermark behind the one before: until it is there again, it tells older offsets than
 * were committed, as Kafka's does.
 */
function isBehind({ view, ghost }: Scene, { coordinator }: GroupView): boolean {
  const broker = view.brokers.find(({ id }) => id === coordinator);
  return (broker?.replicas ?? []).some(
    ({ topic, name, role, highWatermark }) =>
      topic === OFFSETS &&
      role === 'leader' &&
      highWatermark < (ghost.partitions.get(name)?.committedEnd ?? 0),
  );
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
  { ghost, report }: Scene,
  { groupId, generation }: GroupView,
  { name, offset }: CommittedView,
): void {
  const key = `${groupId}/${name}`;
  const before = ghost.commits.get(key);
  if (before?.offset === offset && before.generation === generation) return;
  ghost.commits.set(key, Object.freeze({ generation, offset }));
  if (before?.generation !== generation || offset >= before.offset) return;
  report(invariant, {
    subject: `${groupId} ${name}`,
    sentence: `In generation ${generation} of ${groupId} the committed offset of ${name} goes back from ${before.offset} to ${offset}.`,
    partition: name,
    offsets: [before.offset, offset],
    epochs: [generation],
  });
}
