import type { SimTime } from '../base/time.ts';
import type { GroupStateName } from './cluster-view.ts';
import type { Detail } from './detail.ts';
import type { BrokerId, NodeId, TopicPartitionName } from './ids.ts';
import type { TraceEvent } from './trace-event.ts';

/**
 * What the page is told: only entities that changed since the last frame it acknowledged, each whole and small. A frame
 * of another generation than the page's belongs to a past that was left and is dropped.
 */
export interface Frame {
  /** Raised by seek, undo, and a new scenario: then the frame holds every entity. */
  readonly generation: number;
  readonly at: SimTime;
  /** Engine events executed since the start of the run. */
  readonly eventCount: number;
  readonly changed: readonly Entity[];
  readonly removed: readonly EntityId[];
  /** Messages under way, oldest first, at most {@link PACKETS_MAX}; only while playing slowly enough to see them. */
  readonly packets: readonly Packet[];
  /** New trace events, oldest first: the newest {@link EVENTS_MAX}, and of those before them what `NARRATED` has. */
  readonly events: readonly TraceEvent[];
  /** New trace events that did not fit. */
  readonly eventsDropped: number;
  /** New points of the timeline's curves. */
  readonly samples: readonly Sample[];
  /** Answers to what the page watches, see `watch`. */
  readonly details: readonly Detail[];
}

export const PACKETS_MAX = 200;
export const EVENTS_MAX = 500;

export type EntityId = string;

export type Entity =
  | ClusterEntity
  | NodeEntity
  | TopicEntity
  | PartitionEntity
  | ProducerEntity
  | ApplicationEntity
  | TaskEntity
  | GroupEntity
  | TransactionEntity
  | LinkEntity;

/** The whole, in sums. Id `cluster`. */
export interface ClusterEntity {
  readonly kind: 'cluster';
  readonly id: 'cluster';
  readonly scenario: string;
  readonly seed: number;
  readonly brokersUp: number;
  readonly brokers: number;
  readonly underReplicated: number;
  readonly offline: number;
  readonly ledger: Ledger;
}

/**
 * What became of the tape's records, as an outsider counts: `asked` were handed to producers; of these `acknowledged`
 * got an ack and `failed` a final error. `lost` were acknowledged and are on no replica that leads or may lead any more;
 * `duplicated` stand more than once in the log. `counted` is the sum that the applications' windows and drops account for:
 * `droppedLate` came after their window had closed, `droppedUnkeyed` have no key to be counted by.
 */
export interface Ledger {
  readonly asked: number;
  readonly acknowledged: number;
  readonly failed: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly counted: number;
  readonly droppedLate: number;
  readonly droppedUnkeyed: number;
}

export type NodeRole = 'broker' | 'controller' | 'producer' | 'application' | 'consumer';
export type NodeStatus = 'up' | 'paused' | 'down';

/** One machine. Id is its node id. */
export interface NodeEntity {
  readonly kind: 'node';
  readonly id: NodeId;
  readonly role: NodeRole;
  /** Short name on the stage: B1, P1, V1, C1. */
  readonly label: string;
  readonly status: NodeStatus;
  /** An orderly stop is under way. */
  readonly stopping: boolean;
  /** When `status` last changed. */
  readonly since: SimTime;
  /** Number of lives begun. */
  readonly incarnation: number;
  readonly broker?: BrokerFacts;
  /** Of a controller that is up. */
  readonly controller?: ControllerFacts;
  /** The application or group it belongs to. */
  readonly memberOf?: string;
}

/** A controller's place in the quorum of controllers, as it sees it itself. */
export interface ControllerFacts {
  /** It decides for the cluster. One that was cut off or paused may believe so for a while after another does. */
  readonly active: boolean;
  /** Of the quorum. */
  readonly epoch: number;
  readonly role: 'unattached' | 'follower' | 'prospective' | 'candidate' | 'leader' | 'resigned';
  /** The leader of this epoch as this controller knows it, '' while it knows none. */
  readonly leader: NodeId;
  /** Those who vote, in order of their ids. */
  readonly voters: readonly NodeId[];
  /** Offset that the next record of its metadata log gets. */
  readonly logEnd: number;
  /** Offset up to which the cluster's metadata is committed. */
  readonly committedOffset: number;
}

