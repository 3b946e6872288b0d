import { assignedCount, assignedLoad, hasTask, sorted, type ClientState } from './client-state.ts';
import type { TaskId } from './task-id.ts';

/** Which of a client's tasks are balanced. */
export type Role = 'active' | 'standby';

/**
 * Moves tasks of one role from clients that carry more per thread to others until no move makes the difference smaller
 * (`HighAvailabilityTaskAssignor.balanceTasksOverThreads`).
 */
export function balance(clients: readonly ClientState[], role: Role): void {
  for (let moved = true; moved;) {
    moved = false;
    for (const from of clients)
      for (const to of clients) if (from !== to && moveSome(from, to, role)) moved = true;
  }
}

function moveSome(from: ClientState, to: ClientState, role: Role): boolean {
  let moved = false;
  for (const task of sorted(from[role])) {
    if (!isWorthAMove(from, to)) break;
    if (hasTask(to, task)) continue;
    move(from, to, { task, role });
    moved = true;
  }
  return moved;
}

function move(
  from: ClientState,
  to: ClientState,
  { task, role }: { readonly task: TaskId; readonly role: Role },
): void {
  from[role].delete(task);
  to[role].add(task);
}

function isWorthAMove(from: ClientState, to: ClientState): boolean {
  const skew = assignedLoad(from) - assignedLoad(to);
  if (skew <= 0) return false;
  const after = (assignedCount(from) - 1) / from.capacity - (assignedCount(to) + 1) / to.capacity;
  return after >= 0 && after < skew;
}
