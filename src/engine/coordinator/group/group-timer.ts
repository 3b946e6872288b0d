import { millis } from '../../base/time.ts';
import type { ClassicGroup } from './classic-group.ts';
import type { GroupShard } from './shard-state.ts';

/** Timers whose name begins so belong to the group coordinator. */
export const GROUP_TIMER_PREFIX = 'group-coordinator/';

/** What a timer of a shard is for. */
export type GroupTimerPurpose =
  /** A member, or a member id that was only handed out, was silent too long. */
  | { readonly kind: 'session'; readonly groupId: string; readonly memberId: string }
  /** The members had time enough to rejoin. */
  | { readonly kind: 'join'; readonly groupId: string }
  /** The initial delay of an empty group is over; `remainingMs` is left for extensions. */
  | {
      readonly kind: 'initial-delay';
      readonly groupId: string;
      readonly delayMs: number;
      readonly remainingMs: number;
    }
  /** The members had time enough to sync. */
  | { readonly kind: 'sync'; readonly groupId: string; readonly generation: number }
  /** A member of the consumer protocol was silent, or did not do what it was asked. */
  | {
      readonly kind: 'consumer-member';
      readonly timeout: MemberTimeout;
      readonly groupId: string;
      readonly memberId: string;
      /** In which it has to give up partitions; −1 for any. */
      readonly memberEpoch: number;
    }
  /** A member of a share group was silent too long. */
  | { readonly kind: 'share-member'; readonly groupId: string; readonly memberId: string }
  /** The topics that match a group's expressions are looked up. */
  | { readonly kind: 'regexes'; readonly groupId: string }
  | { readonly kind: 'offsets-retention' }
  /** The oldest pending operation waited long enough for the high watermark. */
  | { readonly kind: 'write-timeout' };

/**
 * What a member of the consumer protocol has to do in time: show that it lives, give up partitions, and, if it speaks
 * the classic protocol, join again and sync.
 */
export type MemberTimeout = 'session' | 'rebalance' | 'join' | 'sync';

/** Comes back from the host when the timer fires. */
export interface GroupTimer {
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly purpose: GroupTimerPurpose;
}

function nameOf(shard: GroupShard, purpose: GroupTimerPurpose): string {
  const prefix = `${GROUP_TIMER_PREFIX}${shard.state.partition}/`;
  switch (purpose.kind) {
    case 'session':
      return `${prefix}session/${purpose.groupId}/${purpose.memberId}`;
    case 'join':
    case 'initial-delay':
      return `${prefix}join/${purpose.groupId}`;
    case 'sync':
      return `${prefix}sync/${purpose.groupId}`;
    case 'consumer-member':
      return `${prefix}consumer/${purpose.timeout}/${purpose.groupId}/${purpose.memberId}`;
    case 'share-member':
      return `${prefix}share/${purpose.groupId}/${purpose.memberId}`;
    case 'regexes':
      return `${prefix}regexes/${purpose.groupId}`;
    default:
      return `${prefix}${purpose.kind}`;
  }
}

/** Replaces the timer of the same purpose; the initial delay and the join of a group are one timer. */
export function schedule(shard: GroupShard, purpose: GroupTimerPurpose, delayMs: number): void {
  const { partition, leaderEpoch } = shard.state;
  const timer: GroupTimer = Object.freeze({ partition, leaderEpoch, purpose: Object.freeze(purpose) });
  shard.host.setTimer(nameOf(shard, purpose), millis(delayMs), timer);
}

/** Sets the timer unless one of the same purpose runs. */
export function scheduleOnce(shard: GroupShard, purpose: GroupTimerPurpose, delayMs: number): void {
  const { runningTimers } = shard.state;
  const name = nameOf(shard, purpose);
  if (runningTimers.has(name)) return;
  runningTimers.add(name);
  schedule(shard, purpose, delayMs);
}

/** The timer of this purpose fired. */
export const noteFired = (shard: GroupShard, purpose: GroupTimerPurpose): boolean =>
  shard.state.runningTimers.delete(nameOf(shard, purpose));

export function cancel(shard: GroupShard, purpose: GroupTimerPurpose): void {
  const name = nameOf(shard, purpose);
  shard.state.runningTimers.delete(name);
  shard.host.cancelTimer(name);
}

export const cancelSession = (shard: GroupShard, groupId: string, memberId: string): void =>
  cancel(shard, { kind: 'session', groupId, memberId });

export const cancelJoin = (shard: GroupShard, groupId: string): void =>
  cancel(shard, { kind: 'join', groupId });

export const cancelSync = (shard: GroupShard, groupId: string): void =>
  cancel(shard, { kind: 'sync', groupId, generation: 0 });

/** Cancels whatever is set for a group. */
export function cancelGroup(shard: GroupShard, group: ClassicGroup): void {
  cancelJoin(shard, group.groupId);
  cancelSync(shard, group.groupId);
  for (const memberId of [...group.members.keys(), ...group.pendingJoin])
    cancelSession(shard, group.groupId, memberId);
}

/** Cancels whatever is set for a shard. */
export function cancelAll(shard: GroupShard): void {
  cancel(shard, { kind: 'offsets-retention' });
  cancel(shard, { kind: 'write-timeout' });
  for (const group of shard.state.groups.values()) cancelGroup(shard, group);
  for (const { groupId, members } of shard.state.stored.consumerGroups.values()) {
    cancel(shard, { kind: 'regexes', groupId });
    for (const memberId of members.keys()) cancelConsumerMember(shard, groupId, memberId);
  }
  for (const { groupId, members } of shard.state.stored.shareGroups.values())
    for (const memberId of members.keys()) cancel(shard, { kind: 'share-member', groupId, memberId });
}

const MEMBER_TIMEOUTS: readonly MemberTimeout[] = ['session', 'rebalance', 'join', 'sync'];

/** Cancels whatever is set for a member of the consumer protocol. */
export function cancelConsumerMember(shard: GroupShard, groupId: string, memberId: string): void {
  for (const timeout of MEMBER_TIMEOUTS)
    cancel(shard, { kind: 'consumer-member', timeout, groupId, memberId, memberEpoch: -1 });
}
