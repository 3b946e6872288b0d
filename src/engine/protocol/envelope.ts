/** Envelope (API key 58), which wraps what a broker passes on: fields as in version 0 of Apache Kafka 4.4.0. */
export interface EnvelopeRequest {
  readonly requestData: object;
  readonly requestPrincipal: string | null;
  readonly clientHostAddress: string;
}

export interface EnvelopeResponse {
  readonly responseData: object | null;
  readonly errorCode: number;
}
