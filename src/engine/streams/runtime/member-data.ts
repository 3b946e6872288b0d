import type { Bytes } from '../../base/bytes.ts';
import type { TaskId } from './task-id.ts';

/** Offset sum of a task that the member runs: it cannot lag (`Task.LATEST_OFFSET`). */
export const LATEST = -2;

/**
 * What a member tells the group's leader about itself (`SubscriptionInfo`): which tasks it has, running or as state on
 * its disk, and how far their stores are. The bytes are this engine's own: version, then `task:sum` in order.
 */
export interface MemberData {
  /** Task → sum of its stores' changelog offsets, {@link LATEST} if it runs. */
  readonly tasks: ReadonlyMap<TaskId, number>;
}

const VERSION = '1';

export const encodeMemberData = ({ tasks }: MemberData): Bytes =>
  `${VERSION};${[...tasks].map(([task, sum]) => `${task}:${sum}`).join()}`;

/** Bytes of an unknown version say nothing. */
export function decodeMemberData(bytes: Bytes | null): MemberData {
  const [version, list = ''] = (bytes ?? '').split(';');
  const tasks = new Map<TaskId, number>();
  if (version !== VERSION || list === '') return { tasks };
  for (const item of list.split(',')) {
    const [task = '', sum = ''] = item.split(':');
    tasks.set(task, Number(sum));
  }
  return { tasks };
}

/** What the leader gives a member beside its partitions (`AssignmentInfo`): its tasks. */
export const encodeTasks = (tasks: readonly TaskId[]): Bytes => `${VERSION};${tasks.join()}`;

export function decodeTasks(bytes: Bytes | null): TaskId[] {
  const [version, list = ''] = (bytes ?? '').split(';');
  return version !== VERSION || list === '' ? [] : list.split(',');
}
