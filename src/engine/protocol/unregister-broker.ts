/** UnregisterBroker (API key 64): fields as in version 0 of Apache Kafka 4.4.0. */
export interface UnregisterBrokerRequest {
  readonly brokerId: number;
}

export interface UnregisterBrokerResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
