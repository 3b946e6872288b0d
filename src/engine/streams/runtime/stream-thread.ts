import type { TopicPartitionName } from '../../api/ids.ts';
import type { Bytes } from '../../base/bytes.ts';
import type { SimTime } from '../../base/time.ts';
import type { CommitOffset, Consumer, GroupSubscription } from '../../client/consumer/consumer-state.ts';
import type { Producer } from '../../client/producer/producer-state.ts';
import type { RecordHeader } from '../../protocol/record-batch.ts';
import type { StreamsInstanceConfig } from './instance-config.ts';
import type { InternalTopic } from './internal-topics.ts';
import type { PartitionCounts } from './partition-counts.ts';
import type { RuntimeTask } from './runtime-task.ts';
import type { TaskId } from '../assignor/task-id.ts';
import type { ThreadState } from './thread-state.ts';
import type { ThreadTransactions } from './thread-transactions.ts';

/** A record that a task has made and the producer has not taken yet. */
export interface OutgoingBytes {
  readonly topic: string;
  readonly partition?: number;
  readonly key: Bytes | null;
  readonly value: Bytes | null;
  readonly timestamp: number;
  readonly headers?: readonly RecordHeader[];
  /** Says which task made it, see `RuntimeTask.number`. */
  readonly ordinal: number;
}

/** Why tasks are being committed: what follows when it is done. */
export type CommitReason = 'interval' | 'revocation' | 'close';

/**
 * A commit under way; meanwhile the thread does nothing else. `sending`: the producer has no room for the stores' last
 * changes; `flushing`: waiting for all acks; `offsets`: these are put into the transaction; `committing`: waiting for the
 * group's coordinator, or the transaction's.
 */
export interface CommitInProgress {
  readonly reason: CommitReason;
  phase: 'sending' | 'flushing' | 'offsets' | 'committing';
  /** All records for other topics than changelogs are acknowledged. */
  outputFlushed: boolean;
  token: number;
  offsets: readonly CommitOffset[];
}

/** This thread leads the group and is sharing tasks out; first the internal topics have to be there. */
export interface Sharing {
  readonly members: readonly GroupSubscription[];
  /** Of all source topics, internal ones as they are to be. */
  readonly counts: PartitionCounts;
  readonly topics: readonly InternalTopic[];
  /** Of the administrator's call under way. */
  readonly token: number;
}

/** A task that waits for the lock of its state directory, which a sibling thread has not released yet. */
export interface LockRetry {
  /** Not tried again before. */
  at: SimTime;
  attempts: number;
}

/** One stream thread of an instance (`StreamThread`): its clients, and the tasks that it was given. Plain data. */
export interface StreamThread {
  readonly config: StreamsInstanceConfig;
  /** From 1; the end of its name. */
  readonly index: number;
  /** `<client.id>-StreamThread-<index>`. */
  readonly name: string;
  state: ThreadState;
  main: Consumer;
  restore: Consumer;
  producer: Producer;
  /** Null under at_least_once. */
  readonly transactions: ThreadTransactions | null;
  /** In task order. */
  tasks: Map<TaskId, RuntimeTask>;
  /** Copies of other instances' tasks, kept up from their changelogs; in task order. */
  standbys: Map<TaskId, RuntimeTask>;
  /** When to ask the group for another assignment; NEVER if it need not be. */
  probeAt: SimTime;
  outbox: OutgoingBytes[];
  /** The producer refused a record and will say when to try again. */
  blocked: boolean;
  /** Records whose processing ends when the timer rings; 0 while the thread does something else. */
  working: number;
  /** The task that processed last: the next one's turn. */
  lastTask: TaskId;
  commit: CommitInProgress | null;
  lastCommitAt: SimTime;
  lastPurgeAt: SimTime;
  /** Of the deletion under way; 0 for none. */
  purgeToken: number;
  /** Lives of tasks begun. */
  taskLives: number;
  /** How often this member has described itself: no description is like one before. */
  descriptions: number;
  /** What was revoked, while this thread has not given it up; null otherwise. */
  revoking: readonly TopicPartitionName[] | null;
  /** It is to end in order. */
  stopping: boolean;
  /** When it ends it leaves the group; the process as a whole stays in it. */
  leaving: boolean;
  recordsReady: boolean;
  sharing: Sharing | null;
  /** Tasks whose records were not taken by the brokers: their stores say more than their changelogs. */
  readonly corrupted: Set<TaskId>;
  /** Tasks whose directory was locked when they were to begin. */
  readonly lockRetries: Map<TaskId, LockRetry>;
  /** The restoration works on what it read. */
  restoreBusy: boolean;
  /** When the thread's own timer rings; NEVER if it is not set. */
  wakeAt: SimTime;
  /** What this member has to say to all the others of the group, of `ASSIGNOR_ERRORS`. */
  assignorError: number;
  /** What ended it, in Kafka's words; null while all is well. */
  failure: string | null;
  /** The error that ends it once its producer has taken what was made before. */
  failing: { readonly className: string; readonly message: string } | null;
}

/** The task that made a record with this ordinal; undefined if that life of it is over. */
export function taskOfNumber({ tasks }: StreamThread, number: number): RuntimeTask | undefined {
  for (const task of tasks.values()) if (task.number === number) return task;
  return undefined;
}
