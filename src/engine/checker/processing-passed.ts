import type { BatchView } from '../api/views/log.ts';
import type { ClusterView } from '../api/cluster-view.ts';
import type { WorkingGroupView } from '../api/views/client.ts';
import type { NodeId, TopicPartitionName } from '../api/ids.ts';
import { committedAt } from './committed-log.ts';
import type { Ghost, PartitionGhost } from './ghost.ts';
import { endOf } from './invariant.ts';
import { offsetAt } from './processing-done.ts';
import { rowsOf, setMarks, timesProcessed, WORK, type ProcessingGhost } from './processing-ghost.ts';
import { playingInto, visitRows } from './standing.ts';
import { isAborted } from './watch-transactions.ts';

/** A group at work on a topic, and what is known of that. */
export interface AtWork {
  readonly view: ClusterView;
  readonly ghost: Ghost;
  readonly group: WorkingGroupView;
  readonly known: ProcessingGhost;
}

/** Goes along with the offsets that the group has committed, and with what retention has deleted. */
export function passCommitted(work: AtWork): void {
  const { view, known, group } = work;
  const stored = view.groups().find(({ groupId }) => groupId === group.groupId);
  const committed = new Map(
    (stored?.committed ?? [])
      .filter(({ topic }) => topic === group.topic)
      .map(({ name, offset }) => [name, offset] as const),
  );
  for (const name of new Set([...committed.keys(), ...known.deleted.keys()])) {
    // A commit that was forgotten since does not bring back what was passed.
    const offset = committed.get(name) ?? known.passed.get(name) ?? 0;
    passTo(work, name, Math.max(offset, known.deleted.get(name) ?? 0));
  }
}

/** Nothing of this partition below an offset will be given to the group again; what is not below it may be. */
export function passTo(work: AtWork, name: TopicPartitionName, offset: number): void {
  const { known, ghost, group } = work;
  const partition = ghost.partitions.get(name);
  const before = known.passed.get(name) ?? 0;
  if (partition === undefined || before === offset) return;
  known.passed.set(name, offset);
  if (offset > before) {
    visitPassed(work, partition, [before, offset], group.isCompacted ? passKeyed : pass);
    return;
  }
  if (!group.isCompacted) visitPassed(work, partition, [offset, before], comeBack);
  else {
    visitPassed(work, partition, [0, before], forget);
    visitPassed(work, partition, [0, offset], passKeyed);
  }
}

interface Place {
  readonly producer: NodeId;
  readonly row: number;
  readonly batch: BatchView;
  readonly index: number;
}

type Visit = (known: ProcessingGhost, place: Place) => void;

/** Calls `visit` for each row in a stretch of the true log, without those of aborted transactions. */
function visitPassed(
  { view, known, group }: AtWork,
  partition: PartitionGhost,
  [from, to]: readonly [number, number],
  visit: Visit,
): void {
  const producers = playingInto(view, group.topic);
  let offset = from;
  for (;;) {
    const batch = committedAt(partition, offset);
    if (batch === undefined || batch.baseOffset >= to) return;
    offset = endOf(batch);
    if (isAborted(partition, batch)) continue;
    visitRows(producers, batch, ({ node }, row, index) => {
      const at = offsetAt(batch, index);
      if (at >= from && at < to) visit(known, { producer: node, row, batch, index });
    });
  }
}

const mark = (known: ProcessingGhost, producer: NodeId, row: number, isPassed: boolean): void => {
  const marks = rowsOf(known, producer).get(row);
  setMarks(known, producer, row, isPassed ? marks | WORK.passed : marks & ~WORK.passed);
};

const pass: Visit = (known, { producer, row }) => mark(known, producer, row, true);

const comeBack: Visit = (known, { producer, row }) => mark(known, producer, row, false);

const keyOf = ({ batch, index }: Place): string => batch.records.keys[index] ?? '';

const forget: Visit = (known, place) => {
  comeBack(known, place);
  known.keys.delete(keyOf(place));
};

/**
 * The cleaner takes records away that have a newer one of their key, so only the last one has to be processed; and of one
 * that takes the key away only who has processed a record of the key has to hear.
 */
const passKeyed: Visit = (known, place) => {
  const { producer, row, batch, index } = place;
  const older = known.keys.get(keyOf(place));
  if (older !== undefined) mark(known, older.producer, older.row, false);
  const isKnown = older !== undefined && (older.isKnown || wasProcessed(known, older.producer, older.row));
  const isTombstone = batch.records.values[index] === null;
  known.keys.set(keyOf(place), Object.freeze({ producer, row, isTombstone, isKnown }));
  if (isKnown || !isTombstone) mark(known, producer, row, true);
};

const wasProcessed = (known: ProcessingGhost, producer: NodeId, row: number): boolean =>
  timesProcessed(rowsOf(known, producer).get(row)) > 0;
