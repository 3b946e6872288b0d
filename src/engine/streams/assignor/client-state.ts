import { compareJavaUuids } from '../../protocol/uuid.ts';
import { inTaskOrder, type TaskId } from './task-id.ts';

/** A task's lag where it runs (`Task.LATEST_OFFSET`): nothing can be nearer. */
export const LATEST = -2;

/** A client of the group, a process with its threads, while tasks are shared out (`ClientState`). */
export interface ClientState {
  readonly id: string;
  /** Its stream threads. */
  readonly capacity: number;
  readonly active: Set<TaskId>;
  /** Standby tasks, copies that are to take over among them. */
  readonly standby: Set<TaskId>;
  /** Stateful task → changelog records that its copy of the state is behind, {@link LATEST} where it runs. */
  readonly lags: ReadonlyMap<TaskId, number>;
}

export const newClientState = (
  id: string,
  capacity: number,
  lags: ReadonlyMap<TaskId, number>,
): ClientState => ({ id, capacity, active: new Set(), standby: new Set(), lags });

/** By identity, the order in which Kafka's `TreeMap` of clients has them: by the UUIDs of their processes. */
export const byIdentity = (a: ClientState, b: ClientState): number => compareJavaUuids(a.id, b.id);

export const assignedCount = ({ active, standby }: ClientState): number => active.size + standby.size;

/** Tasks per thread (`assignedTaskLoad`). */
export const assignedLoad = (client: ClientState): number => assignedCount(client) / client.capacity;

/** Active tasks per thread (`activeTaskLoad`). */
export const activeLoad = ({ active, capacity }: ClientState): number => active.size / capacity;

export const hasTask = ({ active, standby }: ClientState, task: TaskId): boolean =>
  active.has(task) || standby.has(task);

/** Records behind. What a client says nothing of it would have to read from the beginning. */
export const lagOf = ({ lags }: ClientState, task: TaskId): number =>
  lags.get(task) ?? Number.MAX_SAFE_INTEGER;

export const sorted = (tasks: Iterable<TaskId>): TaskId[] => [...tasks].sort(inTaskOrder);

/** The client that carries least among those that are fit; equal ones by identity (`ConstrainedPrioritySet.poll`). */
export function leastLoaded(
  clients: readonly ClientState[],
  load: (client: ClientState) => number,
  isFit: (client: ClientState) => boolean,
): ClientState | undefined {
  let least: ClientState | undefined;
  for (const client of clients)
    if (isFit(client) && (least === undefined || load(client) < load(least))) least = client;
  return least;
}
