/** AllocateProducerIds (API key 67): a broker asks the controller for producer ids to hand out. Fields as in version 0. */
export interface AllocateProducerIdsRequest {
  readonly brokerId: number;
  readonly brokerEpoch: number;
}

export interface AllocateProducerIdsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  /** First id of the block. */
  readonly producerIdStart: number;
  /** Number of ids in the block. */
  readonly producerIdLen: number;
}