export interface BrokerFacts {
  readonly brokerId: BrokerId;
  /** −1 before registration. */
  readonly brokerEpoch: number;
  /** As the controller sees it. */
  readonly fenced: boolean;
  /** Partitions that name it leader; a broker that is down is named until it is fenced. */
  readonly leads: number;
  /** While it is down: on its disk, as the next. */
  readonly replicas: number;
  /** −1 before the first. */
  readonly lastHeartbeatAt: SimTime;
  /** Offset of the metadata log up to which it has applied what is committed; absent while it is down. */
  readonly metadataOffset?: number;
  readonly bytesStored: number;
  /** Absent while it is down. */
  readonly connections?: ConnectionFacts;
  /** Copying that holds to a rate (KIP-73); absent while no partition on this broker does. */
  readonly throttles?: readonly ThrottleFacts[];
  /** In the order of `log.dirs`; absent for a single one that works. */
  readonly directories?: readonly DirectoryFacts[];
}

/** Connections that others have opened to a broker. */
export interface ConnectionFacts {
  readonly accepted: number;
  /** Absent while nothing has limited them in this life. */
  readonly limited?: LimitedConnections;
}

/** What limits did to connections in this life. */
export interface LimitedConnections {
  /** Not accepted yet, or held to be closed. */
  readonly waiting: number;
  /** Had to wait. */
  readonly delayed: number;
  /** Closed at once. */
  readonly refused: number;
  /** Closed after a time. */
  readonly throttled: number;
}

/** A log directory. */
export interface DirectoryFacts {
  readonly path: string;
  /** `waiting`: it works again and is used from the broker's next start on. */
  readonly state: 'online' | 'failed' | 'waiting';
  /** That have a log there. */
  readonly partitions: readonly TopicPartitionName[];
  /** Copied into it from another directory, and not in use there yet (KIP-113). */
  readonly arriving: readonly TopicPartitionName[];
}

/** The throttled partitions that a broker leads, or those that it follows. */
export interface ThrottleFacts {
  readonly side: 'leader' | 'follower';
  readonly partitions: number;
  /** Over the samples of `replication.quota.window.num`. */
  readonly bytesPerSecond: number;
  /** Null for none. */
  readonly limit: number | null;
}

/** Id `topic:<name>`. */
export interface TopicEntity {
  readonly kind: 'topic';
  readonly id: EntityId;
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly minInsyncReplicas: number;
  readonly internal: boolean;
  /** Mean of the last second of simulated time. */
  readonly recordsPerSecond: number;
}

/** Id `partition:<topic>-<n>`. Leader, epoch and ISR as the controller has them. */
export interface PartitionEntity {
  readonly kind: 'partition';
  readonly id: EntityId;
  readonly name: TopicPartitionName;
  readonly topic: string;
  readonly partition: number;
  /** −1: offline. */
  readonly leader: BrokerId;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  /** In order of preference. */
  readonly replicas: readonly BrokerId[];
  readonly isr: readonly BrokerId[];
  /** Out of the ISR, but known to have everything committed (KIP-966); absent when there is none. */
  readonly elr?: readonly BrokerId[];
  /** The leader of before, while nobody leads; absent when there is none. */
  readonly lastKnownElr?: readonly BrokerId[];
  /** In the order of `replicas`. */
  readonly states: readonly ReplicaState[];
  /** Without a marker yet, as the leader knows them, oldest first; absent when there is none. */
  readonly openTransactions?: readonly OpenTransaction[];
  readonly recordsPerSecond: number;
}

/** A transaction in a partition's log that nobody has ended there yet. */
export interface OpenTransaction {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly firstOffset: number;
}

/** At most so many are listed of a partition. */
export const OPEN_TRANSACTIONS_MAX = 20;

export interface ReplicaState {
  readonly broker: BrokerId;
  /** False when its broker is not up. */
  readonly online: boolean;
  /** What the broker itself believes. */
  readonly role: 'leader' | 'follower' | 'none';
  readonly logStart: number;
  readonly highWatermark: number;
  readonly logEnd: number;
  readonly leaderEpoch: number;
  /** Last stable offset; absent while no transaction has written to the log, and when its broker is not up. */
  readonly lastStable?: number;
  /** It holds to a rate while it is copied, in the role that it has now (KIP-73); absent if it does not. */
  readonly throttled?: true;
}

