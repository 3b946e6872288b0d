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
  | { readonly kind: 'offsets-retention' }
  /** The oldest pending operation waited long enough for the high watermark. */
  | { readonly kind: 'write-timeout' };

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

const cancel = (shard: GroupShard, purpose: GroupTimerPurpose): void =>
  shard.host.cancelTimer(nameOf(shard, purpose));

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
}
