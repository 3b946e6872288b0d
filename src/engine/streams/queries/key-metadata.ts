import type { NodeId } from '../../api/ids.ts';
import type { Bytes } from '../../base/bytes.ts';
import { partitionForKey } from '../../base/murmur2.ts';
import type { HostTasks } from '../assignor/host-tasks.ts';
import { subtopologyOf, taskId } from '../assignor/task-id.ts';

/** Who has a key (`KeyQueryMetadata`). */
export interface KeyMetadata {
  readonly partition: number;
  readonly active: NodeId;
  readonly standbys: readonly NodeId[];
}

/** Partitions of a store: one for each task of its sub-topology. */
export const partitionsOf = (hosts: readonly HostTasks[], subtopology: number): number =>
  hosts.flatMap(({ active }) => active).filter((task) => subtopologyOf(task) === subtopology).length;

/**
 * Who has a key of a store, by the default partitioner on the key's bytes (`KafkaStreams.queryMetadataForKey`). Undefined while
 * nobody knows (`KeyQueryMetadata.NOT_AVAILABLE`).
 */
export function keyMetadata(
  hosts: readonly HostTasks[],
  subtopology: number,
  key: Bytes,
): KeyMetadata | undefined {
  const count = partitionsOf(hosts, subtopology);
  if (count === 0) return undefined;
  const partition = partitionForKey(key, count);
  const task = taskId(subtopology, partition);
  const owner = hosts.find(({ active }) => active.includes(task));
  if (owner === undefined) return undefined;
  const standbys = hosts.filter(({ standby }) => standby.includes(task)).map(({ host }) => host);
  return { partition, active: owner.host, standbys };
}

/** Everyone who has a task of a store, running or as a copy (`streamsMetadataForStore`). */
export const hostsOf = (hosts: readonly HostTasks[], subtopology: number): NodeId[] =>
  hosts
    .filter(({ active, standby }) =>
      [...active, ...standby].some((task) => subtopologyOf(task) === subtopology),
    )
    .map(({ host }) => host);
