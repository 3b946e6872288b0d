/** FindCoordinator (API key 10): fields as in version 6 of Apache Kafka 4.4.0. */
export interface FindCoordinatorRequest {
  readonly keyType: number;
  readonly coordinatorKeys: readonly string[];
}

export interface FindCoordinatorResponse {
  readonly throttleTimeMs: number;
  readonly coordinators: readonly FindCoordinatorResponseCoordinator[];
}

export interface FindCoordinatorResponseCoordinator {
  readonly key: string;
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
