/** AlterReplicaLogDirs (API key 34): fields as in version 2 of Apache Kafka 4.4.0. */
export interface AlterReplicaLogDirsRequest {
  readonly dirs: readonly AlterReplicaLogDirsRequestDir[];
}

export interface AlterReplicaLogDirsRequestDir {
  /** A directory as `log.dirs` of the broker names it. */
  readonly path: string;
  readonly topics: readonly AlterReplicaLogDirsRequestTopic[];
}

export interface AlterReplicaLogDirsRequestTopic {
  readonly name: string;
  readonly partitions: readonly number[];
}

export interface AlterReplicaLogDirsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly AlterReplicaLogDirsResponseTopic[];
}

export interface AlterReplicaLogDirsResponseTopic {
  readonly topicName: string;
  readonly partitions: readonly AlterReplicaLogDirsResponsePartition[];
}

export interface AlterReplicaLogDirsResponsePartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
}
