/** ElectLeaders (API key 43): fields as in version 2 of Apache Kafka 4.4.0. */
export interface ElectLeadersRequest {
  /** 0 preferred, 1 unclean. */
  readonly electionType: number;
  /** Null: all partitions. */
  readonly topicPartitions: readonly ElectLeadersRequestTopicPartitions[] | null;
  readonly timeoutMs: number;
}

export interface ElectLeadersRequestTopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}

export interface ElectLeadersResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly replicaElectionResults: readonly ElectLeadersResponseReplicaElectionResult[];
}

export interface ElectLeadersResponseReplicaElectionResult {
  readonly topic: string;
  readonly partitionResult: readonly ElectLeadersResponsePartitionResult[];
}

export interface ElectLeadersResponsePartitionResult {
  readonly partitionId: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
