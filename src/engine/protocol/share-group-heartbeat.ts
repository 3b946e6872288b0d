import type { TopicIdPartitions } from './consumer-group-heartbeat.ts';

/** ShareGroupHeartbeat (API key 76, KIP-932): fields as in version 1 of Apache Kafka 4.4.0. */
export interface ShareGroupHeartbeatRequest {
  readonly groupId: string;
  /** Made up by the member itself: 1 to 36 characters. */
  readonly memberId: string;
  /** 0 to join, −1 to leave. */
  readonly memberEpoch: number;
  readonly rackId: string | null;
  /** Null if they did not change. */
  readonly subscribedTopicNames: readonly string[] | null;
}

export interface ShareGroupHeartbeatResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly memberId: string | null;
  readonly memberEpoch: number;
  readonly heartbeatIntervalMs: number;
  /** Null if the member need not hear of it. */
  readonly assignment: { readonly topicPartitions: readonly TopicIdPartitions[] } | null;
}
