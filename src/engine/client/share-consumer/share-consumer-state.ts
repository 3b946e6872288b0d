import type { SimTime } from '../../base/time.ts';
import type { ShareConsumerConfig } from '../../api/config/share-consumer-config.ts';
import type { TopicPartitionName } from '../../api/ids.ts';
import type { RecordBatch } from '../../protocol/record-batch.ts';
import type { Uuid } from '../../protocol/uuid.ts';
import type { NodeId } from '../../sim/event.ts';
import type { CoordinatorLink } from '../consumer/consumer-state.ts';
import { newNetworkClient, NEVER, type NetworkClient } from '../network/network-client.ts';

/** What a member says of a record (`AcknowledgeType`); a gap is an offset at which there is no record. */
export const ACKNOWLEDGE = { GAP: 0, ACCEPT: 1, RELEASE: 2, REJECT: 3, RENEW: 4 } as const;
export type AcknowledgeType = (typeof ACKNOWLEDGE)[keyof typeof ACKNOWLEDGE];

/** A partition by its id and its name. Frozen. */
export interface SharedPlace {
  readonly name: TopicPartitionName;
  readonly topicId: Uuid;
  readonly partition: number;
}

/** What is said of neighbouring offsets, both included. Frozen. */
export interface Acknowledgement {
  readonly first: number;
  readonly last: number;
  readonly type: AcknowledgeType;
}

/** Acknowledgements of one partition, for the broker that gave the records. Frozen. */
export interface PlaceAcknowledgements {
  readonly place: SharedPlace;
  readonly acknowledgements: readonly Acknowledgement[];
}

/** What one of the consumer's requests was for. */
export type ShareRequest =
  | { readonly type: 'metadata' }
  | { readonly type: 'find-coordinator' }
  | { readonly type: 'heartbeat'; readonly memberEpoch: number }
  | { readonly type: 'leave' }
  | { readonly type: 'fetch'; readonly epoch: number; readonly said: readonly PlaceAcknowledgements[] }
  | { readonly type: 'acknowledge'; readonly epoch: number; readonly said: readonly PlaceAcknowledgements[] };

/** Acquired records of one batch: indexes from `from` up to but without `to`. Frozen. */
export interface ShareSlice {
  readonly place: SharedPlace;
  /** The broker whose session they were acquired in. */
  readonly broker: number;
  readonly batch: RecordBatch;
  readonly from: number;
  readonly to: number;
  /** How often they have been delivered, this time included. */
  readonly deliveryCount: number;
  readonly acquiredAt: SimTime;
  readonly lockMs: number;
}

/** What a share consumer has to tell its owner. Immutable; taken with `takeShareNotices`. */
export type ShareNotice =
  /** poll() has records now. */
  | { readonly type: 'records-ready' }
  /** The broker has stored what was said, or has refused it (`AcknowledgementCommitCallback`). */
  | {
      readonly type: 'acknowledged';
      readonly name: TopicPartitionName;
      readonly acknowledgements: readonly Acknowledgement[];
      readonly error: number;
    }
  | { readonly type: 'fatal'; readonly error: number }
  | { readonly type: 'closed' };

/**
 * - `out`: no member; joins at the next poll
 * - `joining`: has asked to be let in, or is about to
 * - `stable`: member
 * - `left`: the last heartbeat is sent
 */
export type ShareMemberState = 'out' | 'joining' | 'stable' | 'left';

/** The consumer as a member of its share group (`ShareMembershipManager`, KIP-932). */
export interface ShareMember {
  readonly memberId: string;
  state: ShareMemberState;
  memberEpoch: number;
  inFlight: boolean;
  /** As the coordinator says; 0 before its first answer. */
  intervalMs: number;
  dueAt: SimTime;
  notBefore: SimTime;
  failures: number;
  /** The coordinator has been told the topics. */
  toldTopics: boolean;
  /** What it shares, as the coordinator says. */
  assigned: readonly { readonly topicId: Uuid; readonly partitions: readonly number[] }[];
}

/** What a broker and this consumer need not say again (`ShareSessionHandler`). */
export interface ClientShareSession {
  readonly broker: number;
  /** Of the next request, 0 to begin anew. */
  epoch: number;
  inFlight: boolean;
  /** What the broker knows that is read here, by name. */
  places: ReadonlyMap<TopicPartitionName, SharedPlace>;
  notBefore: SimTime;
  /** What is yet to be said there, by name. */
  readonly unsaid: Map<TopicPartitionName, PlaceAcknowledgements>;
}

/** A consumer of a share group as plain data. Its owner routes messages, timers and disconnects to it. */
export interface ShareConsumer {
  readonly network: NetworkClient<ShareRequest>;
  readonly config: ShareConsumerConfig;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly coordinator: CoordinatorLink;
  readonly member: ShareMember;
  /** By broker. */
  readonly sessions: Map<number, ClientShareSession>;
  /** Acquired, not returned by poll() yet. */
  buffered: readonly ShareSlice[];
  /** Returned by the last poll(), not acknowledged yet. */
  delivered: readonly ShareSlice[];
  inPoll: boolean;
  lastPollAt: SimTime;
  toldRecords: boolean;
  /** When the timer rings, NEVER if it is not set. */
  wakeAt: SimTime;
  closing: 'no' | 'acknowledging' | 'leaving' | 'done';
  fatalError: number;
  notices: ShareNotice[];
}

export interface ShareConsumerOptions {
  /** Of its timers and PRNG streams; unique among the clients of a node. */
  readonly prefix: string;
  readonly clientId: string;
  readonly bootstrap: readonly (readonly [brokerId: number, node: NodeId])[];
  readonly config: ShareConsumerConfig;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Under which the group knows it; unique for ever. */
  readonly memberId: string;
}

/** One request to each broker at a time; heartbeats have a connection of their own. */
const MAX_IN_FLIGHT = 100;

const newMember = (memberId: string): ShareMember => ({
  memberId,
  state: 'out',
  memberEpoch: 0,
  inFlight: false,
  intervalMs: 0,
  dueAt: 0,
  notBefore: 0,
  failures: 0,
  toldTopics: false,
  assigned: Object.freeze([]),
});

/** A consumer that is no member yet. */
export const newShareConsumer = (options: ShareConsumerOptions, now: SimTime): ShareConsumer => ({
  network: newNetworkClient(options.prefix, {
    clientId: options.clientId,
    bootstrap: options.bootstrap,
    config: options.config,
    autoCreateTopics: options.config['allow.auto.create.topics'],
    maxInFlight: MAX_IN_FLIGHT,
  }),
  config: options.config,
  groupId: options.groupId,
  topics: options.topics,
  coordinator: { broker: -1, finding: false, findNotBefore: 0 },
  member: newMember(options.memberId),
  sessions: new Map(),
  buffered: [],
  delivered: [],
  inPoll: false,
  lastPollAt: now,
  toldRecords: false,
  wakeAt: NEVER,
  closing: 'no',
  fatalError: 0,
  notices: [],
});
