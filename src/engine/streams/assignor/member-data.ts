import type { Bytes } from '../../base/bytes.ts';
import type { TaskId } from './task-id.ts';

/**
 * What a member tells the group's leader about itself (`SubscriptionInfo`): which tasks it has, running, as a copy or as
 * state on its disk, and how far their stores are. The bytes are this engine's own: version, then `task:sum` in order.
 */
export interface MemberData {
  /** Task → sum of its stores' changelog offsets, `LATEST` if it runs. */
  readonly tasks: ReadonlyMap<TaskId, number>;
}

/** What the leader gives a member beside its partitions (`AssignmentInfo`). */
export interface AssignedTasks {
  readonly active: readonly TaskId[];
  readonly standby: readonly TaskId[];
  /** When this member is to ask for another assignment, in simulated µs; −1 for never. */
  readonly probeAt: number;
}

const VERSION = '2';

export const encodeMemberData = ({ tasks }: MemberData): Bytes =>
  `${VERSION};${[...tasks].map(([task, sum]) => `${task}:${sum}`).join()}`;

/** Bytes of an unknown version say nothing. */
export function decodeMemberData(bytes: Bytes | null): MemberData {
  const [version, list = ''] = (bytes ?? '').split(';');
  const tasks = new Map<TaskId, number>();
  if (version !== VERSION) return { tasks };
  for (const item of listOf(list)) {
    const [task = '', sum = ''] = item.split(':');
    tasks.set(task, Number(sum));
  }
  return { tasks };
}

const listOf = (text: string): string[] => (text === '' ? [] : text.split(','));

export const encodeTasks = ({ active, standby, probeAt }: AssignedTasks): Bytes =>
  `${VERSION};${active.join()};${standby.join()};${probeAt}`;

export function decodeTasks(bytes: Bytes | null): AssignedTasks {
  const [version, active = '', standby = '', probeAt = '-1'] = (bytes ?? '').split(';');
  if (version !== VERSION) return { active: [], standby: [], probeAt: -1 };
  return { active: listOf(active), standby: listOf(standby), probeAt: Number(probeAt) };
}
