import type { Uuid } from './uuid.ts';

/** BrokerHeartbeat (API key 63): fields as in version 1 of Apache Kafka 4.x. */
export interface BrokerHeartbeatRequest {
  readonly brokerId: number;
  readonly brokerEpoch: number;
  /** Highest metadata offset that the broker has applied. */
  readonly currentMetadataOffset: number;
  readonly wantFence: boolean;
  readonly wantShutDown: boolean;
  /** Ids of the directories that failed since it registered (KIP-858); left out while it has one directory. */
  readonly offlineLogDirs?: readonly Uuid[];
}

export interface BrokerHeartbeatResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly isCaughtUp: boolean;
  readonly isFenced: boolean;
  readonly shouldShutDown: boolean;
}
