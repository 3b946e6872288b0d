import type { SimTime } from '../../../base/time.ts';
import type { TopicIdPartitions } from '../../../protocol/consumer-group-heartbeat.ts';
import type { TopicPartition } from '../subscription-state.ts';

/**
 * A member of the consumer protocol (`MemberState`):
 *
 * - `unsubscribed`: no member
 * - `joining`: has asked to be let in, or is about to
 * - `reconciling`: has yet to give up or take over partitions
 * - `acknowledging`: has done so, and is about to say so
 * - `stable`: has what it is to have
 * - `fenced`: the coordinator does not know it any more; it gives up what it had, and joins again
 * - `stale`: has left because the application does not poll; joins again when that polls
 * - `leaving`: the last heartbeat is sent
 */
export type ConsumerMemberState =
  'unsubscribed' | 'joining' | 'reconciling' | 'acknowledging' | 'stable' | 'fenced' | 'stale' | 'leaving';

/** An assignment as this member counts them: one that comes back after another is another one. Frozen. */
export interface LocalAssignment {
  /** −1 before the first. */
  readonly localEpoch: number;
  readonly topicPartitions: readonly TopicIdPartitions[];
}

export const NOT_ASSIGNED: LocalAssignment = Object.freeze({
  localEpoch: -1,
  topicPartitions: Object.freeze([]),
});

/** From one assignment to the next: commit, give up, take over. */
export interface Reconciliation {
  readonly to: LocalAssignment;
  readonly partitions: readonly TopicPartition[];
  /** Of the commit, 0 if there is none. */
  readonly token: number;
  /** Until when the commit is waited for. */
  readonly deadline: SimTime;
}

/** What the coordinator was last told. Frozen. */
export interface SentFields {
  readonly topics: readonly string[];
  readonly assignment: LocalAssignment;
}

export interface GroupHeartbeats {
  inFlight: boolean;
  /** As the coordinator says; 0 before its first answer. */
  intervalMs: number;
  /** The next one is due. */
  dueAt: SimTime;
  /** After a failure none is sent before. */
  notBefore: SimTime;
  failures: number;
}

/** The consumer as a member of its group (`ConsumerMembershipManager`, KIP-848). */
export interface ConsumerMember {
  readonly memberId: string;
  /** 0 or below while it is no member. */
  memberEpoch: number;
  state: ConsumerMemberState;
  target: LocalAssignment;
  current: LocalAssignment;
  reconciliation: Reconciliation | null;
  /** What the owner was asked to give up and has not yet. */
  asked: 'nothing' | 'revoked' | 'lost';
  /** Null if the coordinator has to be told all. */
  sent: SentFields | null;
  readonly heartbeats: GroupHeartbeats;
}

export const newConsumerMember = (memberId: string): ConsumerMember => ({
  memberId,
  memberEpoch: 0,
  state: 'unsubscribed',
  target: NOT_ASSIGNED,
  current: NOT_ASSIGNED,
  reconciliation: null,
  asked: 'nothing',
  sent: null,
  heartbeats: { inFlight: false, intervalMs: 0, dueAt: 0, notBefore: 0, failures: 0 },
});

/** The epoch by which the coordinator knows the member, −1 if it does not. */
export const knownEpoch = ({ memberEpoch }: ConsumerMember): number => (memberEpoch > 0 ? memberEpoch : -1);

export const isReconciled = ({ current, target }: ConsumerMember): boolean =>
  current.localEpoch === target.localEpoch && current.topicPartitions === target.topicPartitions;

/** The answer to a heartbeat will not come: the next one is due, and says everything. */
export function forgetHeartbeat(member: ConsumerMember, now: SimTime): void {
  member.sent = null;
  member.heartbeats.inFlight = false;
  member.heartbeats.dueAt = now;
}
