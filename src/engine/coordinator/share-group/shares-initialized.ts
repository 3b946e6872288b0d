import type { CoordinatorHost, SharedPartition } from '../coordinator-host.ts';
import { partitionForGroup } from '../group/group-request.ts';
import { perform } from '../group/operations.ts';
import type { GroupCoordinator } from '../group/shard-state.ts';
import { sharesInitialized } from './share-initialization.ts';

/** The share coordinator has answered for partitions of a share group. */
export function onSharesInitialized(
  coordinator: GroupCoordinator,
  host: CoordinatorHost,
  groupId: string,
  results: readonly (SharedPartition & { readonly isDone: boolean })[],
): void {
  const state = coordinator.shards.get(partitionForGroup(groupId, host.partitionCount));
  if (state?.status !== 'active') return;
  const shard = { state, host };
  perform(coordinator, shard, sharesInitialized(shard, groupId, results), null);
}