/** Id `producer:<node>`. */
export interface ProducerEntity {
  readonly kind: 'producer';
  readonly id: EntityId;
  readonly node: NodeId;
  readonly topic: string;
  readonly tapeTotal: number;
  /** Records handed to send(). */
  readonly sent: number;
  readonly buffered: number;
  readonly inFlight: number;
  readonly acknowledged: number;
  readonly failed: number;
  readonly bufferBytes: number;
  readonly bufferBytesMax: number;
  readonly recordsPerSecond: number;
  /** Records of each partition that wait or are in flight, by partition. */
  readonly waitingByPartition: readonly number[];
  /** Of a transactional producer that is up. */
  readonly transactions?: ProducerTransactions;
}

export interface ProducerTransactions {
  readonly transactionalId: string;
  readonly phase: 'starting' | 'ready' | 'open' | 'flushing' | 'committing' | 'aborting' | 'ended';
  /** Rows of the present transaction. */
  readonly rows: number;
  /** Transactions of this life that ended so, and the rows of the committed ones. */
  readonly committed: number;
  readonly aborted: number;
  readonly rowsCommitted: number;
}

/** A transactional id as its coordinator has it. Id `transaction:<transactional id>`. */
export interface TransactionEntity {
  readonly kind: 'transaction';
  readonly id: EntityId;
  readonly name: string;
  readonly coordinator: BrokerId;
  /** As DescribeTransactions tells it. */
  readonly state: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly timeoutMs: number;
  /** When the present transaction began, −1 without one. */
  readonly startedAt: SimTime;
  /** Partitions of the present transaction that have no marker yet. */
  readonly partitions: readonly TopicPartitionName[];
}

/** Id `application:<id>`. */
export interface ApplicationEntity {
  readonly kind: 'application';
  readonly id: EntityId;
  readonly name: string;
  readonly instances: readonly NodeId[];
  readonly subtopologies: readonly SubtopologyFacts[];
  readonly windows: WindowFacts | null;
  readonly droppedLate: number;
  readonly processed: number;
  /** Records for its own topics, changelogs included, that its producers hold or that are not acknowledged yet. */
  readonly passingOn: number;
  readonly recordsPerSecond: number;
}

export interface SubtopologyFacts {
  readonly id: number;
  readonly sources: readonly string[];
  readonly sinks: readonly string[];
  readonly stores: readonly string[];
  /** Short words for what it does: `re-key`, `count per minute`. */
  readonly label: string;
}

/** Windows over all tasks, newest first. */
export interface WindowFacts {
  readonly sizeMs: number;
  readonly advanceMs: number;
  readonly graceMs: number;
  /** Highest stream time of a task, −1 before the first record. */
  readonly streamTime: number;
  readonly rows: readonly WindowRow[];
  readonly closed: number;
  /** Older rows that are not listed. */
  readonly rowsHidden: number;
}

export interface WindowRow {
  readonly start: number;
  readonly end: number;
  readonly state: 'open' | 'grace' | 'closed';
  readonly keys: number;
  /** Records counted in it. */
  readonly count: number;
}

/** Id `task:<application>/<id>`. */
export interface TaskEntity {
  readonly kind: 'task';
  readonly id: EntityId;
  readonly application: string;
  /** `subtopology_partition`, as Kafka Streams names it. */
  readonly task: string;
  readonly subtopology: number;
  readonly partition: number;
  /** '' while nobody has it. */
  readonly instance: NodeId;
  readonly state: 'unassigned' | 'created' | 'restoring' | 'running' | 'closed';
  readonly inputs: readonly TopicPartitionName[];
  readonly buffered: number;
  readonly processed: number;
  readonly streamTime: number;
  readonly droppedLate: number;
  /** Entries of its stores. */
  readonly storeEntries: number;
  /** Changelog records still to read. */
  readonly restoreRemaining: number;
  readonly recordsPerSecond: number;
}

/** Id `group:<id>`. */
export interface GroupEntity {
  readonly kind: 'group';
  readonly id: EntityId;
  readonly name: string;
  readonly state: GroupStateName | 'Dead' | 'unknown';
  /** Or the epoch of a group of the consumer protocol. */
  readonly generation: number;
  /** Of a group of the consumer protocol (KIP-848): the epoch that its target was computed for. Absent in a classic group. */
  readonly assignmentEpoch?: number;
  readonly protocol: string;
  /** Broker that coordinates it, −1 if none. */
  readonly coordinator: BrokerId;
  readonly members: readonly GroupMember[];
  readonly partitions: readonly GroupPartition[];
  /** Of a share group (KIP-932): where it stands in each partition. */
  readonly share?: readonly SharePartitionState[];
  readonly recordsPerSecond: number;
  /** Of a group that reads what tapes are played into. */
  readonly processing?: Processing;
}

