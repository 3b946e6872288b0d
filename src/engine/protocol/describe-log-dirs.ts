/** DescribeLogDirs (API key 35): fields as in version 5 of Apache Kafka 4.4.0. */
export interface DescribeLogDirsRequest {
  /** Null: all partitions that the broker has. */
  readonly topics: readonly DescribeLogDirsRequestTopic[] | null;
}

export interface DescribeLogDirsRequestTopic {
  readonly topic: string;
  readonly partitions: readonly number[];
}

export interface DescribeLogDirsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly results: readonly DescribeLogDirsResult[];
}

export interface DescribeLogDirsResult {
  readonly errorCode: number;
  readonly logDir: string;
  readonly topics: readonly DescribeLogDirsTopic[];
  /** −1 unknown. */
  readonly totalBytes: number;
  /** −1 unknown. */
  readonly usableBytes: number;
  readonly isCordoned: boolean;
}

export interface DescribeLogDirsTopic {
  readonly name: string;
  readonly partitions: readonly DescribeLogDirsPartition[];
}

export interface DescribeLogDirsPartition {
  readonly partitionIndex: number;
  /** In bytes. */
  readonly partitionSize: number;
  /** How far it is behind: a replica behind the high watermark, a future one behind the present one. */
  readonly offsetLag: number;
  /** A copy that shall take the place of the replica in another directory. */
  readonly isFutureKey: boolean;
}
