/** Vote (API key 52): fields as in version 2 of Apache Kafka 4.4.0, directory ids left out. */
export interface VoteRequest {
  readonly clusterId: string | null;
  readonly voterId: number;
  readonly topics: readonly VoteRequestTopic[];
}

export interface VoteRequestTopic {
  readonly topicName: string;
  readonly partitions: readonly VoteRequestPartition[];
}

export interface VoteRequestPartition {
  readonly partitionIndex: number;
  /** With `preVote` the epoch that the sender is in, otherwise the one that it wants to lead. */
  readonly replicaEpoch: number;
  readonly replicaId: number;
  readonly lastOffsetEpoch: number;
  readonly lastOffset: number;
  /** Asks only whether it would be elected (KIP-996). */
  readonly preVote: boolean;
}

export interface VoteResponse {
  readonly errorCode: number;
  readonly topics: readonly VoteResponseTopic[];
}

export interface VoteResponseTopic {
  readonly topicName: string;
  readonly partitions: readonly VoteResponsePartition[];
}

export interface VoteResponsePartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly voteGranted: boolean;
}
