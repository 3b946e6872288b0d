import type { Bytes } from '../../base/bytes.ts';
import type { SimTime } from '../../base/time.ts';
import type { ConsumerConfig } from '../../api/config/client-config.ts';
import type { TopicPartitionName } from '../../api/ids.ts';
import type { Before } from '../../api/improvements.ts';
import type { ConsumerSubscription, TopicPartitions } from '../../protocol/consumer-protocol.ts';
import type { JoinGroupResponseMember } from '../../protocol/join-group.ts';
import type { RecordBatch } from '../../protocol/record-batch.ts';
import type { NodeId } from '../../sim/event.ts';
import { newNetworkClient, NEVER, type NetworkClient } from '../network/network-client.ts';
import type { Claim } from './assignor/assignor.ts';
import { strategyNames } from './assignor/strategy.ts';
import { newConsumerMember, type ConsumerMember } from './member/member-state.ts';
import { newFetcher, type Fetcher } from './fetcher-state.ts';
import {
  newSubscriptionState,
  type FetchPosition,
  type ResetStrategy,
  type SubscriptionState,
} from './subscription-state.ts';
import type { LogTruncation, TopicPartition } from './subscription-state.ts';

/** What one of the consumer's requests was for. */
export type ConsumerRequest =
  | { readonly type: 'metadata' }
  | { readonly type: 'find-coordinator' }
  | { readonly type: 'join' }
  | { readonly type: 'sync'; readonly generationId: number }
  | { readonly type: 'heartbeat'; readonly generationId: number; readonly memberId: string }
  | { readonly type: 'group-heartbeat'; readonly memberEpoch: number }
  | { readonly type: 'leave' }
  | {
      readonly type: 'commit';
      readonly token: number;
      readonly generationId: number;
      readonly memberId: string;
    }
  | { readonly type: 'offset-fetch'; readonly partitions: readonly TopicPartition[] }
  | { readonly type: 'list-offsets'; readonly asked: readonly AskedOffset[] }
  | { readonly type: 'validate'; readonly asked: readonly AskedPosition[] }
  | { readonly type: 'fetch'; readonly asked: readonly AskedPosition[] };

export interface AskedOffset {
  readonly name: TopicPartitionName;
  readonly strategy: ResetStrategy;
}

export interface AskedPosition {
  readonly name: TopicPartitionName;
  readonly position: FetchPosition;
}

/** An offset to be committed: the next one to read. */
export interface CommitOffset extends TopicPartition {
  readonly offset: number;
  /** −1 when not known. */
  readonly leaderEpoch: number;
  readonly metadata?: string;
}

/** `sync` is tried again until `default.api.timeout.ms`; `async` and `auto` are not. */
export type CommitKind = 'sync' | 'async' | 'auto';

export interface PendingCommit {
  readonly token: number;
  readonly kind: CommitKind;
  readonly offsets: readonly CommitOffset[];
  readonly deadline: SimTime;
  /** Not sent before; {@link NEVER} while under way. */
  notBefore: SimTime;
  /** How the last attempt ended, NONE before. */
  error: number;
}

/** What a consumer has to tell its owner. Immutable; taken with `takeConsumerNotices`. */
export type ConsumerNotice =
  /** poll() has records now. */
  | { readonly type: 'records-ready' }
  /**
   * These partitions are the member's no longer: a rebalance takes them away, or membership was lost. Unless `lost`,
   * offsets may still be committed. Nothing of the rebalance goes on before `consumerRevoked`.
   */
  | {
      readonly type: 'partitions-revoked';
      readonly partitions: readonly TopicPartition[];
      readonly lost: boolean;
    }
  /** These partitions come to those that the member has. */
  | {
      readonly type: 'partitions-assigned';
      readonly partitions: readonly TopicPartition[];
      readonly userData: Bytes | null;
    }
  /** This member leads the group and the owner's assignor has to share out: `consumerAssign` answers. */
  | { readonly type: 'assignment-needed'; readonly members: readonly GroupSubscription[] }
  | {
      readonly type: 'commit-completed';
      readonly token: number;
      readonly kind: CommitKind;
      /** NONE, or why not. */
      readonly error: number;
      readonly offsets: readonly CommitOffset[];
    }
  /** Without a committed offset and with auto.offset.reset=none these cannot be read until the owner seeks. */
  | { readonly type: 'no-offset'; readonly partitions: readonly TopicPartitionName[] }
  | {
      readonly type: 'log-truncated';
      readonly partition: TopicPartitionName;
      readonly truncation: LogTruncation;
    }
  | { readonly type: 'fatal'; readonly error: number }
  | { readonly type: 'closed' };

