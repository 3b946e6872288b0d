import type { BrokerConfig } from '../api/config/broker-config.ts';
import type { ConfigOverrides } from '../api/config/config-key.ts';
import type { MetadataImage } from '../metadata/metadata-image.ts';
import type { SimTime } from '../base/time.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { FetchRequestPartition } from '../protocol/fetch.ts';

/** Given to the program `controller` at each start. */
export interface ControllerConfig {
  /** Its `node.id`; the leader of the metadata log. */
  readonly nodeId: number;
  readonly clusterId: string;
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
  /** By broker id; lost when the controller dies. */
  readonly sessions: ReadonlyMap<number, BrokerSession>;
}

/** What one life of a controller remembers. */
export interface ControllerMemory extends Cluster {
  readonly nodeId: number;
  /** Epoch of this leader of the metadata log: one more at each start. */
  readonly leaderEpoch: number;
  readonly sessions: Map<number, BrokerSession>;
  parkedFetches: ParkedFetch[];
}

/**
 * What heartbeats told of a registered broker (Kafka's `BrokerHeartbeatManager` and `BrokerHeartbeatTracker`). It is not
 * in the metadata log: a controller that starts gives every unfenced broker a whole session to show up.
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

/** A fetch of metadata that waits for something new. */
export interface ParkedFetch {
  readonly connection: ConnectionId;
  readonly correlationId: number;
  readonly maxBytes: number;
  readonly partition: FetchRequestPartition;
}
