import type { TopicPartitionName } from '../../api/ids.ts';
import type { CommitOffset } from '../../client/consumer/consumer-state.ts';
import type { StoreDefinition } from '../state-stores/store.ts';
import type { SubTopology } from '../topology/build-topology.ts';
import type { StreamThread } from './stream-thread.ts';
import type { RuntimeTask } from './runtime-task.ts';

/**
 * Tables whose own topic serves as their changelog (`topology.optimization`): nothing is written to it, and a task reads
 * back what it had consumed when it last committed, no more (`StoreChangelogReader`, `ProcessorStateManager.changelogAsSource`).
 */
export const hasSourceChangelog = (part: SubTopology, { name }: StoreDefinition): boolean =>
  part.sourceTopics.includes(part.changelogOf(name));

/** Stores whose contents a task on another machine can read back. */
export const restorableStores = (part: SubTopology): StoreDefinition[] =>
  part.stores.filter((store) => store.logging || hasSourceChangelog(part, store));

/**
 * How far a source topic may be read back: to the group's committed offset. Undefined while the consumer that owns the
 * partition does not know it yet.
 */
export function committedEnd({ main }: StreamThread, name: TopicPartitionName): number | undefined {
  const assigned = main.subscriptions.assigned.get(name);
  if (assigned === undefined || assigned.state === 'initializing') return undefined;
  return main.committed.get(name) ?? 0;
}

/** The offsets are committed: a table read from its own topic holds what is before them. */
export function noteConsumed(part: SubTopology, task: RuntimeTask, committed: readonly CommitOffset[]): void {
  for (const store of part.stores) {
    const topic = part.changelogOf(store.name);
    if (!hasSourceChangelog(part, store)) continue;
    const found = committed.find((item) => item.topic === topic && item.partition === task.partition);
    if (found !== undefined) task.changelogOffsets.set(topic, found.offset);
  }
}
