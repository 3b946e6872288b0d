import type { Uuid } from './uuid.ts';

/** DeleteTopics (API key 20): fields as in version 6 of Apache Kafka 4.4.0. */
export interface DeleteTopicsRequest {
  readonly topics: readonly DeleteTopicsRequestTopic[];
  readonly timeoutMs: number;
}

/** Named, or by id. */
export interface DeleteTopicsRequestTopic {
  readonly name: string | null;
  readonly topicId: Uuid;
}

export interface DeleteTopicsResponse {
  readonly throttleTimeMs: number;
  readonly responses: readonly DeleteTopicsResponseResult[];
}

export interface DeleteTopicsResponseResult {
  readonly name: string | null;
  readonly topicId: Uuid;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
