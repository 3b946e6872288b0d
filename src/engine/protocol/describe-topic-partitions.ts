import type { Uuid } from './uuid.ts';

/** DescribeTopicPartitions (API key 75): fields as in version 0 of Apache Kafka 4.4.0. */
export interface DescribeTopicPartitionsRequest {
  /** None: all topics. */
  readonly topics: readonly { readonly name: string }[];
  readonly responsePartitionLimit: number;
  /** Where the answer before this one ended. */
  readonly cursor: DescribeTopicPartitionsCursor | null;
}

export interface DescribeTopicPartitionsCursor {
  readonly topicName: string;
  readonly partitionIndex: number;
}

export interface DescribeTopicPartitionsResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly DescribeTopicPartitionsResponseTopic[];
  /** The first partition that did not fit. */
  readonly nextCursor: DescribeTopicPartitionsCursor | null;
}

export interface DescribeTopicPartitionsResponseTopic {
  readonly errorCode: number;
  readonly name: string | null;
  readonly topicId: Uuid;
  readonly isInternal: boolean;
  readonly partitions: readonly DescribeTopicPartitionsResponsePartition[];
  readonly topicAuthorizedOperations: number;
}

export interface DescribeTopicPartitionsResponsePartition {
  readonly errorCode: number;
  readonly partitionIndex: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly replicaNodes: readonly number[];
  readonly isrNodes: readonly number[];
  readonly eligibleLeaderReplicas: readonly number[] | null;
  readonly lastKnownElr: readonly number[] | null;
  readonly offlineReplicas: readonly number[];
}
