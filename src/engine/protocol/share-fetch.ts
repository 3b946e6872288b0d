import type { RecordBatch } from './record-batch.ts';
import type { Uuid } from './uuid.ts';

/** What a member says of records that it acquired. */
export interface AcknowledgementBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** 0 gap, 1 accept, 2 release, 3 reject, 4 renew: one for all, or one for each offset. */
  readonly acknowledgeTypes: readonly number[];
}

export interface AcknowledgedPartition {
  readonly partitionIndex: number;
  readonly acknowledgementBatches: readonly AcknowledgementBatch[];
}

export interface AcknowledgedTopic {
  readonly topicId: Uuid;
  readonly partitions: readonly AcknowledgedPartition[];
}

/** ShareFetch (API key 78, KIP-932): fields as in version 2 of Apache Kafka 4.4.0. */
export interface ShareFetchRequest {
  readonly groupId: string | null;
  readonly memberId: string | null;
  /** 0 opens a session, −1 closes it. */
  readonly shareSessionEpoch: number;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly maxRecords: number;
  readonly batchSize: number;
  /** 0 up to the end of a batch, 1 no more than `maxRecords`. */
  readonly shareAcquireMode: number;
  readonly isRenewAck: boolean;
  readonly topics: readonly AcknowledgedTopic[];
  readonly forgottenTopicsData: readonly { readonly topicId: Uuid; readonly partitions: readonly number[] }[];
}

export interface ShareFetchResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly acquisitionLockTimeoutMs: number;
  readonly responses: readonly {
    readonly topicId: Uuid;
    readonly partitions: readonly ShareFetchPartition[];
  }[];
  readonly nodeEndpoints: readonly ShareNodeEndpoint[];
}

export interface ShareFetchPartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly acknowledgeErrorCode: number;
  readonly acknowledgeErrorMessage: string | null;
  readonly currentLeader: LeaderIdAndEpoch;
  readonly records: readonly RecordBatch[];
  readonly acquiredRecords: readonly AcquiredRecords[];
}

export interface AcquiredRecords {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly deliveryCount: number;
}

export interface LeaderIdAndEpoch {
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

export interface ShareNodeEndpoint {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}
