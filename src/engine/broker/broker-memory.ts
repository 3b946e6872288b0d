import type { BrokerConfig } from '../api/config/broker-config.ts';
import type { ConfigOverrides } from '../api/config/config-key.ts';
import type { Before } from '../api/improvements.ts';
import type { RequestMicros } from '../api/scenario.ts';
import type { GroupCoordinator } from '../coordinator/group/shard-state.ts';
import type { TransactionCoordinator } from '../coordinator/transaction/coordinator-state.ts';
import type { ShareCoordinator } from '../coordinator/share/share-state.ts';
import type { MetadataImage } from '../metadata/metadata-image.ts';
import type { ApiName, RequestMessage } from '../protocol/message.ts';
import type { ProduceResponsePartitionResponse } from '../protocol/produce.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { SimTime } from '../base/time.ts';
import type { ConnectionId, NodeId } from '../sim/event.ts';
import type { NodeContext } from '../sim/node-context.ts';
import type { BrokerChannel } from './broker-channel.ts';
import type { ControllerQuorum } from './controller-quorum.ts';
import type { ControllerChannel, ControllerChannelName, PendingCall } from './controller-channel.ts';
import type { Acceptor } from './connection-limits.ts';
import type { RateWindow } from './rate-window.ts';
import type { RequestHandlers } from './request-handlers.ts';
import type { Reader } from './fetch-read.ts';
import type { FetchSession } from './fetch-session.ts';
import type { LogDirectories } from './log-directories.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Replica } from './replica.ts';
import type { ReplicaFetcher } from './fetcher-state.ts';
import type { LatestOffsetsClient } from './latest-offsets.ts';
import type { DelayedShare } from './share-fetch.ts';
import type { SharePartition } from './share-partition.ts';
import type { ShareSession } from './share-session.ts';
import type { SharePersister, ShareQuestion } from './share-memory.ts';
import type { Verifications } from './txn-verification.ts';

/** Given to the program `broker` at each start. Frozen. */
export interface BrokerProgramConfig {
  readonly brokerId: number;
  readonly clusterId: string;
  /** The machine of each controller, by its `node.id`. */
  readonly controllers: Readonly<Record<number, NodeId>>;
  /** The machine of each broker, by broker id, this one included. */
  readonly peers: Readonly<Record<number, NodeId>>;
  readonly rack: string | null;
  /** Improvements that it is without; left out: none. */
  readonly before?: Before;
  /** What requests take of its handler threads; left out: as little as by default. */
  readonly requestMicros?: RequestMicros;
  /** What the reading of one record of a coordinator’s log takes; left out: 10 µs. */
  readonly coordinatorLoadMicros?: number;
  /** Keys of server.properties. */
  readonly overrides: ConfigOverrides;
}

/** What one life of a broker remembers. Plain data; what must outlive it is on the node's disk. */
export interface BrokerMemory {
  readonly settings: BrokerProgramConfig;
  /** In force now: server.properties, and over it what the metadata says of brokers. */
  config: BrokerConfig;
  readonly lifecycle: Lifecycle;
  readonly image: MetadataImage;
  /** Null for a broker with a single one, which ends with it. */
  readonly directories: LogDirectories | null;
  /** Replicas on this broker by topic id, then partition. */
  readonly replicas: Map<Uuid, Map<number, Replica>>;
  /** How often a replica was taken up or given up. */
  replicaChanges: number;
  readonly requests: RequestState;
  readonly handlers: RequestHandlers;
  /** Null while nothing has limited connections. */
  acceptor: Acceptor | null;
  readonly quorum: ControllerQuorum;
  readonly controller: Map<ControllerChannelName, ControllerChannel>;
  /** By the broker that leads. */
  readonly fetchers: Map<number, ReplicaFetcher>;
  readonly purgatory: Purgatory;
  /** Fetch sessions by id. */
  readonly sessions: Map<number, FetchSession>;
  /** How many answers were to begin a session: the shards of their cache take turns. */
  fetchSessionsAsked: number;
  readonly isrChanges: IsrChanges;
  readonly producerIds: ProducerIds;
  /** What clients with quotas sent and took lately, by quota and who shares it. */
  readonly rates: Map<string, RateWindow>;
  /** Until when who shares a quota was told to be silent, by the names of `rates`. */
  readonly silences: Map<string, SimTime>;
  readonly coordinator: GroupCoordinator;
  readonly transactions: TransactionCoordinator;
  readonly shareCoordinator: ShareCoordinator;
  readonly sharePersister: SharePersister;
  readonly latestOffsets: LatestOffsetsClient;
  /** Requests about offsets of share groups, by their token. */
  readonly shareQuestions: Map<number, ShareQuestion>;
  /** Where share groups stand in partitions that this broker leads, by `group:topic id:partition`. */
  readonly sharePartitions: Map<string, SharePartition>;
  /** By `group/member`. */
  readonly shareSessions: Map<string, ShareSession>;
  /** By token, in order of arrival. */
  readonly delayedShares: Map<number, DelayedShare>;
  /** Coordinators' partitions whose high watermark moved in this event; they are told at its end. */
  movedCoordinatorPartitions: Replica[];
  /** Partitions that coordinators appended to in this event. */
  grownCoordinatorPartitions: Replica[];
  /** By purpose and broker. */
  readonly brokerChannels: Map<string, BrokerChannel>;
  readonly verifications: Verifications;
  /** Clients' requests that the controller did not answer, to be passed on again. */
  unsentForwards: PendingCall[];
}