/** A member of the group as its leader sees it. */
export interface GroupSubscription {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly subscription: ConsumerSubscription;
}

/** What the leader gives one member. */
export interface MemberShare {
  readonly memberId: string;
  readonly partitions: readonly TopicPartitions[];
  readonly userData: Bytes | null;
}

/**
 * - `unjoined`: no member
 * - `joining`: JoinGroup is under way
 * - `assigning`: the member leads and its assignor is at work
 * - `syncing`: SyncGroup is under way
 * - `stable`: member with an assignment
 */
export type MemberState = 'unjoined' | 'joining' | 'assigning' | 'syncing' | 'stable';

/** What has to happen before the member joins again: commit positions, let the owner give up its partitions. */
export type Preparation = 'needed' | 'committing' | 'revoking' | 'done';

/** Where the coordinator of the group is (`CoordinatorRequestManager`). */
export interface CoordinatorLink {
  /** −1 if not known. */
  broker: number;
  finding: boolean;
  findNotBefore: SimTime;
}

/** The consumer as a member of its group (`ConsumerCoordinator`, classic protocol). */
export interface Membership {
  state: MemberState;
  generationId: number;
  memberId: string;
  protocolName: string;
  rejoinNeeded: boolean;
  /** JoinGroup is not sent before. */
  joinNotBefore: SimTime;
  preparation: Preparation;
  /** Until when the commit before a rebalance is waited for. */
  prepareDeadline: SimTime;
  /** Of that commit. */
  prepareToken: number;
  joinedTopics: readonly string[];
  /** What SyncGroup brought and poll() has not taken up yet. */
  received: Bytes | null;
  /** Members to share out among, once their topics are known. */
  pendingMembers: readonly JoinGroupResponseMember[] | null;
  /** As leader: partitions of each topic when they were shared out; null for other members. */
  sharedCounts: ReadonlyMap<string, number> | null;
  heartbeatInFlight: boolean;
  nextHeartbeatAt: SimTime;
  /** Last sign of life from the coordinator. */
  heardAt: SimTime;
}

export type Closing = 'no' | 'committing' | 'leaving' | 'left' | 'done';

/** A consumer as plain data. Its owner routes messages, timers and disconnects to it, see `consumer.ts`. */
export interface Consumer {
  readonly network: NetworkClient<ConsumerRequest>;
  readonly config: ConsumerConfig;
  readonly before: Before;
  /** '' for none. */
  readonly groupId: string;
  readonly groupInstanceId: string | null;
  /** Names of assignors, in the order of preference; one that is not built in is the owner's. */
  readonly assignors: readonly string[];
  readonly subscriptions: SubscriptionState;
  readonly coordinator: CoordinatorLink;
  /** As a member by the classic protocol, and all that it is outside of any group. */
  readonly membership: Membership;
  /** As a member by the consumer protocol; null under the classic one. */
  readonly member: ConsumerMember | null;
  readonly fetcher: Fetcher;
  /** What the owner's assignor tells the leader about this member. */
  subscriptionUserData: Bytes | null;
  /** What the group last gave by each assignor. */
  readonly lastGiven: Map<string, Claim>;
  commits: PendingCommit[];
  nextToken: number;
  nextAutoCommitAt: SimTime;
  /** Last offsets known to be committed. */
  readonly committed: Map<TopicPartitionName, number>;
  /** What was written with the offset at which a partition was taken up. */
  readonly committedMetadata: Map<TopicPartitionName, string>;
  /** Not before then OffsetFetch is sent; NEVER while one is under way. */
  offsetFetchAt: SimTime;
  /** The application's thread is inside poll(), waiting for records. */
  inPoll: boolean;
  lastPollAt: SimTime;
  toldRecords: boolean;
  /** Version of the metadata that positions were compared with. */
  validatedVersion: number;
  /** When the timer rings, NEVER if it is not set. */
  wakeAt: SimTime;
  closing: Closing;
  fatalError: number;
  notices: ConsumerNotice[];
}

