import type { Uuid } from './uuid.ts';

/** ConsumerGroupHeartbeat (API key 68, KIP-848): fields as in version 1 of Apache Kafka 4.4.0. */
export interface ConsumerGroupHeartbeatRequest {
  readonly groupId: string;
  readonly memberId: string;
  /** 0 to join, −1 to leave, −2 for a static member that comes back. */
  readonly memberEpoch: number;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  /** ms; −1 if it did not change. */
  readonly rebalanceTimeoutMs: number;
  /** Null if they did not change; so are the fields that follow. */
  readonly subscribedTopicNames: readonly string[] | null;
  readonly subscribedTopicRegex: string | null;
  readonly serverAssignor: string | null;
  /** What the member owns. */
  readonly topicPartitions: readonly TopicIdPartitions[] | null;
}

/** Partitions of a topic that is named by id. */
export interface TopicIdPartitions {
  readonly topicId: Uuid;
  readonly partitions: readonly number[];
}

export interface ConsumerGroupHeartbeatResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly memberId: string | null;
  readonly memberEpoch: number;
  readonly heartbeatIntervalMs: number;
  /** Null if the member need not hear of it. */
  readonly assignment: { readonly topicPartitions: readonly TopicIdPartitions[] } | null;
}
