import type { Uuid } from './uuid.ts';
import type { RecordBatch } from './record-batch.ts';

/** Fetch (API key 1): fields as in version 18 of Apache Kafka 4.4.0. */
export interface FetchRequest {
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isolationLevel: number;
  readonly sessionId: number;
  readonly sessionEpoch: number;
  readonly topics: readonly FetchRequestTopic[];
  readonly forgottenTopicsData: readonly FetchRequestForgottenTopicsData[];
  readonly rackId: string;
  readonly clusterId?: string | null;
  readonly replicaState?: FetchRequestReplicaState;
}

export interface FetchRequestReplicaState {
  readonly replicaId: number;
  readonly replicaEpoch: number;
}

export interface FetchRequestForgottenTopicsData {
  readonly topicId: Uuid;
  /** What versions before 13 send in place of `topicId`, which is zero there. */
  readonly topic?: string;
  readonly partitions: readonly number[];
}

export interface FetchRequestTopic {
  readonly topicId: Uuid;
  /** What versions before 13 send in place of `topicId`, which is zero there. */
  readonly topic?: string;
  readonly partitions: readonly FetchRequestPartition[];
}

export interface FetchRequestPartition {
  readonly partition: number;
  readonly currentLeaderEpoch: number;
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number;
  readonly logStartOffset: number;
  readonly partitionMaxBytes: number;
  readonly replicaDirectoryId?: Uuid;
  readonly highWatermark?: number;
}

export interface FetchResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly sessionId: number;
  readonly responses: readonly FetchResponseResponse[];
  readonly nodeEndpoints?: readonly FetchResponseNodeEndpoint[];
}

export interface FetchResponseNodeEndpoint {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export interface FetchResponseResponse {
  readonly topicId: Uuid;
  /** What versions before 13 send in place of `topicId`, which is zero there. */
  readonly topic?: string;
  readonly partitions: readonly FetchResponsePartition[];
}

export interface FetchResponsePartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  readonly abortedTransactions: readonly FetchResponseAbortedTransaction[] | null;
  readonly preferredReadReplica: number;
  readonly records: readonly RecordBatch[] | null;
  readonly divergingEpoch?: FetchResponseDivergingEpoch;
  readonly currentLeader?: FetchResponseCurrentLeader;
  readonly snapshotId?: FetchResponseSnapshotId;
}

export interface FetchResponseSnapshotId {
  readonly endOffset: number;
  readonly epoch: number;
}

export interface FetchResponseCurrentLeader {
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

export interface FetchResponseDivergingEpoch {
  readonly epoch: number;
  readonly endOffset: number;
}

export interface FetchResponseAbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}
