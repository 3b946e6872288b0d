import type { QueriedCopy } from '../../api/query-act.ts';
import type { StreamsMemory } from '../runtime/instance-memory.ts';
import type { StreamThread } from '../runtime/stream-thread.ts';
import type { ThreadState } from '../runtime/thread-state.ts';
import type { RuntimeTask } from '../runtime/runtime-task.ts';
import type { StorePlace } from './queryable-store.ts';

/**
 * The state of a stream thread that keeps the instance's stores closed: one that does not run, or has a task that does not,
 * closes them all. Undefined if none does.
 */
export function closedBy({ threads }: StreamsMemory): ThreadState | undefined {
  for (const { state, tasks } of threads) {
    if (state === 'DEAD') continue;
    if (state !== 'RUNNING') return state;
    for (const { status } of tasks.values()) if (status !== 'running') return 'PARTITIONS_ASSIGNED';
  }
  return undefined;
}

/** A task of this instance that can be read. */
export interface LocalCopy {
  readonly thread: StreamThread;
  readonly task: RuntimeTask;
  readonly copy: QueriedCopy['copy'];
}

/** What this instance has of a store: the tasks that run, or with stale reads all that has any state. */
export function localCopies({ threads }: StreamsMemory, place: StorePlace, stale: boolean): LocalCopy[] {
  return threads.flatMap((thread) => {
    const { tasks, standbys } = thread;
    const all = stale ? [...tasks.values(), ...standbys.values()] : [...tasks.values()];
    return all.flatMap((task) => copyOf(thread, task, place));
  });
}

function copyOf(thread: StreamThread, task: RuntimeTask, { subtopology }: StorePlace): LocalCopy[] {
  const { status } = task;
  if (task.subtopology !== subtopology || status === 'created') return [];
  return [{ thread, task, copy: status === 'running' ? 'active' : status }];
}

/** Next record of the changelog that a copy would apply; −1 for one that has them all. */
export function positionOf({ status, restoring, changelogOffsets }: RuntimeTask, changelog: string): number {
  if (status === 'running') return -1;
  const following = restoring.find(({ topic }) => topic === changelog);
  return following?.position ?? changelogOffsets.get(changelog) ?? 0;
}
