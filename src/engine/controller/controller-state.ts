import type { BrokerConfig } from '../api/config/broker-config.ts';
import type { ConfigOverrides } from '../api/config/config-key.ts';
import type { MetadataImage } from '../metadata/metadata-image.ts';
import type { SimTime } from '../base/time.ts';
import type { TraceEventData } from '../api/trace-event.ts';
import type { ApiName, ResponseBody } from '../protocol/message.ts';
import type { Raft } from '../raft/raft-state.ts';
import type { TokenBucket } from './mutation-quota.ts';
import type { ConnectionId, NodeId } from '../sim/event.ts';

/** Given to the program `controller` at each start. */
export interface ControllerConfig {
  /** Its `node.id`. */
  readonly nodeId: number;
  readonly clusterId: string;
  /** The machine of each controller by `node.id`, this one included. Without it this one is alone. */
  readonly voters?: Readonly<Record<number, NodeId>>;
  /** Keys of server.properties. */
  readonly overrides: ConfigOverrides;
  /** Levels of features that a new cluster begins with, where they are not the release's. */
  readonly features?: Readonly<Record<string, number>>;
}

/**
 * The cluster as the controller sees it. Whoever decides reads this and changes nothing: the image is written by the
 * replay of the metadata log, sessions by heartbeats.
 */
export interface Cluster {
  readonly clusterId: string;
  readonly config: BrokerConfig;
  readonly overrides: ConfigOverrides;
  readonly image: MetadataImage;
  /** By broker id; only the active controller knows. */
  readonly sessions: ReadonlyMap<number, BrokerSession>;
}

/** What one life of a controller remembers. */
export interface ControllerMemory extends Cluster {
  /** Levels of features that a new cluster begins with. */
  readonly features: Readonly<Record<string, number>>;
  /** Its part in the quorum that replicates the metadata log. */
  readonly raft: Raft;
  /** What is committed, as far as this controller knows. */
  readonly committed: MetadataImage;
  /** Bytes of records that were committed since the last snapshot, or since this life began. */
  bytesSinceSnapshot: number;
  /** Epoch in which this controller is the active one; −1 while it is not. */
  activeEpoch: number;
  /** Up to the end of the log, committed or not; empty while this controller is not active. */
  image: MetadataImage;
  readonly sessions: Map<number, BrokerSession>;
  /** What clients with a quota for changes have left, by quota and who shares it. */
  readonly mutations: Map<string, TokenBucket>;
  /** What waits until its records are committed, in the order of the log. */
  deferred: Deferred[];
}

/** What the world hears of a decision once it is committed. Frozen. */
export interface Deferred {
  /** The log must be committed up to here. */
  readonly offset: number;
  readonly facts: readonly TraceEventData[];
  readonly answer: Answer | null;
}

export interface Answer {
  readonly connection: ConnectionId;
  readonly correlationId: number;
  readonly api: ApiName;
  readonly body: ResponseBody<ApiName>;
}

/**
 * What heartbeats told of a registered broker (Kafka's `BrokerHeartbeatManager` and `BrokerHeartbeatTracker`). It is not
 * in the metadata log: a controller that becomes active gives every unfenced broker a whole session to show up.
 */
export interface BrokerSession {
  /** Offset of the broker's RegisterBrokerRecord. */
  readonly registeredAt: number;
  /** Time of the last heartbeat of this incarnation; −1 before the first. */
  lastContactAt: SimTime;
  /** Whether the broker is believed to be there until the session timeout has passed. */
  open: boolean;
  /** Highest metadata offset that the broker reported; −1 before the first heartbeat. */
  metadataOffset: number;
  /** Brokers must have seen the metadata up to here before this one may stop; −1: it does not want to. */
  controlledShutdownOffset: number;
}
