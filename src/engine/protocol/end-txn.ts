/** EndTxn (API key 26): fields as in version 5 of Apache Kafka 4.4.0. */
export interface EndTxnRequest {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  /** False: abort. */
  readonly committed: boolean;
}

export interface EndTxnResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  /** With these the producer goes on; −1 after an error, and before version 5. */
  readonly producerId: number;
  readonly producerEpoch: number;
}
