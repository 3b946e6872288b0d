import type { Bytes } from '../../base/bytes.ts';
import type { NodeId } from '../../api/ids.ts';
import { decodeHosts, encodeHosts, type HostTasks } from './host-tasks.ts';
import type { TaskId } from './task-id.ts';

/**
 * What a member tells the group's leader about itself (`SubscriptionInfo`): which tasks it has, running, as a copy or as
 * state on its disk, how far their stores are, and where it can be asked. The bytes are this engine's own: version, unique
 * field, then `task:sum` in order, then the address.
 */
export interface MemberData {
  /** Another one in each description, so that a member which joins again always brings a rebalance about. */
  readonly uniqueField: number;
  /** Task → sum of its stores' changelog offsets, `LATEST` if it runs. */
  readonly tasks: ReadonlyMap<TaskId, number>;
  /** Its `application.server` (`userEndPoint`); null: it told none. */
  readonly endpoint: NodeId | null;
}

/** What the leader gives a member beside its partitions (`AssignmentInfo`). */
export interface AssignedTasks {
  readonly active: readonly TaskId[];
  readonly standby: readonly TaskId[];
  /** When this member is to ask for another assignment, in simulated µs; 0 for at once, −1 for never. */
  readonly probeAt: number;
  /** What every instance of the application has from now on; empty: nobody knows. */
  readonly hosts: readonly HostTasks[];
}

const VERSION = '3';

export const encodeMemberData = ({ uniqueField, tasks, endpoint }: MemberData): Bytes => {
  const list = [...tasks].map(([task, sum]) => `${task}:${sum}`).join();
  return `${VERSION};${uniqueField};${list};${endpoint ?? ''}`;
};

/** Bytes of an unknown version say nothing. */
export function decodeMemberData(bytes: Bytes | null): MemberData {
  const [version, uniqueField = '', list = '', endpoint = ''] = (bytes ?? '').split(';');
  const tasks = new Map<TaskId, number>();
  if (version !== VERSION) return { uniqueField: 0, tasks, endpoint: null };
  for (const item of listOf(list)) {
    const [task = '', sum = ''] = item.split(':');
    tasks.set(task, Number(sum));
  }
  return { uniqueField: Number(uniqueField), tasks, endpoint: endpoint === '' ? null : endpoint };
}

const listOf = (text: string): string[] => (text === '' ? [] : text.split(','));

export const encodeTasks = ({ active, standby, probeAt, hosts }: AssignedTasks): Bytes =>
  `${VERSION};${active.join()};${standby.join()};${probeAt};${encodeHosts(hosts)}`;

export function decodeTasks(bytes: Bytes | null): AssignedTasks {
  const [version, active = '', standby = '', probeAt = '-1', hosts = ''] = (bytes ?? '').split(';');
  if (version !== VERSION) return { active: [], standby: [], probeAt: -1, hosts: [] };
  return {
    active: listOf(active),
    standby: listOf(standby),
    probeAt: Number(probeAt),
    hosts: decodeHosts(hosts),
  };
}
