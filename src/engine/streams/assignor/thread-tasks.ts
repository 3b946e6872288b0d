import { ensure } from '../../base/assert.ts';
import { inBuckets } from '../../base/java-hash-order.ts';
import { JavaPriorityQueue } from '../topology/java-priority-queue.ts';
import { lagOf, sorted, type ClientState } from './client-state.ts';
import { inTaskOrder, partitionOf, subtopologyOf, type TaskId } from './task-id.ts';

/** A thread of a client while the client's tasks are shared out among them. */
export interface ThreadShare {
  /** Of the thread's consumer. */
  readonly memberId: string;
  /** Stateful tasks that it said it has. */
  readonly owned: readonly TaskId[];
  readonly active: TaskId[];
  readonly standby: TaskId[];
}

/** What one round gives out. */
interface Round {
  readonly role: 'active' | 'standby';
  readonly tasks: readonly TaskId[];
  /** Tasks without state go to no one in particular. */
  readonly stateful: boolean;
}

/**
 * Shares the tasks of a client out among its threads, in the order of their member ids: tasks with state, then copies, then
 * tasks without state, each as evenly as what came before allows, and as far as that goes to whoever has them already
 * (`StreamsPartitionAssignor.assignTasksToThreads`).
 */
export function shareAmongThreads(
  client: ClientState,
  threads: readonly ThreadShare[],
  isStateful: (task: TaskId) => boolean,
): void {
  const active = sorted(client.active);
  const without = active.filter((task) => !isStateful(task));
  const rounds: readonly Round[] = [
    { role: 'active', tasks: inHashOrder(active.filter(isStateful)), stateful: true },
    { role: 'standby', tasks: sorted(client.standby), stateful: true },
    { role: 'active', tasks: inHashOrder(without), stateful: false },
  ];
  for (const round of rounds) new ThreadRound(client, threads, round).run();
}

/** Tasks as a set of the assignor's hands them out that was filled in task order: by it some thread has one task more. */
const inHashOrder = (tasks: readonly TaskId[]): TaskId[] => inBuckets(tasks, tasks.length, hashOf);

/** `TaskId.hashCode`, without a named topology. */
const hashOf = (task: TaskId): number => (29_791 + 961 * subtopologyOf(task) + 31 * partitionOf(task)) | 0;

const loadOf = ({ active, standby }: ThreadShare): number => active.length + standby.length;

class ThreadRound {
  private readonly client: ClientState;
  private readonly threads: readonly ThreadShare[];
  private readonly round: Round;
  /** Tasks that every thread has at least in the end. */
  private readonly least: number;
  private readonly open: JavaPriorityQueue<TaskId>;
  /** Tasks that did not fit where they are now. */
  private readonly skipped = new Map<TaskId, ThreadShare>();

  constructor(client: ClientState, threads: readonly ThreadShare[], round: Round) {
    this.client = client;
    this.threads = threads;
    this.round = round;
    const before = threads.reduce((sum, thread) => sum + loadOf(thread), 0);
    this.least = Math.floor((before + round.tasks.length) / threads.length);
    this.open = new JavaPriorityQueue(inTaskOrder, round.tasks);
  }

  run(): void {
    if (this.open.size === 0) return;
    if (this.round.stateful) for (const thread of this.threads) this.keep(thread);
    this.interleave(this.threads.filter((thread) => loadOf(thread) < this.least));
    this.spread();
  }

  private give(thread: ThreadShare, task: TaskId): void {
    thread[this.round.role].push(task);
    this.open.remove(task);
  }

  /** What a thread has it keeps, nearest first, up to the least. */
  private keep(thread: ThreadShare): void {
    for (const task of this.byLag(thread.owned)) {
      if (!this.open.has(task)) continue;
      if (loadOf(thread) < this.least) this.give(thread, task);
      else this.skipped.set(task, thread);
    }
  }

  private byLag(tasks: readonly TaskId[]): TaskId[] {
    const { lags } = this.client;
    return tasks
      .filter((task) => lags.has(task))
      .sort((a, b) => lagOf(this.client, a) - lagOf(this.client, b) || inTaskOrder(a, b));
  }

  /** One task each in turn, until all have the least. */
  private interleave(unfilled: ThreadShare[]): void {
    for (let thread = unfilled.shift(); thread !== undefined; thread = unfilled.shift()) {
      thread[this.round.role].push(ensure(this.open.poll(), 'task for a thread with too few'));
      if (loadOf(thread) < this.least) unfilled.push(thread);
    }
  }

  /** The others go to threads that have the least and no more: to those that have them, if they can. */
  private spread(): void {
    const free = this.threads.filter((thread) => loadOf(thread) === this.least);
    for (const [task, thread] of [...this.skipped].sort(([a], [b]) => inTaskOrder(a, b))) {
      if (!this.open.has(task) || !free.includes(thread)) continue;
      this.give(thread, task);
      free.splice(free.indexOf(thread), 1);
    }
    for (const task of this.open.toArray())
      this.give(ensure(free.shift(), 'thread for a task that is left'), task);
  }
}
