/** Partitions by how much of the next draws they get: cumulative weights, and whose they are. */
export interface LoadTable {
  readonly cumulative: readonly number[];
  readonly partitionIds: readonly number[];
}

export interface PartitionLoadStats {
  readonly total: LoadTable;
  /** Only partitions led in the client's rack; null unless the partitioner is rack-aware. */
  readonly inThisRack: LoadTable | null;
}

/** What the partitioner needs to know of a topic: who leads each partition, and in which rack. */
export interface PartitionLeaders {
  /** Broker id by partition, negative without a leader. */
  readonly leaders: readonly number[];
  /** Rack of the leader by partition; only looked at by a rack-aware partitioner. */
  readonly leaderRacks?: readonly (string | null)[];
}

/**
 * Where records without a key go (`BuiltInPartitioner`, KIP-794): all to one partition until about `batch.size` bytes
 * are produced to it, then to one drawn anew, so that batches fill up and load still evens out.
 */
export interface StickyPartitioner {
  readonly batchSize: number;
  /** Prefer partitions led in this rack; null when not rack-aware. */
  readonly rack: string | null;
  /** −1 before the first look. */
  current: number;
  producedBytes: number;
  loadStats: PartitionLoadStats | null;
}

export const newStickyPartitioner = (batchSize: number, rack: string | null): StickyPartitioner => ({
  batchSize: Math.max(batchSize, 1),
  rack,
  current: -1,
  producedBytes: 0,
  loadStats: null,
});
