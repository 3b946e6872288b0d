import type { Detail } from './detail.ts';
import type { ApplicationEntity, TaskEntity } from './entities/application.ts';
import type { GroupEntity } from './entities/group.ts';
import type { NodeEntity } from './entities/node.ts';
import type { PartitionEntity, TopicEntity } from './entities/partition.ts';
import type { ProducerEntity, TransactionEntity } from './entities/producer.ts';
import type { NodeId, TopicPartitionName } from './ids.ts';
import type { TraceEvent } from './trace-event.ts';
import type { SimTime } from '../base/time.ts';

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
