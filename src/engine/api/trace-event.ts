import type { SimTime } from '../base/time.ts';
import type { AdminAct } from './admin-act.ts';
import type { Anchor } from './anchors.ts';
import type { CommandAct } from './command.ts';
import type { BrokerId, NodeId, TopicPartitionName } from './ids.ts';
import type { QueryAct, QueryAnswer } from './query-act.ts';

/** A record that a log lost in a truncation. */
export interface CutRecord {
  readonly offset: number;
  /** Null also of what ends a transaction. */
  readonly key: string | null;
}

/** What nodes say about themselves. Types are past-tense facts in the field's words; fields are Kafka's. */
export type TraceEventData = ToldFact & {
  /** Index of the stream thread that tells it; left out: the process has but one. */
  readonly thread?: number;
};

type ToldFact =
  | { readonly type: 'command'; readonly act: CommandAct }
  /** A command of the scenario that made no sense at its time: nothing was done. A sentence says why. */
  | { readonly type: 'act-refused'; readonly why: string }
  // controller
  | { readonly type: 'controller-elected'; readonly epoch: number }
  | { readonly type: 'broker-registered'; readonly broker: BrokerId; readonly brokerEpoch: number }
  | { readonly type: 'broker-unfenced'; readonly broker: BrokerId }
  | {
      readonly type: 'broker-fenced';
      readonly broker: BrokerId;
      readonly reason: 'session expired' | 'asked' | 'new incarnation';
    }
  | { readonly type: 'controlled-shutdown-begun'; readonly broker: BrokerId; readonly leads: number }
  | { readonly type: 'controlled-shutdown-allowed'; readonly broker: BrokerId }
  | { readonly type: 'topic-created'; readonly topic: string; readonly partitions: number }
  | {
      readonly type: 'leader-elected';
      readonly partition: TopicPartitionName;
      readonly from: BrokerId;
      /** −1: nobody can lead. */
      readonly to: BrokerId;
      readonly leaderEpoch: number;
      readonly unclean: boolean;
    }
  | {
      readonly type: 'isr-changed';
      readonly partition: TopicPartitionName;
      readonly before: readonly BrokerId[];
      readonly after: readonly BrokerId[];
    }
  | {
      readonly type: 'config-changed';
      readonly target: string;
      readonly key: string;
      readonly value: string | null;
    }
  // broker
  | {
      readonly type: 'became-leader';
      readonly partition: TopicPartitionName;
      readonly leaderEpoch: number;
      readonly startOffset: number;
    }
  | {
      readonly type: 'became-follower';
      readonly partition: TopicPartitionName;
      readonly leader: BrokerId;
      readonly leaderEpoch: number;
    }
  | {
      readonly type: 'log-truncated';
      readonly partition: TopicPartitionName;
      readonly from: number;
      readonly to: number;
      readonly committed: boolean;
      /** The oldest of what is gone. */
      readonly cut: readonly CutRecord[];
    }
  | {
      readonly type: 'log-cleaned';
      readonly partition: TopicPartitionName;
      /** Offset from which on the log is dirty now. */
      readonly upTo: number;
      /** When the pass began: by it tombstones were old enough or not; ms since 1970. */
      readonly beganMs: number;
      /** Of the whole log. */
      readonly bytesBefore: number;
      readonly bytesAfter: number;
    }
  | {
      readonly type: 'batch-appended';
      readonly partition: TopicPartitionName;
      readonly baseOffset: number;
      readonly count: number;
      readonly leaderEpoch: number;
    }
  | {
      readonly type: 'duplicate-answered';
      readonly partition: TopicPartitionName;
      readonly baseOffset: number;
      readonly count: number;
    }
  | { readonly type: 'produce-refused'; readonly partition: TopicPartitionName; readonly error: string }
  /** A new connection was not let in at once, or an old one not kept. */
  | {
      readonly type: 'connection-limited';
      readonly peer: NodeId;
      /** The key or quota that says so. */
      readonly limit: string;
      readonly outcome: 'waits' | 'is closed' | 'is held and closed';
      /** How often this broker has done so to connections of this machine. */
      readonly times: number;
    }
  // group coordinator
  | {
      readonly type: 'rebalance-begun';
      readonly group: string;
      readonly generation: number;
      readonly reason: string;
    }
  | {
      readonly type: 'generation-began';
      readonly group: string;
      readonly generation: number;
      readonly members: number;
    }
  | {
      readonly type: 'member-removed';
      readonly group: string;
      /** Its id; under the consumer protocol, where that says nothing, its client id. */
      readonly member: string;
      readonly reason: 'session expired' | 'left' | 'did not rejoin' | 'did not sync' | 'did not revoke';
    }
  | { readonly type: 'group-empty'; readonly group: string }
  // share groups: what one event did to one partition, however many records that were
  | {
      readonly type: 'share-locks-expired';
      readonly group: string;
      readonly partition: TopicPartitionName;
      readonly firstOffset: number;
      /** Records that go to others now, and all that this leader has taken back so. */
      readonly records: number;
      readonly expired: number;
    }
  | {
      readonly type: 'share-records-redelivered';
      readonly group: string;
      readonly partition: TopicPartitionName;
      readonly firstOffset: number;
      readonly records: number;
      /** Who gets them, and how often any of them was delivered with this. */
      readonly member: NodeId;
      readonly deliveryCount: number;
    }
  | {
      readonly type: 'share-records-archived';
      readonly group: string;
      readonly partition: TopicPartitionName;
      readonly firstOffset: number;
      /** Records that nobody gets again, and all that this leader has archived. */
      readonly records: number;
      readonly archived: number;
      readonly reason: 'delivered too often' | 'rejected';
    }
  // transactions
  | {
      readonly type: 'transaction-changed';
      readonly transactionalId: string;
      /** As DescribeTransactions tells it. */
      readonly state: string;
      readonly producerId: number;
      readonly producerEpoch: number;
      readonly partitions: number;
      /** Why an abort was decided: its producer asked, it was open for too long, or a new producer took over its id. */
      readonly reason?: 'asked' | 'timed out' | 'taken over';
    }
  | {
      readonly type: 'marker-appended';
      readonly partition: TopicPartitionName;
      readonly offset: number;
      readonly marker: 'COMMIT' | 'ABORT';
      readonly producerId: number;
      readonly producerEpoch: number;
    }
  // what an outsider sees, who knows what clients were told and what logs hold: not in the trace of the nodes
  | {
      readonly type: 'records-lost';
      readonly partition: TopicPartitionName;
      /** Acknowledged records that are on no log that counts, and how many there were when this was told last. */
      readonly lost: number;
      readonly before: number;
    }
  // clients
  | {
      readonly type: 'batch-sent';
      readonly partition: TopicPartitionName;
      readonly count: number;
      readonly baseSequence: number;
      readonly attempt: number;
    }
  | {
      readonly type: 'batch-acknowledged';
      readonly partition: TopicPartitionName;
      readonly baseOffset: number;
      readonly count: number;
    }
  | {
      readonly type: 'batch-retried';
      readonly partition: TopicPartitionName;
      readonly count: number;
      readonly error: string;
    }
  | {
      readonly type: 'batch-failed';
      readonly partition: TopicPartitionName;
      readonly count: number;
      readonly error: string;
      readonly outcome: 'failed' | 'unknown';
    }
  /** send() threw: the record is too large, or it had to wait longer than `max.block.ms`. */
  | { readonly type: 'send-refused'; readonly topic: string; readonly error: string }
  /** A client threw what its owner does not handle: the program plays, reads or processes no more. */
  | { readonly type: 'client-failed'; readonly error: string }
  | { readonly type: 'connection-lost'; readonly peer: NodeId }
  /** Nothing went over it for `connections.max.idle.ms`. */
  | { readonly type: 'idle-connection-closed'; readonly peer: NodeId }
  | {
      readonly type: 'partitions-assigned';
      readonly group: string;
      readonly partitions: readonly TopicPartitionName[];
    }
  | {
      readonly type: 'partitions-revoked';
      readonly group: string;
      readonly partitions: readonly TopicPartitionName[];
      readonly lost: boolean;
    }
  | { readonly type: 'offsets-committed'; readonly group: string; readonly offsets: number }
  | { readonly type: 'commit-failed'; readonly group: string; readonly error: string }
  | { readonly type: 'offset-reset'; readonly partition: TopicPartitionName; readonly to: number }
  /** The process was told to crash at this step, and has. */
  | { readonly type: 'crashed-at'; readonly anchor: Anchor }
  | {
      readonly type: 'log-dir-failed';
      readonly directory: string;
      /** How many the broker does not serve any more. */
      readonly replicas: number;
      /** The broker cannot go on. */
      readonly halts: boolean;
    }
  /** A replica is copied into another directory of its broker, and then is there. */
  | {
      readonly type: 'replica-moving' | 'replica-moved';
      readonly partition: TopicPartitionName;
      readonly directory: string;
    }
  | { readonly type: 'tape-ended'; readonly records: number }
  /** A member has called a service outside of the cluster for a record. */
  | {
      readonly type: 'service-called';
      readonly service: string;
      readonly partition: TopicPartitionName;
      readonly offset: number;
      /** Null without one. */
      readonly idempotencyKey: string | null;
    }
  // administrators
  /** What a tool prints when it is done. */
  | {
      readonly type: 'tool-answered';
      /** `kafka-topics` and others. */
      readonly tool: string;
      /** What it was used for. */
      readonly act: AdminAct;
      /** Of a broker or controller; null when all went well, or the tool itself saw no way. */
      readonly error: string | null;
      readonly done: boolean;
      /** As a sentence. */
      readonly message: string;
      readonly table: AnswerTable | null;
    }
  // queries
  /** What the REST client was told in the end. */
  | ({ readonly type: 'query-answered'; readonly act: QueryAct } & QueryAnswer)
  /** What an instance of an application has answered. */
  | { readonly type: 'query-handled'; readonly store: string; readonly status: number; readonly what: string }
  // streams
  /** A thread was added to an instance, or is to leave it; `living` of them are there then. */
  | { readonly type: 'stream-thread-added'; readonly index: number; readonly living: number }
  | { readonly type: 'stream-thread-removed'; readonly index: number; readonly living: number }
  | { readonly type: 'task-created'; readonly task: string }
  | { readonly type: 'task-restoring'; readonly task: string; readonly records: number }
  /** An instance has read a global table back; `records` of them now, the rest it had on its disk. */
  | { readonly type: 'global-table-read'; readonly topic: string; readonly records: number }
  /** An instance begins, or ends, to keep a copy of a task's stores. */
  | { readonly type: 'standby-created'; readonly task: string }
  | { readonly type: 'standby-closed'; readonly task: string; readonly clean: boolean }
  | { readonly type: 'task-running'; readonly task: string; readonly restored: number }
  | { readonly type: 'task-closed'; readonly task: string; readonly clean: boolean }
  | {
      readonly type: 'window-closed';
      readonly task: string;
      readonly start: number;
      readonly end: number;
      readonly keys: number;
    }
  | {
      readonly type: 'late-record-dropped';
      readonly task: string;
      /** Where they came from, ascending: one offset for each window that a record came too late for. */
      readonly partition: TopicPartitionName;
      readonly offsets: readonly number[];
      /** Of the newest of them. */
      readonly timestamp: number;
      readonly streamTime: number;
      /** Records that this event tells of, and all that the task has dropped so far. */
      readonly records: number;
      readonly dropped: number;
    };

