import type { StickyPartition } from './sticky-group.ts';

interface Movement {
  readonly from: string;
  readonly to: string;
}

/** Which partitions moved from whom to whom while an assignment is balanced. */
export interface PartitionMovements {
  readonly byPartition: Map<StickyPartition, Movement>;
}

export const noMovements = (): PartitionMovements => ({ byPartition: new Map() });

/** Notes a move. One that goes on counts from where it began; one back to there never was. */
export function noteMove(
  { byPartition }: PartitionMovements,
  partition: StickyPartition,
  from: string,
  to: string,
): void {
  const origin = byPartition.get(partition)?.from ?? from;
  byPartition.delete(partition);
  if (origin !== to) byPartition.set(partition, { from: origin, to });
}

/**
 * The partition to move in place of this one: if one of the same topic came the opposite way before, that one goes back,
 * so that two members do not swap partitions.
 */
export function partitionToMove(
  { byPartition }: PartitionMovements,
  partition: StickyPartition,
  from: string,
  to: string,
): StickyPartition {
  const origin = byPartition.get(partition)?.from ?? from;
  for (const [moved, movement] of byPartition)
    if (moved.topic === partition.topic && movement.from === to && movement.to === origin) return moved;
  return partition;
}
