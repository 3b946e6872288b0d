import type { QueriedCopy } from '../../api/query-act.ts';
import type { StreamsMemory } from '../runtime/instance-memory.ts';
import type { RuntimeTask } from '../runtime/runtime-task.ts';
import type { StorePlace } from './queryable-store.ts';

/**
 * The state of the stream thread (`StreamThread.State`), as far as it decides whether stores can be read: one task that does
 * not run closes them all.
 */
export function threadState({ stopping, ended, revoking, tasks, queries }: StreamsMemory): string {
  if (stopping || ended) return 'PENDING_SHUTDOWN';
  const all = [...tasks.values()];
  if (revoking || all.some(({ status }) => status === 'suspended')) return 'PARTITIONS_REVOKED';
  if (all.some(({ status }) => status !== 'running')) return 'PARTITIONS_ASSIGNED';
  return queries.hosts.length === 0 ? 'STARTING' : 'RUNNING';
}

/** A task of this instance that can be read. */
export interface LocalCopy {
  readonly task: RuntimeTask;
  readonly copy: QueriedCopy['copy'];
}

/** What this instance has of a store: the tasks that run, or with stale reads all that has any state. */
export function localCopies(
  { tasks, standbys }: StreamsMemory,
  { subtopology }: StorePlace,
  stale: boolean,
): LocalCopy[] {
  const all = stale ? [...tasks.values(), ...standbys.values()] : [...tasks.values()];
  return all.flatMap((task): LocalCopy[] => {
    const { status } = task;
    if (task.subtopology !== subtopology || status === 'created') return [];
    return [{ task, copy: status === 'running' ? 'active' : status }];
  });
}

/** Next record of the changelog that a copy would apply; −1 for one that has them all. */
export function positionOf({ status, restoring, changelogOffsets }: RuntimeTask, changelog: string): number {
  if (status === 'running') return -1;
  const following = restoring.find(({ topic }) => topic === changelog);
  return following?.position ?? changelogOffsets.get(changelog) ?? 0;
}
