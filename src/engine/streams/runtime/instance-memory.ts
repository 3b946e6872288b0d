import type { TopicPartitionName } from '../../api/ids.ts';
import type { Bytes } from '../../base/bytes.ts';
import type { SimTime } from '../../base/time.ts';
import type { Admin } from '../../client/admin/admin-state.ts';
import type { CommitOffset, Consumer, GroupSubscription } from '../../client/consumer/consumer-state.ts';
import type { Producer } from '../../client/producer/producer-state.ts';
import type { RecordHeader } from '../../protocol/record-batch.ts';
import type { QueryServer } from '../queries/query-server-state.ts';
import type { GlobalStores } from './global-stores.ts';
import type { StreamsInstanceConfig } from './instance-config.ts';
import type { InternalTopic } from './internal-topics.ts';
import type { PartitionCounts } from './partition-counts.ts';
import type { RuntimeTask } from './runtime-task.ts';
import type { TaskId } from '../assignor/task-id.ts';
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

/** This instance leads the group and is sharing tasks out; first the internal topics have to be there. */
export interface Sharing {
  readonly members: readonly GroupSubscription[];
  /** Of all source topics, internal ones as they are to be. */
  readonly counts: PartitionCounts;
  readonly topics: readonly InternalTopic[];
  /** Of the administrator's call under way. */
  readonly token: number;
}

/** One instance at work: a process with one stream thread. Plain data. */
export interface StreamsMemory {
  readonly config: StreamsInstanceConfig;
  main: Consumer;
  restore: Consumer;
  producer: Producer;
  /** Null under at_least_once. */
  readonly transactions: ThreadTransactions | null;
  readonly admin: Admin;
  /** Null without global tables. */
  readonly globals: GlobalStores | null;
  /** In task order. */
  tasks: Map<TaskId, RuntimeTask>;
  /** Copies of other instances' tasks, kept up from their changelogs; in task order. */
  standbys: Map<TaskId, RuntimeTask>;
  /** What answers queries of the stores. */
  readonly queries: QueryServer;
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
  /** What was revoked, while this instance has not given it up; null otherwise. */
  revoking: readonly TopicPartitionName[] | null;
  stopping: boolean;
  recordsReady: boolean;
  sharing: Sharing | null;
  /** Tasks whose records were not taken by the brokers: their stores say more than their changelogs. */
  readonly corrupted: Set<TaskId>;
  /** The restoration works on what it read. */
  restoreBusy: boolean;
  /** When the thread's own timer rings; NEVER if it is not set. */
  wakeAt: SimTime;
  /** What this member has to say to all the others of the group, of `ASSIGNOR_ERRORS`. */
  assignorError: number;
  /** What ended the thread, in Kafka's words; null while all is well. */
  failure: string | null;
  ended: boolean;
}

/** The task that made a record with this ordinal; undefined if that life of it is over. */
export function taskOfNumber({ tasks }: StreamsMemory, number: number): RuntimeTask | undefined {
  for (const task of tasks.values()) if (task.number === number) return task;
  return undefined;
}
