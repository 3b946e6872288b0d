import type { Bytes } from '../base/bytes.ts';
import type { SimDuration, SimTime } from '../base/time.ts';
import type { NodeStatus } from './frame.ts';
import type { BrokerId, NodeId, TopicPartitionName } from './ids.ts';
import type { Tape, TopologyNode } from './scenario.ts';
import type { TraceEvent } from './trace-event.ts';

/**
 * All that is true of a run at a moment, for checkers and lessons: what the nodes know, each for itself, and what the
 * outside world asked for. Read only. Values are live: they show the present moment whenever they are read, nothing is
 * copied, and nothing read may be kept across events except frozen objects (batches, outcomes, registrations).
 */
export interface ClusterView {
  readonly now: SimTime;
  /** The run has parts that a plain cluster has not: several controllers, transactions, groups of the consumer protocol. */
  readonly isElaborate: boolean;
  /** Node whose event happened last; '' if it may have been any: an operator's act, or a jump through time. */
  readonly touched: NodeId;
  /** Id of the newest trace event, 0 for none. */
  readonly newestTrace: number;
  /** Trace events with ids above `after` that are still known, oldest first. */
  visitTraces(after: number, visit: (event: TraceEvent) => void): void;
  /** By id. The same list for the whole run, as the next ones. */
  readonly brokers: readonly BrokerView[];
  readonly producers: readonly ProducerView[];
  readonly applications: readonly ApplicationView[];
  /** Partitions as the controller has them; while it is down, as the best informed broker has them. */
  partition(topic: string, partition: number): RegistrationView | undefined;
  /** Of the topic that has this name now. */
  topicId(topic: string): string | undefined;
  visitPartitions(visit: (where: PartitionPlace, registration: RegistrationView) => void): void;
  /** Brokers as the controller has them, as `partition` tells partitions. */
  visitRegistrations(visit: (registration: BrokerRegistrationView) => void): void;
  /** Offset of the metadata that `partition` and `visitRegistrations` tell, −1 for none. */
  readonly metadataOffset: number;
  /** By id. The same list for the whole run. */
  readonly controllers: readonly ControllerView[];
  /** Processes that write in transactions. The same list for the whole run. */
  readonly transactors: readonly TransactorView[];
  /** Processes that read as members of groups, but not those of applications. The same list for the whole run. */
  readonly readers: readonly ReaderView[];
  /** Groups that work on what tapes are played into. The same list for the whole run. */
  readonly workingGroups: readonly WorkingGroupView[];
  /** What a batch of `__transaction_state` says, in order. */
  transactionsIn(batch: BatchView): readonly TransactionView[];
  /** What a batch of `__consumer_offsets` says is committed, in order. */
  commitsIn(batch: BatchView): readonly StoredCommitView[];
  /** Groups as their coordinators have them, by id. A coordinator that was replaced and does not know it may add its own. */
  groups(): readonly GroupView[];
  /** Another number whenever a group's assignments or committed offsets may be others. */
  readonly groupsVersion: number;
  /** Every running process that reads in a group, as it sees itself. */
  members(): readonly MemberView[];
}

export interface PartitionPlace {
  readonly topic: string;
  readonly partition: number;
  readonly name: TopicPartitionName;
}

/** A partition as the controller registered it. Frozen. */
export interface RegistrationView {
  /** −1: nobody leads. */
  readonly leader: BrokerId;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly replicas: readonly BrokerId[];
  readonly isr: readonly BrokerId[];
  /** Eligible leader replicas (KIP-966). */
  readonly elr: readonly BrokerId[];
  /** The leader of before, while nobody leads. */
  readonly lastKnownElr: readonly BrokerId[];
}

/** A broker as the controller registered it. */
export interface BrokerRegistrationView {
  readonly id: BrokerId;
  readonly epoch: number;
  readonly fenced: boolean;
}

/** What a controller is in the quorum; `down` while no process runs. */
export type QuorumRole =
  'unattached' | 'follower' | 'prospective' | 'candidate' | 'leader' | 'resigned' | 'down';

