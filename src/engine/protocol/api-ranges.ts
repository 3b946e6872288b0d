import { APIS, type ApiName } from './message.ts';

/** The oldest version that Apache Kafka 4.4.0 takes of each API, where it is not 0. */
const OLDEST: Readonly<Partial<Record<ApiName, number>>> = {
  Produce: 3,
  Fetch: 4,
  ListOffsets: 1,
  OffsetCommit: 2,
  OffsetFetch: 1,
  CreateTopics: 2,
  DeleteTopics: 1,
  OffsetForLeaderEpoch: 2,
  WriteTxnMarkers: 1,
  DescribeConfigs: 1,
  AlterReplicaLogDirs: 1,
  DescribeLogDirs: 1,
  AlterPartition: 2,
  ShareGroupHeartbeat: 1,
  ShareGroupDescribe: 1,
  ShareFetch: 1,
  ShareAcknowledge: 1,
};

export const oldestVersion = (api: ApiName): number => OLDEST[api] ?? 0;

/** Whether a request of this version can be read; Kafka closes the connection of whoever sends another. */
export const isKnownVersion = (api: ApiName, version: number): boolean =>
  version >= oldestVersion(api) && version <= APIS[api].version;