/** What a tool lists: a row for each thing, with as many cells as there are heads. */
export interface AnswerTable {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows beyond those that are shown. */
  readonly more: number;
}

/** A trace event with its place in time and its cause. */
export interface TraceEvent {
  /** 1, 2, 3 … in order of happening; what an outsider remarks at an event comes a half after it. */
  readonly id: number;
  readonly at: SimTime;
  readonly node: NodeId;
  /** Id of the event that led to this one, 0 for none. */
  readonly cause: number;
  readonly data: TraceEventData;
}

type TraceType = TraceEventData['type'];

/** Events worth stopping at: "next interesting event", markers and faults on the timeline. */
export const NOTABLE: ReadonlySet<TraceType> = new Set<TraceType>([
  'command',
  'act-refused',
  'crashed-at',
  'log-dir-failed',
  'controller-elected',
  'broker-registered',
  'broker-unfenced',
  'broker-fenced',
  'controlled-shutdown-begun',
  'controlled-shutdown-allowed',
  'leader-elected',
  'isr-changed',
  'config-changed',
  'log-truncated',
  'records-lost',
  'duplicate-answered',
  'produce-refused',
  'rebalance-begun',
  'generation-began',
  'member-removed',
  'group-empty',
  'batch-failed',
  'send-refused',
  'client-failed',
  'commit-failed',
  'offset-reset',
  'tape-ended',
  'service-called',
  'tool-answered',
  'query-answered',
  'stream-thread-added',
  'stream-thread-removed',
  'task-restoring',
  'task-running',
  'global-table-read',
]);

/** Whether it is told by itself: what is notable, and a transaction that was ended in its producer's stead. */
export const isRare = (data: TraceEventData): boolean =>
  NOTABLE.has(data.type) ||
  (data.type === 'transaction-changed' && data.reason !== undefined && data.reason !== 'asked');

/** Whether a jump to the next interesting event stops here. Of what comes again and again only the first is news. */
export const isNotable = (data: TraceEventData): boolean =>
  isRare(data) ||
  (data.type === 'late-record-dropped' && data.dropped === data.records) ||
  (data.type === 'share-locks-expired' && data.expired === data.records) ||
  (data.type === 'share-records-archived' && data.archived === data.records);

/**
 * Events that the story of a run is told from: what is notable, the rhythm of event time, and that of transactions.
 * Windows close, late records drop and transactions commit by the dozen each second, so a teller sums them.
 */
export const NARRATED: ReadonlySet<TraceType> = new Set<TraceType>([
  ...NOTABLE,
  'window-closed',
  'late-record-dropped',
  'transaction-changed',
  'connection-limited',
  'idle-connection-closed',
]);