/** Requests that came in. */
export interface RequestState {
  readonly channels: Map<ConnectionId, Channel>;
  /** Requests being worked on, by token. */
  readonly active: Map<number, ActiveRequest>;
  nextToken: number;
  /** Connections whose request was answered in this event: the next may be looked at. */
  ready: ConnectionId[];
}

/** A connection is worked off one request at a time, as a muted channel of Kafka. */
export interface Channel {
  /** Token of the request that is being worked on, 0 for none, below 0 while the connection is not accepted. */
  token: number;
  queue: RequestMessage[];
  /** Its client is over a quota: nothing is taken up before. */
  mutedUntil: SimTime;
  /** When a request came or an answer went over it last. */
  lastActiveAt: SimTime;
}

export interface ActiveRequest {
  readonly connection: ConnectionId;
  readonly correlationId: number;
  readonly api: ApiName;
  /** The client that its time counts for; null once it is counted, and for what brokers ask each other. */
  payer: string | null;
  /** What its bytes are counted for; null where no quota is set, and for other brokers. */
  measured: MeasuredRequest | null;
}

/** A request whose client may have a quota. Frozen. */
export interface MeasuredRequest {
  readonly key: 'producer_byte_rate' | 'consumer_byte_rate';
  readonly clientId: string;
  /** Of a produce, or of the answer to a fetch. */
  readonly bytes: number;
}

/** Requests that wait for something of a partition; by token, in order of arrival. */
export interface Purgatory {
  readonly produces: Map<number, DelayedProduce>;
  readonly fetches: Map<number, DelayedFetch>;
  readonly deletes: Map<number, DelayedDelete>;
  /** When the timer of each kind rings. */
  readonly armed: Map<PurgatoryKind, SimTime>;
}

export type PurgatoryKind = 'produces' | 'fetches' | 'deletes';

export interface DelayedProduce {
  readonly deadline: SimTime;
  readonly responses: DelayedResponse[];
  /** Partitions that are not decided. */
  missing: number;
  /** Null for a produce; else these are markers, and each response is for one of them. */
  readonly markers: readonly MarkerPlace[] | null;
}

/** A partition's place in a WriteTxnMarkers. Frozen. */
export interface MarkerPlace {
  readonly producerId: number;
  readonly topic: string;
}

export interface DelayedResponse {
  readonly topicId: Uuid;
  /** The answer if all goes well; frozen. */
  answer: ProduceResponsePartitionResponse;
  /** The high watermark it waits for. */
  readonly requiredOffset: number;
  settled: boolean;
}

export interface DelayedFetch extends Reader {
  readonly deadline: SimTime;
}

export interface DelayedDelete {
  readonly deadline: SimTime;
  readonly partitions: DelayedDeletePartition[];
}

export interface DelayedDeletePartition {
  readonly topic: string;
  readonly topicId: Uuid;
  readonly partition: number;
  /** The low watermark it waits for. */
  readonly requiredOffset: number;
  errorCode: number;
  lowWatermark: number;
  settled: boolean;
}

/** Changes of ISRs that the controller has to be asked for, and those under way, in order. */
export interface IsrChanges {
  unsent: IsrChange[];
  inFlight: IsrChange[];
}

/** What a leader wishes, and the state of the partition in which it wished it. Frozen. */
export interface IsrChange {
  readonly topicId: Uuid;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly isr: readonly number[];
}

/** Producer ids that the controller gave to this broker: those in use, and the block after them. */
export interface ProducerIds {
  next: number;
  end: number;
  nextBlock: { readonly start: number; readonly end: number } | null;
  requested: boolean;
}

/** What handlers work with: the broker's memory and its node. Made anew for every event. */
export interface Broker {
  readonly memory: BrokerMemory;
  readonly context: NodeContext;
}

/** The machine of a broker; undefined if nobody said where it is. */
export const nodeOfBroker = ({ settings }: BrokerMemory, brokerId: number): NodeId | undefined =>
  settings.peers[brokerId];
