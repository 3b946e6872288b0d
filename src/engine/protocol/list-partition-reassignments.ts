/** ListPartitionReassignments (API key 46): fields as in version 0 of Apache Kafka 4.4.0. */
export interface ListPartitionReassignmentsRequest {
  readonly timeoutMs: number;
  /** Null: all topics. */
  readonly topics: readonly ListPartitionReassignmentsRequestTopic[] | null;
}

export interface ListPartitionReassignmentsRequestTopic {
  readonly name: string;
  readonly partitionIndexes: readonly number[];
}

export interface ListPartitionReassignmentsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly topics: readonly ListPartitionReassignmentsResponseTopic[];
}

export interface ListPartitionReassignmentsResponseTopic {
  readonly name: string;
  readonly partitions: readonly ListPartitionReassignmentsResponsePartition[];
}

export interface ListPartitionReassignmentsResponsePartition {
  readonly partitionIndex: number;
  readonly replicas: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
}
