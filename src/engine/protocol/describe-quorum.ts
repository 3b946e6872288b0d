import type { Uuid } from './uuid.ts';

/** DescribeQuorum (API key 55): fields as in version 2 of Apache Kafka 4.4.0. */
export interface DescribeQuorumRequest {
  readonly topics: readonly DescribeQuorumRequestTopic[];
}

export interface DescribeQuorumRequestTopic {
  readonly topicName: string;
  readonly partitions: readonly { readonly partitionIndex: number }[];
}

export interface DescribeQuorumResponse {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly topics: readonly DescribeQuorumResponseTopic[];
  readonly nodes: readonly DescribeQuorumResponseNode[];
}

export interface DescribeQuorumResponseTopic {
  readonly topicName: string;
  readonly partitions: readonly DescribeQuorumResponsePartition[];
}

export interface DescribeQuorumResponsePartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly highWatermark: number;
  readonly currentVoters: readonly QuorumReplicaState[];
  readonly observers: readonly QuorumReplicaState[];
}

/** How far a replica is, as the leader knows it. Times in ms since 1970, −1 for never. */
export interface QuorumReplicaState {
  readonly replicaId: number;
  readonly replicaDirectoryId: Uuid;
  readonly logEndOffset: number;
  readonly lastFetchTimestamp: number;
  readonly lastCaughtUpTimestamp: number;
}

export interface DescribeQuorumResponseNode {
  readonly nodeId: number;
  readonly listeners: readonly { readonly name: string; readonly host: string; readonly port: number }[];
}
