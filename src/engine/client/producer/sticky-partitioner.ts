import type { LoadTable, PartitionLeaders, StickyPartitioner } from './sticky-state.ts';

/** A number from 0 to 2^31 − 1. */
export type Draw = () => number;

/** The partition of the next record without key. */
export function peekPartition(partitioner: StickyPartitioner, topic: PartitionLeaders, draw: Draw): number {
  if (partitioner.current < 0) partitioner.current = drawPartition(partitioner, topic, draw());
  return partitioner.current;
}

/** Accounts for bytes produced to the current partition; switches when it had its share. Returns whether it switched. */
export function accountBytes(
  partitioner: StickyPartitioner,
  topic: PartitionLeaders,
  grown: { readonly bytes: number; readonly enableSwitch: boolean },
  draw: Draw,
): boolean {
  partitioner.producedBytes += grown.bytes;
  const { producedBytes, batchSize } = partitioner;
  const share = grown.enableSwitch ? batchSize : 2 * batchSize;
  if (producedBytes < share) return false;
  partitioner.current = drawPartition(partitioner, topic, draw());
  partitioner.producedBytes = 0;
  return true;
}

function drawPartition(
  { rack, loadStats }: StickyPartitioner,
  topic: PartitionLeaders,
  random: number,
): number {
  if (loadStats !== null) {
    const local = loadStats.inThisRack;
    return drawWeighted(local !== null && local.cumulative.length > 0 ? local : loadStats.total, random);
  }
  const led = indexesWhere(topic.leaders, (leader) => leader >= 0);
  if (rack !== null) {
    const near = led.filter((partition) => topic.leaderRacks?.[partition] === rack);
    if (near.length > 0) return near[random % near.length] ?? 0;
  }
  return led.length > 0 ? (led[random % led.length] ?? 0) : random % topic.leaders.length;
}

function indexesWhere(items: readonly number[], holds: (item: number) => boolean): number[] {
  const indexes: number[] = [];
  items.forEach((item, index) => {
    if (holds(item)) indexes.push(index);
  });
  return indexes;
}

/** The first partition whose cumulative weight is above the draw. */
function drawWeighted({ cumulative, partitionIds }: LoadTable, random: number): number {
  const weighted = random % (cumulative.at(-1) ?? 1);
  const index = cumulative.findIndex((weight) => weight > weighted);
  return partitionIds[index] ?? 0;
}

/** Queue lengths of the partitions that may be chosen: the first `length` of both lists. */
export interface QueueSizes {
  readonly queueSizes: readonly number[];
  readonly partitionIds: readonly number[];
  readonly length: number;
  readonly leaderRacks?: readonly (string | null)[];
}

/**
 * Weighs partitions by the room left in their queues compared with the longest one. No statistics if there is nothing
 * to choose from, or if all queues are equal and none is excluded.
 */
export function updateLoadStats(partitioner: StickyPartitioner, sizes: QueueSizes | null): void {
  partitioner.loadStats = null;
  if (sizes === null || sizes.length < 1 || sizes.queueSizes.length < 2) return;
  const { length, queueSizes } = sizes;
  const counted = queueSizes.slice(0, length);
  if (length === queueSizes.length && counted.every((size) => size === counted[0])) return;
  const all = counted.map((_, index) => index);
  const local = all.filter((index) => sizes.leaderRacks?.[index] === partitioner.rack);
  partitioner.loadStats = Object.freeze({
    total: loadTable(sizes, all),
    inThisRack: partitioner.rack === null ? null : loadTable(sizes, local),
  });
}

/** Weights relative to the longest queue among those that count. */
function loadTable({ queueSizes, partitionIds }: QueueSizes, counted: readonly number[]): LoadTable {
  const sizes = counted.map((index) => queueSizes[index] ?? 0);
  const longest = sizes.reduce((most, size) => Math.max(most, size), 0);
  let total = 0;
  const cumulative = sizes.map((size) => (total += longest + 1 - size));
  return { cumulative, partitionIds: counted.map((index) => partitionIds[index] ?? 0) };
}