/** A voter of the metadata quorum. */
export interface ControllerView {
  readonly id: number;
  readonly node: NodeId;
  readonly status: NodeStatus;
  /** Number of lives begun. */
  readonly incarnation: number;
  readonly role: QuorumRole;
  /** In memory; −1 while down. */
  readonly epoch: number;
  /** Of this epoch; −1 while not known. */
  readonly leaderId: number;
  /** On disk: epoch, and whom it elected in it. */
  readonly storedEpoch: number;
  readonly storedVote: number;
  /** Records below are committed as far as it knows; 0 while down. */
  readonly highWatermark: number;
  /** Where its log begins and ends, also while it is down. */
  readonly logStart: number;
  readonly logEnd: number;
  /** What lies on its disk. */
  readonly records: LogView;
}

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

/** A state of a transactional id as its coordinator stored it; state '' when the id is forgotten. Frozen. */
export interface TransactionView {
  readonly transactionalId: string;
  readonly state: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  /** ms. */
  readonly timeoutMs: number;
  readonly partitions: readonly TopicPartitionName[];
  /** Version of the transaction protocol: from 2 on each transaction has epochs of its own (KIP-890). */
  readonly version: number;
}

/** A committed offset as it is stored. */
export interface StoredCommitView {
  readonly groupId: string;
  readonly name: TopicPartitionName;
  readonly offset: number;
}

export interface BrokerView {
  readonly id: BrokerId;
  readonly node: NodeId;
  readonly status: NodeStatus;
  /** The last process went with the power of its machine. */
  readonly poweredOff: boolean;
  /** Offset of the metadata that it has applied, −1 while down. */
  readonly metadataOffset: number;
  /** Number of lives begun. */
  readonly incarnation: number;
  /** It may forget producers whose newest record is as old as this, when it starts and now and then; ms since 1970. */
  readonly forgetsBefore: number;
  /** A directory is out of use: what lies there is not served until it is repaired and the broker starts again. */
  readonly lacksDirectory: boolean;
  /** Empty while down. The same list as long as the process hosts the same replicas. */
  readonly replicas: readonly ReplicaView[];
  /** What lies on the disk, also while the process is down; undefined for a partition that it does not hold. */
  stored(name: TopicPartitionName): LogView | undefined;
}

/** A replica as its own broker sees it. */
export interface ReplicaView extends PartitionPlace {
  readonly topicId: string;
  readonly role: 'leader' | 'follower';
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  /** As the broker knows it. */
  readonly isr: readonly BrokerId[];
  /** Whoever the controller may hold to be in sync, as far as the leader knows: what it has asked for counts too. */
  readonly maximalIsr: readonly BrokerId[];
  readonly minInsyncReplicas: number;
  readonly logStart: number;
  readonly highWatermark: number;
  readonly logEnd: number;
  /** Last stable offset. */
  readonly lastStable: number;
  /** Transactions that were aborted, by the offset of their markers. */
  readonly aborted: readonly AbortedView[];
  /** Leader epoch cache, ascending. Immutable. */
  readonly epochs: readonly EpochStart[];
  readonly records: LogView;
  /** What the replica knows of producers that wrote to it. */
  visitProducers(visit: (state: ProducerStateView) => void): void;
}

export interface AbortedView {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Offset of its marker. */
  readonly lastOffset: number;
}

export interface EpochStart {
  readonly epoch: number;
  readonly startOffset: number;
}

export interface ProducerStateView {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** Of the newest batch, −1 for none. */
  readonly lastSequence: number;
  readonly lastOffset: number;
}

/** The batches that a replica holds, by offset. */
export interface LogView {
  /** The newest batch. */
  readonly last: BatchView | undefined;
  /** The oldest batch. */
  readonly first: BatchView | undefined;
  /** Offset up to which the cleaner of this disk has cleaned; 0 if it never did. */
  readonly cleanedTo: number;
  /** One beyond the last record that survives a loss of power for certain, 0 for none. */
  readonly flushedEnd: number;
  /** The batch that has this offset, or else the next one. */
  at(offset: number): BatchView | undefined;
  /** Batches from the one that has `from`, or the next one, up to those that begin before `to`, ascending. */
  visit(from: number, to: number, visit: (batch: BatchView) => void): void;
}

