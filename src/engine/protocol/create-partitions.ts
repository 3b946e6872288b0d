/** CreatePartitions (API key 37): fields as in version 3 of Apache Kafka 4.4.0. */
export interface CreatePartitionsRequest {
  readonly topics: readonly CreatePartitionsRequestTopic[];
  readonly timeoutMs: number;
  readonly validateOnly: boolean;
}

export interface CreatePartitionsRequestTopic {
  readonly name: string;
  /** How many partitions the topic shall have in all. */
  readonly count: number;
  /** The replicas of each new partition; null lets the controller choose. */
  readonly assignments: readonly CreatePartitionsRequestAssignment[] | null;
}

export interface CreatePartitionsRequestAssignment {
  readonly brokerIds: readonly number[];
}

export interface CreatePartitionsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly CreatePartitionsResponseResult[];
}

export interface CreatePartitionsResponseResult {
  readonly name: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
