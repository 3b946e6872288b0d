import type { NodeStatus } from './entities/node.ts';
import type { BrokerId, NodeId, TopicPartitionName } from './ids.ts';
import type { TraceEvent } from './trace-event.ts';
import type { ApplicationView } from './views/application.ts';
import type { ProducerView, ReaderView, TransactorView, WorkingGroupView } from './views/client.ts';
import type { GroupView, MemberView, StoredCommitView, TransactionView } from './views/group.ts';
import type { BatchView, LogView, ReplicaView } from './views/log.ts';
import type { ShareView } from './views/share.ts';
import type { SimTime } from '../base/time.ts';

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
  /** ms since 1970. */
  readonly wallClockMs: number;
  /** It may forget producers whose newest record is as old as this, when it starts and now and then; ms since 1970. */
  readonly forgetsBefore: number;
  /** A directory is out of use: what lies there is not served until it is repaired and the broker starts again. */
  readonly lacksDirectory: boolean;
  /** Empty while down. The same list as long as the process hosts the same replicas. */
  readonly replicas: readonly ReplicaView[];
  /** What share groups have of partitions that it leads; empty while down. */
  shares(): readonly ShareView[];
  /** What lies on the disk, also while the process is down; undefined for a partition that it does not hold. */
  stored(name: TopicPartitionName): LogView | undefined;
}
