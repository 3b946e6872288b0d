import type { AcknowledgedTopic, LeaderIdAndEpoch, ShareNodeEndpoint } from './share-fetch.ts';
import type { Uuid } from './uuid.ts';

/** ShareAcknowledge (API key 79, KIP-932): fields as in version 2 of Apache Kafka 4.4.0. */
export interface ShareAcknowledgeRequest {
  readonly groupId: string | null;
  readonly memberId: string | null;
  /** −1 closes the session. */
  readonly shareSessionEpoch: number;
  readonly isRenewAck: boolean;
  readonly topics: readonly AcknowledgedTopic[];
}

export interface ShareAcknowledgeResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly acquisitionLockTimeoutMs: number;
  readonly responses: readonly {
    readonly topicId: Uuid;
    readonly partitions: readonly ShareAcknowledgePartition[];
  }[];
  readonly nodeEndpoints: readonly ShareNodeEndpoint[];
}

export interface ShareAcknowledgePartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly currentLeader: LeaderIdAndEpoch;
}
