import { JavaPriorityQueue } from '../topology/java-priority-queue.ts';
import {
  assignedLoad,
  hasTask,
  lagOf,
  LATEST,
  leastLoaded,
  sorted,
  type ClientState,
} from './client-state.ts';
import { inTaskOrder, type TaskId } from './task-id.ts';

/** A task that is meant for a client whose state lags, while another one's is nearer. */
interface TaskMovement {
  readonly task: TaskId;
  readonly to: ClientState;
  readonly caughtUp: readonly ClientState[];
}

/** What one assignment may still do. */
export interface Movements {
  /** By identity. */
  readonly clients: readonly ClientState[];
  /** Records behind up to which a copy counts as caught up (`acceptable.recovery.lag`). */
  readonly acceptableLag: number;
  /** Copies that may still be warmed up (`max.warmup.replicas`). */
  warmups: number;
  /** Client → tasks that it is to warm up. */
  readonly warming: Map<ClientState, Set<TaskId>>;
}

const isCaughtUp = ({ acceptableLag }: Movements, client: ClientState, task: TaskId): boolean => {
  const lag = lagOf(client, task);
  return lag === LATEST || lag <= acceptableLag;
};

/** Nearest first, equal ones by identity. */
const byLag = ({ clients }: Movements, task: TaskId): ClientState[] =>
  [...clients].sort((a, b) => lagOf(a, task) - lagOf(b, task));

/** Those with fewest caught up clients first. Java's heap says which of equal ones comes first. */
function movementsOf(all: Movements, role: 'active' | 'standby'): TaskMovement[] {
  const heap = new JavaPriorityQueue<TaskMovement>(
    (a, b) => a.caughtUp.length - b.caughtUp.length || inTaskOrder(a.task, b.task),
  );
  for (const to of all.clients)
    for (const task of sorted(to[role])) {
      if (role === 'standby' && all.warming.get(to)?.has(task) === true) continue;
      const nearest = Math.min(...all.clients.map((client) => lagOf(client, task)));
      if (isCaughtUp(all, to, task) || nearest >= lagOf(to, task)) continue;
      heap.offer({ task, to, caughtUp: all.clients.filter((client) => isCaughtUp(all, client, task)) });
    }
  const ordered: TaskMovement[] = [];
  for (let next = heap.poll(); next !== undefined; next = heap.poll()) ordered.push(next);
  return ordered;
}

/**
 * Leaves active tasks with clients whose state is near enough, and lets those that they are meant for warm up. Returns how
 * many tasks are not where they are meant to be (`TaskMovement.assignActiveTaskMovements`).
 */
export function moveActives(all: Movements): number {
  const movements = movementsOf(all, 'active');
  for (const movement of movements) {
    const { task, to, caughtUp } = movement;
    const standby = leastLoaded(caughtUp, assignedLoad, ({ standby }) => standby.has(task));
    const keeper = standby ?? leastLoaded(caughtUp, assignedLoad, () => true) ?? nearestOther(all, movement);
    if (keeper === undefined) continue;
    to.active.delete(task);
    keeper.active.add(task);
    if (keeper.standby.delete(task)) to.standby.add(task);
    else warmUp(all, movement);
  }
  return movements.length;
}

/** The same for standby tasks. A task stays where it is if every nearer client has it already. */
export function moveStandbys(all: Movements): number {
  let moved = 0;
  for (const movement of movementsOf(all, 'standby')) {
    const { task, to, caughtUp } = movement;
    const isFree = (client: ClientState): boolean => !hasTask(client, task);
    const keeper = leastLoaded(caughtUp, assignedLoad, isFree) ?? nearestOther(all, movement, isFree);
    if (keeper === undefined) continue;
    keeper.standby.add(task);
    if (all.warmups <= 0) to.standby.delete(task);
    all.warmups -= 1;
    moved += 1;
  }
  return moved;
}

/** The nearest client that is nearer than the one the task is meant for. */
function nearestOther(
  all: Movements,
  { task, to }: TaskMovement,
  isFit: (client: ClientState) => boolean = () => true,
): ClientState | undefined {
  const nearer = byLag(all, task);
  return nearer.slice(0, nearer.indexOf(to)).find(isFit);
}

function warmUp(all: Movements, { task, to }: TaskMovement): void {
  if (all.warmups > 0) {
    to.standby.add(task);
    all.warming.set(to, (all.warming.get(to) ?? new Set()).add(task));
  }
  all.warmups -= 1;
}