/**
 * What became of the rows of tapes in a group's hands, as an outsider counts who hears what its members say that they are
 * done with. Each row is counted once: `processed`; of these `repeated` more than once, and `disordered` for the first time
 * after a record behind it in its partition. `skipped` rows were not processed, and nobody will: the group has
 * committed a later offset or retention has deleted them, and no member has them in hand. Of a compacted topic only the
 * last record of each key counts as skipped, and its deletion only if the key was known to the group.
 */
export interface Processing {
  readonly processed: number;
  readonly repeated: number;
  readonly disordered: number;
  readonly skipped: number;
}

/** Where a share group stands in a partition, as the partition's leader has it. */
export interface SharePartitionState {
  readonly name: TopicPartitionName;
  /** Share-partition start offset: all before it is done with. −1 while the leader does not know. */
  readonly start: number;
  /** Share-partition end offset: the last one that was ever acquired; one before `start` if there is none. */
  readonly end: number;
  /** Records from `start` to `end` that somebody has, that wait to be delivered again, and that are done with. */
  readonly acquired: number;
  readonly available: number;
  readonly completed: number;
  /** From `start` on, neighbours in the same state in one; the first ones, and how many more there are. */
  readonly runs: readonly ShareRun[];
  readonly moreRuns: number;
}

export interface ShareRun {
  readonly first: number;
  readonly last: number;
  readonly state: 'Available' | 'Acquired' | 'Acknowledged' | 'Archived';
  /** How often they have been delivered. */
  readonly deliveries: number;
  /** Who has them, '' for nobody. */
  readonly node: NodeId;
  /** When their lock is over, −1 without one. */
  readonly lockedUntil: SimTime;
}

export interface GroupMember {
  readonly memberId: string;
  readonly node: NodeId;
  /** Its epoch as the coordinator has it; under the classic protocol the generation that the member believes in. */
  readonly epoch: number;
  /** What it believes to own. */
  readonly owned: readonly TopicPartitionName[];
  /** What it was given, without what it has to give up. */
  readonly assigned: readonly TopicPartitionName[];
  /** It has to give these up. */
  readonly giving: readonly TopicPartitionName[];
  /** It is to have these, and does not own them yet. */
  readonly coming: readonly TopicPartitionName[];
}

export interface GroupPartition {
  readonly name: TopicPartitionName;
  /** Node that owns it by its own knowledge, '' if nobody. */
  readonly owner: NodeId;
  /** Next offset that the owner reads, −1 if nobody. */
  readonly position: number;
  /** −1 without a commit. */
  readonly committed: number;
  /** High watermark of the leader, −1 without a leader. */
  readonly end: number;
  /** Records from `position` (or `committed` without an owner) to `end`. */
  readonly lag: number;
  /** Age of the oldest unread record by append time, in simulated ms; 0 without lag. */
  readonly lagMs: number;
  readonly recordsPerSecond: number;
}

/** Only links that are not as they should be. Id `link:<a>~<b>`. */
export interface LinkEntity {
  readonly kind: 'link';
  readonly id: EntityId;
  readonly a: NodeId;
  readonly b: NodeId;
  readonly cut: boolean;
  readonly extraMicros: number;
  readonly held: number;
}

/** One message under way. */
export interface Packet {
  readonly id: number;
  readonly from: NodeId;
  readonly to: NodeId;
  readonly sentAt: SimTime;
  readonly arrivesAt: SimTime;
  /** API name, with `response` for answers. */
  readonly api: string;
  readonly response: boolean;
  readonly sizeInBytes: number;
  /** Records carried, and the partitions they are for. */
  readonly records: number;
  readonly partitions: readonly TopicPartitionName[];
}

/** A point of the timeline's curves; taken every {@link SAMPLE_INTERVAL} of simulated time. */
export interface Sample {
  readonly at: SimTime;
  readonly waitingInProducers: number;
  /** Lag of each group and application input topic, by `group/topic`. */
  readonly waiting: Readonly<Record<string, number>>;
  readonly recordsPerSecond: number;
  readonly underReplicated: number;
  readonly streamTime: number;
}

/** In microseconds: a quarter of a second. */
export const SAMPLE_INTERVAL = 250_000;
