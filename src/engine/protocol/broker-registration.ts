import type { Uuid } from './uuid.ts';

/** BrokerRegistration (API key 62): fields as in version 4 of Apache Kafka 4.x, without listeners and security. */
export interface BrokerRegistrationRequest {
  readonly brokerId: number;
  readonly clusterId: string;
  /** Made anew at each start of the broker's process. */
  readonly incarnationId: Uuid;
  readonly rack: string | null;
  readonly logDirs: readonly Uuid[];
  /** Broker epoch of the last life if it ended in order, else −1 (KIP-966). */
  readonly previousBrokerEpoch: number;
}

export interface BrokerRegistrationResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly brokerEpoch: number;
}
