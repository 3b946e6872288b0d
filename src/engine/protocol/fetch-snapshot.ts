import type { RecordBatch } from './record-batch.ts';

/** FetchSnapshot (API key 59): fields as in version 1 of Apache Kafka 4.4.0. */
export interface FetchSnapshotRequest {
  readonly clusterId?: string | null;
  readonly replicaId: number;
  readonly maxBytes: number;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly FetchSnapshotRequestPartition[];
  }[];
}

/** The state up to an offset, and the epoch of the last record in it. */
export interface SnapshotId {
  readonly endOffset: number;
  readonly epoch: number;
}

export interface FetchSnapshotRequestPartition {
  readonly partition: number;
  readonly currentLeaderEpoch: number;
  readonly snapshotId: SnapshotId;
  /** How many bytes of it the reader has. */
  readonly position: number;
}

export interface FetchSnapshotResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly FetchSnapshotResponsePartition[];
  }[];
}

export interface FetchSnapshotResponsePartition {
  readonly index: number;
  readonly errorCode: number;
  readonly snapshotId: SnapshotId;
  readonly currentLeader: { readonly leaderId: number; readonly leaderEpoch: number };
  /** Of the whole snapshot, in bytes. */
  readonly size: number;
  readonly position: number;
  /** Batches whose bytes begin at `position`; Kafka may cut inside a batch, this model does not. */
  readonly unalignedRecords: readonly RecordBatch[];
}
