/** BeginQuorumEpoch (API key 53): a leader tells the voters of its epoch. As in version 1 of Apache Kafka 4.4.0. */
export interface BeginQuorumEpochRequest {
  readonly clusterId: string | null;
  readonly voterId: number;
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly BeginQuorumEpochRequestPartition[];
  }[];
}

export interface BeginQuorumEpochRequestPartition {
  readonly partitionIndex: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

/** EndQuorumEpoch (API key 54): a leader resigns. As in version 1 of Apache Kafka 4.4.0. */
export interface EndQuorumEpochRequest {
  readonly clusterId: string | null;
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly EndQuorumEpochRequestPartition[];
  }[];
}

export interface EndQuorumEpochRequestPartition {
  readonly partitionIndex: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  /** Voters by how much of the log they have, most first. */
  readonly preferredCandidates: readonly number[];
}

/** The answer to both. */
export interface QuorumEpochResponse {
  readonly errorCode: number;
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly QuorumEpochResponsePartition[];
  }[];
}

export interface QuorumEpochResponsePartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
}