/** Records of one batch that poll() returned: indexes from `from` up to but without `to`. */
export interface RecordSlice extends TopicPartition {
  readonly name: TopicPartitionName;
  readonly batch: RecordBatch;
  readonly from: number;
  readonly to: number;
}

export interface ConsumerOptions {
  /** Of its timers and PRNG streams; unique among the clients of a node. */
  readonly prefix: string;
  readonly clientId: string;
  readonly bootstrap: readonly (readonly [brokerId: number, node: NodeId])[];
  readonly config: ConsumerConfig;
  /** Improvements that it is without; left out: none. */
  readonly before?: Before;
  /** '' for a consumer outside of any group. */
  readonly groupId: string;
  /** Name of the owner's own assignor, instead of those of the configuration. */
  readonly assignor?: string;
  /** Under which a member of the consumer protocol is known; unique in the group for ever. */
  readonly memberId: string;
}

/** Fetches to one broker are sent one at a time; other requests may overtake them by few. */
const MAX_IN_FLIGHT = 100;

const newMembership = (): Membership => ({
  state: 'unjoined',
  generationId: -1,
  memberId: '',
  protocolName: '',
  rejoinNeeded: true,
  joinNotBefore: 0,
  preparation: 'needed',
  prepareDeadline: 0,
  prepareToken: 0,
  joinedTopics: [],
  received: null,
  pendingMembers: null,
  sharedCounts: null,
  heartbeatInFlight: false,
  nextHeartbeatAt: 0,
  heardAt: 0,
});

const speaksConsumerProtocol = (config: ConsumerConfig): boolean =>
  config['group.protocol'].toLowerCase() === 'consumer';

const assignorsOf = ({ assignor, config }: ConsumerOptions): readonly string[] =>
  assignor === undefined ? strategyNames(config['partition.assignment.strategy']) : [assignor];

/** A consumer that reads nothing yet. */
export function newConsumer(options: ConsumerOptions, now: SimTime): Consumer {
  const { config } = options;
  return {
    network: newNetworkClient(options.prefix, {
      clientId: options.clientId,
      bootstrap: options.bootstrap,
      config,
      autoCreateTopics: config['allow.auto.create.topics'],
      maxInFlight: MAX_IN_FLIGHT,
    }),
    config,
    before: options.before,
    groupId: options.groupId,
    groupInstanceId: config['group.instance.id'],
    assignors: assignorsOf(options),
    subscriptions: newSubscriptionState(config['auto.offset.reset'] as ResetStrategy),
    coordinator: { broker: -1, finding: false, findNotBefore: 0 },
    membership: newMembership(),
    member: speaksConsumerProtocol(config) ? newConsumerMember(options.memberId) : null,
    fetcher: newFetcher(),
    subscriptionUserData: null,
    lastGiven: new Map(),
    commits: [],
    nextToken: 1,
    nextAutoCommitAt: NEVER,
    committed: new Map(),
    committedMetadata: new Map(),
    offsetFetchAt: 0,
    inPoll: false,
    lastPollAt: now,
    toldRecords: false,
    validatedVersion: -1,
    wakeAt: NEVER,
    closing: 'no',
    fatalError: 0,
    notices: [],
  };
}
