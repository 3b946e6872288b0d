import type { ApplicationView, CheckpointView, TaskView } from '../../api/views/application.ts';
import { isOf } from '../application-book.ts';
import type { Invariant, Scene } from '../invariant.ts';
import { countDiffering } from '../store-contents.ts';

/**
 * Under exactly_once_v2 nobody begins with a store that holds what was never committed, or lacks what was: a task that
 * begins to run has what its changelog says, and no checkpoint on the disk; one that was closed has the store as it is up
 * to the offset that its checkpoint names.
 */
export const NO_DIRTY_RESTORE: Invariant = {
  id: 44,
  name: 'NoDirtyRestore',
  source: 'KAFKA-7192, KAFKA-10362, KAFKA-16017',
  onTask(scene, { application, task }) {
    // What its last transaction wrote counts already, and no marker says so yet.
    if (!task.running && isEnding(scene, application)) return;
    const problem = task.running ? problemOfRunning(scene, task) : problemOf(scene, task.checkpoint);
    if (problem === undefined) return;
    scene.report(this, {
      subject: `${task.task} on ${task.node}`,
      sentence: `Of task ${task.task} on ${task.node} ${problem}.`,
    });
  },
};

const isEnding = ({ ghost }: Scene, application: ApplicationView): boolean =>
  [...ghost.transactions.byId.values()].some(
    (stored) => stored.state === 'PrepareCommit' && isOf(application, stored),
  );

function problemOfRunning({ ghost }: Scene, { clean, stores, checkpoint }: TaskView): string | undefined {
  if (checkpoint !== undefined) return 'a checkpoint lies on the disk while it runs';
  for (const store of clean ? stores : []) {
    const differing = countDiffering(store, ghost.partitions.get(store.changelog));
    if (differing > 0)
      return `the store ${store.name} begins with ${differing} entries that ${store.changelog} has not`;
  }
  return undefined;
}

function problemOf({ ghost }: Scene, checkpoint: CheckpointView | undefined): string | undefined {
  if (checkpoint === undefined) return undefined;
  const { offsets, stores } = checkpoint;
  for (const [changelog, offset] of offsets) {
    // Not the last stable offset: records of somebody who was put out may lie open below what this task has committed.
    const end = ghost.partitions.get(changelog)?.committedEnd ?? 0;
    if (offset > end)
      return `the checkpoint names ${offset} of ${changelog}, where the log goes up to ${end}`;
  }
  for (const store of stores) {
    const below = offsets.get(store.changelog) ?? 0;
    if (countDiffering(store, ghost.partitions.get(store.changelog), below) > 0)
      return `the checkpoint holds another ${store.name} than ${store.changelog} does below ${below}`;
  }
  return undefined;
}
