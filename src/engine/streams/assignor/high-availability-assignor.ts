import { ensure } from '../../base/assert.ts';
import { balance } from './balance.ts';
import {
  activeLoad,
  assignedLoad,
  byIdentity,
  hasTask,
  leastLoaded,
  sorted,
  type ClientState,
} from './client-state.ts';
import { moveActives, moveStandbys } from './task-movements.ts';
import type { TaskId } from './task-id.ts';

export interface TasksToShare {
  readonly stateful: readonly TaskId[];
  readonly stateless: readonly TaskId[];
}

export interface AssignorSettings {
  /** `num.standby.replicas` */
  readonly standbys: number;
  /** `acceptable.recovery.lag`, changelog records. */
  readonly acceptableLag: number;
  /** `max.warmup.replicas` */
  readonly warmups: number;
}

/**
 * Shares tasks out (`HighAvailabilityTaskAssignor`, KIP-441): stateful tasks evenly, whoever has their state; then, while
 * the client that a task is meant for lags, a client whose copy is near enough keeps it, and a copy is warmed up where it is
 * to go. Fills in the clients; returns whether some task is to be moved later, when its copy has caught up.
 */
export function assignTasks(
  states: readonly ClientState[],
  { stateful, stateless }: TasksToShare,
  { standbys, acceptableLag, warmups }: AssignorSettings,
): boolean {
  const clients = [...states].sort(byIdentity);
  if (clients.length === 0) return false;
  sorted(stateful).forEach((task, i) => ensure(clients[i % clients.length], 'client').active.add(task));
  balance(clients, 'active');
  for (const task of sorted(stateful)) addStandbys(clients, task, standbys);
  balance(clients, 'standby');
  const movements = { clients, acceptableLag, warmups, warming: new Map() };
  const actives = moveActives(movements);
  const copies = moveStandbys(movements);
  for (const task of sorted(stateless)) leastLoaded(clients, activeLoad, () => true)?.active.add(task);
  return actives + copies > 0;
}

/** As many as asked for, on clients that do not have the task; fewer if there are no more. */
function addStandbys(clients: readonly ClientState[], task: TaskId, count: number): void {
  for (let i = 0; i < count; i++)
    leastLoaded(clients, assignedLoad, (client) => !hasTask(client, task))?.standby.add(task);
}
