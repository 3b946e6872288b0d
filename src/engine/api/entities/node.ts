import type { BrokerId, NodeId, TopicPartitionName } from '../ids.ts';
import type { ClientQuotaKey } from '../quota.ts';
import type { SimDuration, SimTime } from '../../base/time.ts';

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
  /** Of an application's instance that works in transactions, or did so before it went down: one for each thread. */
  readonly transactionalIds?: readonly string[];
  /** Of an application's instance that is up. */
  readonly instance?: InstanceFacts;
}

/** A process of an application, with its stream threads. */
export interface InstanceFacts {
  /** `KafkaStreams.State`. */
  readonly state: string;
  readonly processId: string;
  /** In the order in which they were made. */
  readonly threads: readonly ThreadFacts[];
}

export interface ThreadFacts {
  /** From 1; the end of its name. */
  readonly index: number;
  readonly name: string;
  /** `StreamThread.State`. */
  readonly state: string;
  /** Ids of its tasks, in order. */
  readonly tasks: readonly string[];
  /** Of the copies that it keeps. */
  readonly standbys: readonly string[];
  /** What ended it, in Kafka's words; left out: nothing has. */
  readonly failure?: string;
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
  /** Absent while it is down. */
  readonly handlers?: HandlerFacts;
  /** Of clients that it has held to a quota in this life; absent if there are none. */
  readonly quotas?: readonly QuotaFacts[];
  /** Copying that holds to a rate (KIP-73); absent while no partition on this broker does. */
  readonly throttles?: readonly ThrottleFacts[];
  /** In the order of `log.dirs`; absent for a single one that works. */
  readonly directories?: readonly DirectoryFacts[];
}

/** The threads that work on requests (`num.io.threads`). */
export interface HandlerFacts {
  readonly threads: number;
  readonly busy: number;
  /** Connections with a request that no thread has time for. */
  readonly waiting: number;
}

/** What a client, or all of them together, used of a quota on one broker. */
export interface QuotaFacts {
  readonly key: ClientQuotaKey;
  /** Null for all clients of the user together. */
  readonly clientId: string | null;
  /** Bytes a second, or percent of a thread, over the samples of `quota.window.num`. */
  readonly rate: number;
  /** As {@link rate}. */
  readonly limit: number;
  /** µs for which it was told to send nothing more here; 0 if it may send. */
  readonly silentFor: SimDuration;
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