/** A batch as it lies in the log. Frozen, and the same object on all replicas. */
export interface BatchView {
  readonly baseOffset: number;
  readonly lastOffsetDelta: number;
  readonly partitionLeaderEpoch: number;
  /** −1 without idempotence. */
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  /** ms since 1970. */
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  /** Present when the cleaner has met a tombstone or a marker that may go: from when on it may, ms since 1970. */
  readonly deleteHorizonMs?: number;
  readonly isTransactional: boolean;
  /** Present on a marker of a transaction. */
  readonly control?: MarkerView;
  /** Identity of the records: the same object from the producer's buffer to every replica. */
  readonly records: RecordsView;
}

export interface MarkerView {
  readonly type: 'COMMIT' | 'ABORT';
  readonly coordinatorEpoch: number;
}

export interface RecordsView {
  readonly count: number;
  readonly keys: readonly (Bytes | null)[];
  readonly values: readonly (Bytes | null)[];
  /** ms after `baseTimestamp`. */
  readonly timestampDeltas: readonly number[];
  /** Absent when no record has headers. */
  readonly headers?: readonly (readonly { readonly key: string; readonly value: Bytes | null }[])[];
  /** Offsets after `baseOffset`; absent when they are 0, 1, 2 … */
  readonly offsetDeltas?: readonly number[];
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

/** States of groups of the classic protocol; then those of the consumer protocol, which can be Empty and Stable too. */
export type GroupStateName =
  'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Assigning' | 'Reconciling';

/** A group as a coordinator has it. */
export interface GroupView {
  readonly groupId: string;
  readonly coordinator: BrokerId;
  /** The protocol that its coordinator has it under. */
  readonly type: 'classic' | 'consumer' | 'share';
  readonly state: GroupStateName;
  /** Or the epoch of a group of the consumer protocol. */
  readonly generation: number;
  readonly members: readonly GroupMemberView[];
  readonly committed: readonly CommittedView[];
}

export interface GroupMemberView {
  readonly memberId: string;
  readonly clientId: string;
  /** What was given to it; under the consumer protocol also what it has yet to give up. */
  readonly assigned: readonly TopicPartitionName[];
}

/** A committed offset: the next one to read. */
export interface CommittedView extends PartitionPlace {
  readonly offset: number;
}

/** A member of a group as it sees itself. */
export interface MemberView {
  readonly node: NodeId;
  readonly groupId: string;
  readonly memberId: string;
  /** −1 while it is not a member. */
  readonly generation: number;
  /** It has joined and has its assignment. */
  readonly stable: boolean;
  /** By its `isolation.level`. */
  readonly readCommitted: boolean;
  readonly owned: readonly OwnedView[];
}

export interface OwnedView {
  readonly name: TopicPartitionName;
  /** Next offset to read, −1 while it is not known. */
  readonly position: number;
}

/** A stream processing application: what it was asked to do, and what its instances hold. */
export interface ApplicationView {
  readonly id: string;
  readonly topology: readonly TopologyNode[];
  /** By its `processing.guarantee`, as the scenario has it. */
  readonly exactlyOnce: boolean;
  readonly instances: readonly NodeId[];
  /** Of all running instances, also those that they have only on their disks. */
  tasks(): readonly TaskView[];
}

export interface TaskView {
  readonly node: NodeId;
  /** `subtopology_partition`. */
  readonly task: string;
  readonly running: boolean;
  /** Nothing was processed since the last commit. */
  readonly clean: boolean;
  readonly stores: readonly StoreView[];
  /** What lies on the disk; undefined without a checkpoint. */
  readonly checkpoint: CheckpointView | undefined;
}

/** The stores of a task as of a checkpoint. */
export interface CheckpointView {
  /** Changelog → offset behind the last record that its store is said to hold. */
  readonly offsets: ReadonlyMap<TopicPartitionName, number>;
  readonly stores: readonly StoreView[];
}

/** A store that is logged. */
export interface StoreView {
  readonly name: string;
  readonly changelog: TopicPartitionName;
  /** Entries as the changelog would hold them. */
  visit(visit: (key: Bytes, value: Bytes) => void): void;
}
