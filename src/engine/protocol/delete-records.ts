/** DeleteRecords (API key 21): fields as in version 2 of Apache Kafka 4.4.0. */
export interface DeleteRecordsRequest {
  readonly topics: readonly DeleteRecordsRequestTopic[];
  readonly timeoutMs: number;
}

export interface DeleteRecordsRequestTopic {
  readonly name: string;
  readonly partitions: readonly DeleteRecordsRequestPartition[];
}

export interface DeleteRecordsRequestPartition {
  readonly partitionIndex: number;
  readonly offset: number;
}

export interface DeleteRecordsResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly DeleteRecordsResponseTopic[];
}

export interface DeleteRecordsResponseTopic {
  readonly name: string;
  readonly partitions: readonly DeleteRecordsResponsePartition[];
}

export interface DeleteRecordsResponsePartition {
  readonly partitionIndex: number;
  readonly lowWatermark: number;
  readonly errorCode: number;
}
