import type { Bytes } from '../../base/bytes.ts';
import type { NodeId } from '../../api/ids.ts';
import { decodeHosts, encodeHosts, listOf, type HostTasks } from './host-tasks.ts';
import type { TaskId } from './task-id.ts';

/**
 * What a member tells the group's leader about itself (`SubscriptionInfo`): of which process it is, which tasks it has,
 * running, as a copy or as state on its disk, how far their stores are, and where it can be asked. The bytes are this
 * engine's own: version, process, unique field, error, then `task:sum` in order, then the address.
 */
export interface MemberData {
  /** Of the process whose thread it is: its threads share machine and disk. Empty if it is not known. */
  readonly processId: string;
  /** Another one in each description, so that a member which joins again always brings a rebalance about. */
  readonly uniqueField: number;
  /** What it has to say to all the others, of {@link ASSIGNOR_ERRORS}. */
  readonly errorCode: number;
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
  /** Why there is nothing for anybody, of {@link ASSIGNOR_ERRORS}. */
  readonly errorCode: number;
}

/** What the group's leader and its members tell each other beside tasks (`AssignorError`). */
export const ASSIGNOR_ERRORS = { NONE: 0, SHUTDOWN_REQUESTED: 4 } as const;

const VERSION = '5';

export const NO_TASKS: AssignedTasks = Object.freeze({
  active: Object.freeze([]),
  standby: Object.freeze([]),
  probeAt: -1,
  hosts: Object.freeze([]),
  errorCode: ASSIGNOR_ERRORS.NONE,
});

export const encodeMemberData = (data: MemberData): Bytes => {
  const { processId, uniqueField, errorCode, tasks, endpoint } = data;
  const list = [...tasks].map(([task, sum]) => `${task}:${sum}`).join();
  return `${VERSION};${processId};${uniqueField};${errorCode};${list};${endpoint ?? ''}`;
};

const NO_DATA: MemberData = Object.freeze({
  processId: '',
  uniqueField: 0,
  errorCode: ASSIGNOR_ERRORS.NONE,
  tasks: new Map<TaskId, number>(),
  endpoint: null,
});

/** Bytes of an unknown version say nothing. */
export function decodeMemberData(bytes: Bytes | null): MemberData {
  const [version, processId = '', uniqueField = '', errorCode = '', list = '', endpoint = ''] = (
    bytes ?? ''
  ).split(';');
  if (version !== VERSION) return NO_DATA;
  const tasks = new Map<TaskId, number>();
  for (const item of listOf(list)) {
    const [task = '', sum = ''] = item.split(':');
    tasks.set(task, Number(sum));
  }
  return {
    processId,
    uniqueField: Number(uniqueField),
    errorCode: Number(errorCode),
    tasks,
    endpoint: endpoint === '' ? null : endpoint,
  };
}

export const encodeTasks = ({ active, standby, probeAt, errorCode, hosts }: AssignedTasks): Bytes =>
  `${VERSION};${active.join()};${standby.join()};${probeAt};${errorCode};${encodeHosts(hosts)}`;

export function decodeTasks(bytes: Bytes | null): AssignedTasks {
  const [version, active = '', standby = '', probeAt = '', errorCode = '', hosts = ''] = (bytes ?? '').split(
    ';',
  );
  if (version !== VERSION) return NO_TASKS;
  return {
    active: listOf(active),
    standby: listOf(standby),
    probeAt: Number(probeAt),
    hosts: decodeHosts(hosts),
    errorCode: Number(errorCode),
  };
}
