import { CowTree } from '../base/cow-tree.ts';
import type { NodeId, TopicPartitionName } from '../api/ids.ts';
import { RowBook } from './row-book.ts';

/** What is known of a group's work on the rows of the tapes that are played into its topic. Plain data. */
export interface ProcessingGhost {
  /** Of each reader, what was heard. Frozen values. */
  readonly heard: Map<NodeId, Heard>;
  /** By producer, and by row, see {@link WORK}. */
  readonly rows: Map<NodeId, RowBook>;
  /** Where the newest record stands that was processed of a lane, in which the order counts. */
  readonly newest: CowTree<number>;
  /** By partition: nothing below will be given to the group again. */
  readonly passed: Map<TopicPartitionName, number>;
  /** By partition: retention has deleted what is below. */
  readonly deleted: Map<TopicPartitionName, number>;
  /** Of a compacted topic: by key, the last record that was passed. Frozen values. */
  readonly keys: CowTree<PassedKey>;
  /** By partition of the output: batches of its true log below were counted. */
  readonly counted: Map<TopicPartitionName, number>;
  /** What was committed of the output was lost, so nothing can be told any more. */
  isUntold: boolean;
  processed: number;
  repeated: number;
  disordered: number;
  /** Rows that were passed and not processed. */
  left: number;
}

/** Reports of this life below `end` were taken down. */
export interface Heard {
  readonly incarnation: number;
  readonly end: number;
}

export interface PassedKey {
  readonly producer: NodeId;
  readonly row: number;
  /** It takes the key away. */
  readonly isTombstone: boolean;
  /** A record of the key was processed, so that somebody may still hold what it said. */
  readonly isKnown: boolean;
}

/**
 * What is known of a row: how often it was processed (15 at most), whether it was passed, and in how many open transactions
 * of the group's output it stands (7 at most).
 */
export const WORK = { times: 15, passed: 16, open: 32, openMask: 7 * 32 } as const;

export const newProcessing = (): ProcessingGhost => ({
  heard: new Map(),
  rows: new Map(),
  newest: new CowTree(),
  passed: new Map(),
  deleted: new Map(),
  keys: new CowTree(),
  counted: new Map(),
  isUntold: false,
  processed: 0,
  repeated: 0,
  disordered: 0,
  left: 0,
});

export function rowsOf({ rows }: ProcessingGhost, producer: NodeId): RowBook {
  let book = rows.get(producer);
  if (book === undefined) {
    book = new RowBook();
    rows.set(producer, book);
  }
  return book;
}

export const timesProcessed = (marks: number): number => marks & WORK.times;

/** Whether a row with these marks was left behind. */
export const isLeft = (marks: number): boolean =>
  (marks & ~WORK.openMask) === WORK.passed && marks < WORK.open;

/** Takes other marks of a row down, and counts what that changes. */
export function setMarks(known: ProcessingGhost, producer: NodeId, row: number, marks: number): void {
  const book = rowsOf(known, producer);
  const before = book.get(row);
  if (marks === before) return;
  book.set(row, marks);
  known.processed += step(timesProcessed(before) > 0, timesProcessed(marks) > 0);
  known.repeated += step(timesProcessed(before) > 1, timesProcessed(marks) > 1);
  known.left += step(isLeft(before), isLeft(marks));
}

const step = (before: boolean, after: boolean): number => Number(after) - Number(before);
