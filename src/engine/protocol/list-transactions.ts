/** ListTransactions (API key 66): fields as in version 2 of Apache Kafka 4.4.0. */
export interface ListTransactionsRequest {
  readonly stateFilters: readonly string[];
  readonly producerIdFilters: readonly number[];
  /** Only transactions that have been open for longer, in ms; −1: all. */
  readonly durationFilter: number;
  /** A regular expression; null or '' matches every id. */
  readonly transactionalIdPattern: string | null;
}

export interface ListTransactionsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly unknownStateFilters: readonly string[];
  readonly transactionStates: readonly ListTransactionsResponseState[];
}

export interface ListTransactionsResponseState {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly transactionState: string;
}
