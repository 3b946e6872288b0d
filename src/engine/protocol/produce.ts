import type { Uuid } from './uuid.ts';
import type { RecordBatch } from './record-batch.ts';

/** Produce (API key 0): fields as in version 13 of Apache Kafka 4.4.0. */
export interface ProduceRequest {
  readonly transactionalId: string | null;
  readonly acks: number;
  readonly timeoutMs: number;
  readonly topicData: readonly ProduceRequestTopicData[];
}

export interface ProduceRequestTopicData {
  readonly topicId: Uuid;
  readonly partitionData: readonly ProduceRequestPartitionData[];
}

export interface ProduceRequestPartitionData {
  readonly index: number;
  readonly records: readonly RecordBatch[] | null;
}

export interface ProduceResponse {
  readonly responses: readonly ProduceResponseResponse[];
  readonly throttleTimeMs: number;
  readonly nodeEndpoints?: readonly ProduceResponseNodeEndpoint[];
}

export interface ProduceResponseNodeEndpoint {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export interface ProduceResponseResponse {
  readonly topicId: Uuid;
  readonly partitionResponses: readonly ProduceResponsePartitionResponse[];
}

export interface ProduceResponsePartitionResponse {
  readonly index: number;
  readonly errorCode: number;
  readonly baseOffset: number;
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
  readonly recordErrors: readonly ProduceResponseRecordError[];
  readonly errorMessage: string | null;
  readonly currentLeader?: ProduceResponseCurrentLeader;
}

export interface ProduceResponseCurrentLeader {
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

export interface ProduceResponseRecordError {
  readonly batchIndex: number;
  readonly batchIndexErrorMessage: string | null;
}
