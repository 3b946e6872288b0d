import type { Uuid } from './uuid.ts';

/** OffsetFetch (API key 9): fields as in version 10 of Apache Kafka 4.4.0. */
export interface OffsetFetchRequest {
  readonly groups: readonly OffsetFetchRequestGroup[];
  readonly requireStable: boolean;
}

export interface OffsetFetchRequestGroup {
  readonly groupId: string;
  readonly memberId: string | null;
  readonly memberEpoch: number;
  readonly topics: readonly OffsetFetchRequestTopic[] | null;
}

export interface OffsetFetchRequestTopic {
  readonly topicId: Uuid;
  /** What versions before 10 send in place of `topicId`, which is zero there. */
  readonly name?: string;
  readonly partitionIndexes: readonly number[];
}

export interface OffsetFetchResponse {
  readonly throttleTimeMs: number;
  readonly groups: readonly OffsetFetchResponseGroup[];
}

export interface OffsetFetchResponseGroup {
  readonly groupId: string;
  readonly topics: readonly OffsetFetchResponseTopic[];
  readonly errorCode: number;
}

export interface OffsetFetchResponseTopic {
  readonly topicId: Uuid;
  /** What versions before 10 send in place of `topicId`, which is zero there. */
  readonly name?: string;
  readonly partitions: readonly OffsetFetchResponsePartition[];
}

export interface OffsetFetchResponsePartition {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly metadata: string | null;
  readonly errorCode: number;
}
