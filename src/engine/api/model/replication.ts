import { modelled, simplified, type ModelArea } from './model-entry.ts';

export const REPLICATION: ModelArea = {
  name: 'Replication',
  version: 'Apache Kafka 4.4.0',
  entries: [
    modelled('High watermark, acks, purgatory of produces', '`Partition`, `DelayedProduce`'),
    modelled(
      'In-sync replicas: leaving, joining, broker epochs',
      'KIP-497, KIP-903, `Partition`, `AlterPartition`',
    ),
    modelled('No move of the high watermark below min.insync.replicas', 'KIP-966, `Partition`'),
    modelled('Truncation on fetch', 'KIP-595, `AbstractFetcherThread`'),
    modelled(
      'Fetch sessions of followers and consumers, and which gives way when there are too many',
      'KIP-227, `FetchSessionCacheShard`, `FetchContext`, `FetchSessionHandler`',
    ),
    modelled(
      'Consumers that read from the closest replica in sync',
      'KIP-392, `RackAwareReplicaSelector`, `AbstractFetch`',
    ),
    simplified(
      'Fetcher threads',
      '`num.replica.fetchers`, `ReplicaFetcherThread`',
      'There is one for each leader that a broker follows.',
    ),
    simplified(
      'Moving replicas between directories; what lies in them',
      'KIP-113, KIP-827, KIP-858, `ReplicaAlterLogDirsThread`, `DescribeLogDirs`, `AlterReplicaLogDirs`',
      'A broker copies one replica at a time, a piece of it in 1 ms unless a rate is set. Disks have no end, so no space is told, and none can be cordoned.',
    ),
    simplified(
      'The time that a request takes, and how many are worked on at a time',
      '`num.io.threads`, `KafkaRequestHandler`, `SocketServer`',
      'A request takes a thread for as long as the scenario says of its kind (requestMicros), 10 µs if it says nothing. Its answer goes out at the beginning of that time, so only those behind it wait. Their queue has no end: queued.max.requests is not modelled.',
    ),
  ],
};
