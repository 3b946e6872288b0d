import { inTaskOrder, subtopologyOf, type TaskId } from './task-id.ts';
import { LATEST, type MemberData } from './member-data.ts';

export interface AssignorClient {
  readonly memberId: string;
  readonly data: MemberData;
}

interface Share {
  readonly memberId: string;
  readonly data: MemberData;
  readonly tasks: TaskId[];
  readonly bySubtopology: Map<number, number>;
}

/**
 * Shares tasks out, sticky and balanced: no member has more than its part of all tasks, nor of one sub-topology's. Who
 * runs a task keeps it, then who has the newest state of it on disk gets it, then who has fewest. Kafka's default (the
 * high-availability assignor) also leaves a task where it was while the state elsewhere is older than
 * `acceptable.recovery.lag` and warms copies up; this one moves it at once, as Kafka's own `StickyTaskAssignor`.
 * Tasks and clients must be in order.
 */
export function assignTasks(
  tasks: readonly TaskId[],
  clients: readonly AssignorClient[],
): Map<string, readonly TaskId[]> {
  const shares = clients.map(({ memberId, data }): Share => ({
    memberId,
    data,
    tasks: [],
    bySubtopology: new Map(),
  }));
  if (shares.length === 0) return new Map();
  const limits = limitsOf(tasks, shares.length);
  const open = keep(tasks, shares, limits);
  for (const task of open)
    give(
      shares.reduce((best, share) => (isLess(task, share, best) ? share : best)),
      task,
    );
  return new Map(shares.map((share) => [share.memberId, share.tasks.sort(inTaskOrder)]));
}

interface Limits {
  readonly all: number;
  readonly bySubtopology: ReadonlyMap<number, number>;
}

function limitsOf(tasks: readonly TaskId[], clients: number): Limits {
  const sizes = new Map<number, number>();
  for (const task of tasks) sizes.set(subtopologyOf(task), (sizes.get(subtopologyOf(task)) ?? 0) + 1);
  const bySubtopology = new Map([...sizes].map(([id, size]) => [id, Math.ceil(size / clients)]));
  return { all: Math.ceil(tasks.length / clients), bySubtopology };
}

/** Gives tasks to members that know them, as far as the limits allow. Returns the tasks that are left. */
function keep(tasks: readonly TaskId[], shares: readonly Share[], limits: Limits): TaskId[] {
  const runs = (task: TaskId): Share | undefined =>
    shares.find((share) => share.data.tasks.get(task) === LATEST && hasRoom(share, task, limits));
  const left = tasks.filter((task) => !giveTo(runs(task), task));
  return left.filter((task) => !giveTo(newestState(task, shares, limits), task));
}

function newestState(task: TaskId, shares: readonly Share[], limits: Limits): Share | undefined {
  let newest: Share | undefined;
  for (const share of shares) {
    const sum = share.data.tasks.get(task);
    if (sum === undefined || !hasRoom(share, task, limits)) continue;
    if (newest === undefined || sum > (newest.data.tasks.get(task) ?? 0)) newest = share;
  }
  return newest;
}

const countOf = ({ bySubtopology }: Share, task: TaskId): number =>
  bySubtopology.get(subtopologyOf(task)) ?? 0;

const hasRoom = (share: Share, task: TaskId, { all, bySubtopology }: Limits): boolean =>
  share.tasks.length < all && countOf(share, task) < (bySubtopology.get(subtopologyOf(task)) ?? 0);

const isLess = (task: TaskId, a: Share, b: Share): boolean =>
  a.tasks.length < b.tasks.length ||
  (a.tasks.length === b.tasks.length && countOf(a, task) < countOf(b, task));

function giveTo(share: Share | undefined, task: TaskId): boolean {
  if (share === undefined) return false;
  give(share, task);
  return true;
}

function give(share: Share, task: TaskId): void {
  share.tasks.push(task);
  share.bySubtopology.set(subtopologyOf(task), countOf(share, task) + 1);
}
