import type { Bytes } from '../../base/bytes.ts';
import type { SimTime } from '../../base/time.ts';
import type { Admin } from '../../client/admin/admin-state.ts';
import type { CommitOffset, Consumer, GroupSubscription } from '../../client/consumer/consumer-state.ts';
import type { Producer } from '../../client/producer/producer-state.ts';
import type { RecordHeader } from '../../protocol/record-batch.ts';
import type { StreamsInstanceConfig } from './instance-config.ts';
import type { InternalTopic } from './internal-topics.ts';
import type { RuntimeTask } from './runtime-task.ts';
import type { TaskId } from './task-id.ts';

/** A record that a task has made and the producer has not taken yet. */
export interface OutgoingBytes {
  readonly topic: string;
  readonly partition?: number;
  readonly key: Bytes | null;
  readonly value: Bytes | null;
  readonly timestamp: number;
  readonly headers?: readonly RecordHeader[];
  /** Says which task made it, see `taskNumber`. */
  readonly ordinal: number;
}

/** Why tasks are being committed: what follows when it is done. */
export type CommitReason = 'interval' | 'revocation' | 'close';

/**
 * A commit under way; meanwhile the thread does nothing else. `sending`: the producer has no room for the stores' last
 * changes; `flushing`: waiting for all acks; `committing`: waiting for the group's coordinator.
 */
export interface CommitInProgress {
  readonly reason: CommitReason;
  phase: 'sending' | 'flushing' | 'committing';
  token: number;
  offsets: readonly CommitOffset[];
}

/** This instance leads the group and is sharing tasks out; first the internal topics have to be there. */
export interface Sharing {
  readonly members: readonly GroupSubscription[];
  readonly topics: readonly InternalTopic[];
}

/** One instance at work: a process with one stream thread. Plain data. */
export interface StreamsMemory {
  readonly config: StreamsInstanceConfig;
  readonly main: Consumer;
  readonly restore: Consumer;
  readonly producer: Producer;
  readonly admin: Admin;
  /** In task order. */
  tasks: Map<TaskId, RuntimeTask>;
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
  purging: boolean;
  /** Partitions were revoked and the group waits for this instance. */
  revoking: boolean;
  stopping: boolean;
  recordsReady: boolean;
  sharing: Sharing | null;
  /** Tasks whose records were not taken by the brokers: their stores say more than their changelogs. */
  readonly corrupted: Set<TaskId>;
  /** The restoration works on what it read. */
  restoreBusy: boolean;
  /** When the thread's own timer rings; NEVER if it is not set. */
  wakeAt: SimTime;
  /** What ended the thread, in Kafka's words; null while all is well. */
  failure: string | null;
  ended: boolean;
}

const SUBTOPOLOGY_FACTOR = 0x10000;

/** A task as a number, by which the producer's outcomes name it. */
export const taskNumber = ({ subtopology, partition }: RuntimeTask): number =>
  subtopology * SUBTOPOLOGY_FACTOR + partition;

export const taskOfNumber = (memory: StreamsMemory, number: number): RuntimeTask | undefined => {
  const subtopology = Math.floor(number / SUBTOPOLOGY_FACTOR);
  return memory.tasks.get(`${subtopology}_${number % SUBTOPOLOGY_FACTOR}`);
};
