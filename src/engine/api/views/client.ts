import type { NodeStatus } from '../entities/node.ts';
import type { NodeId, TopicPartitionName } from '../ids.ts';
import type { Tape } from '../scenario.ts';
import type { BatchView } from './log.ts';
import type { SimDuration, SimTime } from '../../base/time.ts';

/** A process with a transactional producer. */
export interface TransactorView {
  readonly node: NodeId;
  readonly incarnation: number;
  /** −1 while it has none. */
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** A group whose topic tapes are played into: what becomes of their rows in its hands can be told. */
export interface WorkingGroupView {
  readonly groupId: string;
  readonly topic: string;
  /** Topic where what came of its work stands, once its transaction is committed; null: its readers report. */
  readonly output: string | null;
  /** Of its topic, only the last record of each key has to be read. */
  readonly isCompacted: boolean;
  readonly readers: readonly NodeId[];
}

/** A process that reads as a member of a group. */
export interface ReaderView {
  readonly node: NodeId;
  readonly groupId: string;
  readonly readCommitted: boolean;
  readonly incarnation: number;
  /** As the member knows it, −1 while it is none. */
  readonly generation: number;
  /** Records that poll() gave the application of this life. */
  readonly given: number;
  /** Times that the application went back to read something again. */
  readonly rewinds: number;
  /** What it gave it last, at least while that is worked on. */
  readonly working: readonly SliceView[];
  /** What it gave it and the application is not done with. */
  readonly inHand: readonly SliceView[];
  /** What the application of this life was done with, in that order; undefined while down. */
  readonly reports: ReportList | undefined;
  /** Commits that it has sent and that are not answered. */
  readonly commits: readonly SentCommitView[];
}

export interface ReportList {
  readonly end: number;
  at(index: number): ReportView;
}

/** A reader says that it is done with the records of a batch from the offset `from` up to and with `last`. Frozen. */
export interface ReportView {
  readonly name: TopicPartitionName;
  readonly batch: BatchView;
  readonly from: number;
  readonly last: number;
}

/** Part of a batch: records with the indexes from `from` to before `to`. */
export interface SliceView {
  readonly name: TopicPartitionName;
  readonly batch: BatchView;
  readonly from: number;
  readonly to: number;
}

export interface SentCommitView {
  readonly token: number;
  readonly generation: number;
  readonly memberId: string;
}

/** A producer that plays a tape, as the outside world sees it. */
export interface ProducerView {
  readonly node: NodeId;
  readonly topic: string;
  readonly tape: Tape;
  readonly status: NodeStatus;
  /** When `status` last changed. */
  readonly since: SimTime;
  readonly incarnation: number;
  /** −1 all, 0 nobody, 1 the leader. */
  readonly acks: number;
  readonly deliveryTimeout: SimDuration;
  /** Rows below were handed to send() by this life or earlier ones; 0 while down. */
  readonly played: number;
  /** What became of the batches of this life, in order of completion; undefined while down. */
  readonly outcomes: OutcomeList | undefined;
  /** When the oldest batch without an outcome was begun; undefined if there is none. */
  readonly oldestOpenAt: SimTime | undefined;
  /** When the oldest message that has not arrived was sent: it may still be applied. Infinity if there is none. */
  oldestUnderWayAt(): SimTime;
}

export interface OutcomeList {
  readonly start: number;
  readonly end: number;
  at(index: number): SendOutcome;
}

/**
 * What became of one batch, as its producer was told. `failed`: no replica took it, for certain. `unknown`: an attempt was
 * not answered, so it may be in the log or not. Frozen.
 */
export interface SendOutcome {
  readonly at: SimTime;
  readonly partition: number;
  readonly outcome: 'acknowledged' | 'failed' | 'unknown';
  /** Offset of the first, −1 if not told. */
  readonly baseOffset: number;
  /** Rows of the tape, ascending; the one at index i got offset `baseOffset + i`. */
  readonly rows: readonly number[];
}
