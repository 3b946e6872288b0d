/** DescribeProducers (API key 61): fields as in version 0 of Apache Kafka 4.4.0. */
export interface DescribeProducersRequest {
  readonly topics: readonly DescribeProducersRequestTopic[];
}

export interface DescribeProducersRequestTopic {
  readonly name: string;
  readonly partitionIndexes: readonly number[];
}

export interface DescribeProducersResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly DescribeProducersResponseTopic[];
}

export interface DescribeProducersResponseTopic {
  readonly name: string;
  readonly partitions: readonly DescribeProducersResponsePartition[];
}

export interface DescribeProducersResponsePartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly activeProducers: readonly DescribeProducersResponseProducer[];
}

export interface DescribeProducersResponseProducer {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  /** ms since 1970. */
  readonly lastTimestamp: number;
  readonly coordinatorEpoch: number;
  /** −1 without an open transaction. */
  readonly currentTxnStartOffset: number;
}
