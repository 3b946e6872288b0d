import type { Uuid } from './uuid.ts';

/** AlterPartition (API key 56): fields as in version 3 of Apache Kafka 4.x. */
export interface AlterPartitionRequest {
  readonly brokerId: number;
  readonly brokerEpoch: number;
  readonly topics: readonly AlterPartitionRequestTopic[];
}

export interface AlterPartitionRequestTopic {
  readonly topicId: Uuid;
  readonly partitions: readonly AlterPartitionRequestPartition[];
}

export interface AlterPartitionRequestPartition {
  readonly partitionIndex: number;
  readonly leaderEpoch: number;
  readonly newIsrWithEpochs: readonly AlterPartitionRequestBrokerState[];
  /** 0 RECOVERED, 1 RECOVERING. */
  readonly leaderRecoveryState: number;
  readonly partitionEpoch: number;
}

export interface AlterPartitionRequestBrokerState {
  readonly brokerId: number;
  /** −1 when the leader does not know it. */
  readonly brokerEpoch: number;
}

export interface AlterPartitionResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly topics: readonly AlterPartitionResponseTopic[];
}

export interface AlterPartitionResponseTopic {
  readonly topicId: Uuid;
  readonly partitions: readonly AlterPartitionResponsePartition[];
}

export interface AlterPartitionResponsePartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly isr: readonly number[];
  readonly leaderRecoveryState: number;
  readonly partitionEpoch: number;
}
