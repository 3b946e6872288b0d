import { CowTree } from '../base/cow-tree.ts';
import type { Bytes } from '../base/bytes.ts';
import type { ApplicationView } from '../api/views/application.ts';
import type { TransactionView } from '../api/views/group.ts';
import type { TopicPartitionName } from '../api/ids.ts';
import type { Ghost } from './ghost.ts';
import type { Scene } from './invariant.ts';

/**
 * What an application that processes exactly once has committed so far, read from the logs alone: how far it is with its
 * input, what its counts are, and what it told of them. Plain data.
 */
export interface ApplicationBook {
  /** Something of it is no longer known: logs were cut, or deleted before they were read here. */
  isVoid: boolean;
  /** Partition → index of the first committed batch that was not looked at. */
  readonly read: Map<TopicPartitionName, number>;
  /** Input partition → committed offset. */
  readonly offsets: Map<TopicPartitionName, number>;
  /** Input partition → what lies below that offset. */
  readonly passed: Map<TopicPartitionName, Passed>;
  /** Changelog partition → sum of its counts. */
  readonly sums: Map<TopicPartitionName, number>;
  /** Records in the repartition topic. */
  repartitioned: number;
  /** Window → its count. */
  readonly counts: CowTree<number>;
  /** Window → the count that was told of it last. */
  readonly told: CowTree<number>;
  /** A count that was told though it, or a higher one, had been told before. */
  repeated: Told | undefined;
  /** Windows of which one of them changed since they were compared. */
  readonly changed: Set<Bytes>;
  /** Producer id → epoch of the newest marker that was seen, and of the newest transaction that is complete. */
  readonly marked: Map<number, number>;
  readonly completed: Map<number, number>;
  /** Input partition → who committed its offsets last. */
  readonly committers: Map<TopicPartitionName, Committer>;
}

/** Frozen. */
export interface Passed {
  readonly to: number;
  /** How often its records have to be counted: each as often as it lies in windows. */
  readonly windows: number;
  /** Records that have to be counted. */
  readonly records: number;
}

/** Frozen. */
export interface Told {
  readonly name: TopicPartitionName;
  readonly offset: number;
  readonly count: number;
  readonly before: number;
}

/** Frozen. */
export interface Committer {
  readonly generation: number;
  readonly producerId: number;
}

const newBook = (): ApplicationBook => ({
  isVoid: false,
  read: new Map(),
  offsets: new Map(),
  passed: new Map(),
  sums: new Map(),
  repartitioned: 0,
  counts: new CowTree(),
  told: new CowTree(),
  repeated: undefined,
  changed: new Set(),
  marked: new Map(),
  completed: new Map(),
  committers: new Map(),
});

export function bookOf({ books }: Ghost, { id }: ApplicationView): ApplicationBook {
  let book = books.get(id);
  if (book === undefined) {
    book = newBook();
    books.set(id, book);
  }
  return book;
}

/** The applications that process exactly once. */
export const exactlyOnce = ({ view }: Scene): readonly ApplicationView[] =>
  view.applications.filter((application) => application.exactlyOnce);

/** Whose transactions these are: the transactional id of a thread begins with its application's id. */
export const isOf = ({ id }: ApplicationView, transaction: TransactionView | undefined): boolean =>
  transaction?.transactionalId.startsWith(`${id}-`) === true;

/** Every transaction of the application of which a marker was seen has all of them: what is committed now is a cut. */
export const isClosed = ({ marked, completed }: ApplicationBook): boolean =>
  [...marked].every(([producerId, epoch]) => (completed.get(producerId) ?? -1) >= epoch);
