import type { BatchView } from '../api/views/log.ts';
import type { ClusterView } from '../api/cluster-view.ts';
import type { ProducerView } from '../api/views/client.ts';
import { ROW, STANDING_MAX, type Ghost, type PartitionGhost, type ProducerGhost } from './ghost.ts';
import { tapeRow } from './tape-row.ts';
import { tombstoneRow } from './tombstone-row.ts';

const STANDING_MASK = STANDING_MAX * ROW.standing;

const standingOf = (marks: number): number => (marks & STANDING_MASK) / ROW.standing;

/** Puts a mark on a row. Returns whether it was not there. */
export function mark({ rows }: ProducerGhost, row: number, bit: number): boolean {
  const marks = rows.get(row);
  if ((marks & bit) !== 0) return false;
  rows.set(row, marks | bit);
  return true;
}

export const hasMark = ({ rows }: ProducerGhost, row: number, bit: number): boolean =>
  (rows.get(row) & bit) !== 0;

/** How often a row stands in committed logs. */
export const timesStanding = ({ rows }: ProducerGhost, row: number): number => standingOf(rows.get(row));

function addStanding(known: ProducerGhost, row: number, by: 1 | -1): void {
  const marks = known.rows.get(row);
  const before = standingOf(marks);
  const after = Math.max(0, Math.min(STANDING_MAX, before + by));
  known.rows.set(row, (marks & ~STANDING_MASK) | (after * ROW.standing));
  if (before < 2 && after >= 2) known.duplicated += 1;
  if (before >= 2 && after < 2) known.duplicated -= 1;
  if ((marks & ROW.unplaced) === 0) return;
  if (before === 0 && after > 0) known.unseen -= 1;
  if (before > 0 && after === 0) known.unseen += 1;
}

/** The producers whose rows go into a topic. */
export const playingInto = (view: ClusterView, topic: string): readonly ProducerView[] =>
  view.producers.filter((producer) => producer.topic === topic);

/** Calls `visit` for each record that is a row of one of these producers' tapes. */
export function visitRows(
  producers: readonly ProducerView[],
  batch: BatchView,
  visit: (producer: ProducerView, row: number, index: number) => void,
): void {
  if (batch.control !== undefined) return;
  const { values, headers, count } = batch.records;
  for (let index = 0; index < count; index++)
    for (const producer of producers) {
      const value = values[index] ?? null;
      const row =
        value === null ? tombstoneRow(producer.tape, headers?.[index]) : tapeRow(producer.tape, value);
      if (row < 0) continue;
      visit(producer, row, index);
      break;
    }
}

/** Counts the rows that were committed since the last time. */
export function countStanding(view: ClusterView, ghost: Ghost, partition: PartitionGhost): void {
  const { committed } = partition;
  if (partition.counted === committed.end) return;
  const producers = playingInto(view, partition.topic);
  const from = producers.length === 0 ? committed.end : Math.max(partition.counted, committed.start);
  for (let i = from; i < committed.end; i++) {
    const batch = committed.at(i);
    addRows(ghost, producers, batch, 1);
    for (const aborted of abortedBy(batch, (back) =>
      i - back < committed.start ? undefined : committed.at(i - back),
    ))
      addRows(ghost, producers, aborted, -1);
  }
  partition.counted = committed.end;
}

/** Counts the rows in a batch, or counts them back. */
export function addRows(
  ghost: Ghost,
  producers: readonly ProducerView[],
  batch: BatchView,
  by: 1 | -1,
): void {
  visitRows(producers, batch, ({ node }, row) => {
    const known = ghost.producers.get(node);
    if (known !== undefined) addStanding(known, row, by);
  });
}

/** The batches that a marker takes back, newest first. */
export const abortedBy: typeof endedBy = (marker, at) =>
  marker.control?.type === 'ABORT' ? endedBy(marker, at) : [];

/**
 * The batches whose transaction a marker ends: those of its producer since the marker before, newest first. `at(1)` is the
 * one before it.
 */
export function endedBy(marker: BatchView, at: (back: number) => BatchView | undefined): BatchView[] {
  const ended: BatchView[] = [];
  for (let back = 1, batch = at(back); batch !== undefined; batch = at(++back)) {
    if (batch.producerId !== marker.producerId) continue;
    if (batch.control !== undefined) return ended;
    ended.push(batch);
  }
  return ended;
}
