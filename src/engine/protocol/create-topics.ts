import type { Uuid } from './uuid.ts';

/** CreateTopics (API key 19): fields as in version 7 of Apache Kafka 4.4.0. */
export interface CreateTopicsRequest {
  readonly topics: readonly CreateTopicsRequestTopic[];
  readonly timeoutMs: number;
  readonly validateOnly: boolean;
}

export interface CreateTopicsRequestTopic {
  readonly name: string;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly assignments: readonly CreateTopicsRequestAssignment[];
  readonly configs: readonly CreateTopicsRequestConfig[];
}

export interface CreateTopicsRequestConfig {
  readonly name: string;
  readonly value: string | null;
}

export interface CreateTopicsRequestAssignment {
  readonly partitionIndex: number;
  readonly brokerIds: readonly number[];
}

export interface CreateTopicsResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly CreateTopicsResponseTopic[];
}

export interface CreateTopicsResponseTopic {
  readonly name: string;
  readonly topicId: Uuid;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly configs: readonly CreateTopicsResponseConfig[] | null;
  readonly topicConfigErrorCode?: number;
}

export interface CreateTopicsResponseConfig {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
}
