/** AlterPartitionReassignments (API key 45): fields as in version 1 of Apache Kafka 4.4.0. */
export interface AlterPartitionReassignmentsRequest {
  readonly timeoutMs: number;
  readonly allowReplicationFactorChange: boolean;
  readonly topics: readonly AlterPartitionReassignmentsRequestTopic[];
}

export interface AlterPartitionReassignmentsRequestTopic {
  readonly name: string;
  readonly partitions: readonly AlterPartitionReassignmentsRequestPartition[];
}

export interface AlterPartitionReassignmentsRequestPartition {
  readonly partitionIndex: number;
  /** Null: give up the reassignment that is going on. */
  readonly replicas: readonly number[] | null;
}

export interface AlterPartitionReassignmentsResponse {
  readonly throttleTimeMs: number;
  readonly allowReplicationFactorChange: boolean;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly responses: readonly AlterPartitionReassignmentsResponseTopic[];
}

export interface AlterPartitionReassignmentsResponseTopic {
  readonly name: string;
  readonly partitions: readonly AlterPartitionReassignmentsResponsePartition[];
}

export interface AlterPartitionReassignmentsResponsePartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
