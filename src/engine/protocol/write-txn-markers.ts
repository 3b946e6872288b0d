/** WriteTxnMarkers (API key 27): fields as in version 2 of Apache Kafka 4.4.0. */
export interface WriteTxnMarkersRequest {
  readonly markers: readonly WriteTxnMarkersRequestMarker[];
}

export interface WriteTxnMarkersRequestMarker {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** True: COMMIT. */
  readonly transactionResult: boolean;
  readonly topics: readonly WriteTxnMarkersRequestTopic[];
  readonly coordinatorEpoch: number;
  /** Of the protocol that the transaction was written with; absent before version 2 (KIP-1228). */
  readonly transactionVersion?: number;
}

export interface WriteTxnMarkersRequestTopic {
  readonly name: string;
  readonly partitionIndexes: readonly number[];
}

export interface WriteTxnMarkersResponse {
  readonly markers: readonly WriteTxnMarkersResponseMarker[];
}

export interface WriteTxnMarkersResponseMarker {
  readonly producerId: number;
  readonly topics: readonly WriteTxnMarkersResponseTopic[];
}

export interface WriteTxnMarkersResponseTopic {
  readonly name: string;
  readonly partitions: readonly WriteTxnMarkersResponsePartition[];
}

export interface WriteTxnMarkersResponsePartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
}
