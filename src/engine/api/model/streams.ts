import { absent, modelled, simplified, type ModelArea } from './model-entry.ts';

export const STREAMS: ModelArea = {
  name: 'Kafka Streams',
  version: 'Kafka Streams 4.3.1',
  entries: [
    modelled(
      'The DSL: streams, tables, global tables, groupings, aggregations, cogroup, branches',
      '`StreamsBuilder`, `InternalStreamsBuilder`',
    ),
    modelled(
      'Windows: tumbling, hopping, sliding, session; grace; emission on update and on close',
      'KIP-450, KIP-825, `KStreamWindowAggregate`',
    ),
    modelled(
      'Joins of streams and tables, with foreign keys, with versioned tables',
      'KIP-213, KIP-633, KIP-889, KIP-962',
    ),
    modelled('Suppression', 'KIP-328, `KTableSuppressProcessor`'),
    modelled(
      'Repartition and changelog topics, restoration, caches, punctuation',
      'KIP-1034, `StreamTask`, `ProcessorStateManager`, `ThreadCache`',
    ),
    modelled('Names and descriptions of topologies', 'KIP-307, `InternalTopologyBuilder`'),
    modelled(
      'Global tables: every instance reads them whole before it starts, and follows them',
      '`GlobalStreamThread`, `GlobalStateManagerImpl`',
    ),
    simplified(
      'State stores',
      '`RocksDBStore`, `InMemoryKeyValueStore`',
      'All are in memory and written to the machine’s disk with checkpoints; the cost of RocksDB is not there.',
    ),
    simplified(
      'Processor API',
      '`Processor`',
      'Processors and functions are those of a fixed list: a scenario brings no code.',
    ),
    simplified(
      'Stream threads of a process: tasks are spread over them, and move between them through the state directory and its locks',
      'KIP-663, `num.stream.threads`, `StreamThread`, `StateDirectory`, `StreamsPartitionAssignor.assignTasksToThreads`',
      'Each store may hold the bytes of the cache, however many threads there are. The id of a process begins with the number of its instance; Kafka’s is random all through.',
    ),
    modelled(
      'Cooperative rebalances: tasks that stay go on, what is revoked is given to another in a follow-up',
      'KIP-429, `StreamsPartitionAssignor`, `StreamsRebalanceListener`, `TaskManager`',
    ),
    modelled(
      'Static members: an instance that is back in time keeps its tasks',
      'KIP-345, KIP-1092, `StreamsConfig.getMainConsumerConfigs`',
    ),
    simplified(
      'Uncaught exceptions: replace the thread, shut down the client, shut down the application',
      'KIP-671, `StreamsUncaughtExceptionHandler`, `AssignorError`',
      'The process ends with its client.',
    ),
    modelled(
      'Assignment of tasks, standby tasks, copies that warm up, probing rebalances',
      'KIP-441, `HighAvailabilityTaskAssignor`, `TaskMovement`, `StandbyTask`',
    ),
    modelled(
      'Exactly-once processing, version 2',
      'KIP-129, KIP-447, `StreamsProducer`, `TaskExecutor`, `TaskManager`',
    ),
    modelled(
      'Interactive queries: stores by key, range, window and session, cache included; metadata of keys and hosts, stale reads of copies with their lag',
      'KIP-67, KIP-535, `KafkaStreams.store`, `queryMetadataForKey`, `allLocalStorePartitionLags`',
    ),
    simplified(
      'REST layer over interactive queries',
      '`application.server`',
      'Kafka has none; this is the classic one beside it: 307 to the owner, 503 while the thread does not run, 404, 400. Each instance’s address is its machine, it answers in no time, and at most 100 rows.',
    ),
    absent(
      'Queries by position',
      'KIP-796, `Position`, `PositionBound`',
      'A stale read says how many records of the changelog it is behind.',
    ),
    simplified(
      'Optimization of topologies: merged repartition topics, self-joins of one store, tables whose own topic is their changelog',
      'KIP-295, KIP-862, `InternalStreamsBuilder`, `StoreChangelogReader`',
      'A standby task does not follow a table’s own topic; the task that takes over reads it from its checkpoint.',
    ),
    absent(
      'Sources that subscribe to a pattern, in applications of a scenario',
      '`StreamsBuilder.stream(Pattern)`, `InternalTopologyBuilder`',
      'The test driver has them; a scenario with one is refused.',
    ),
    modelled(
      'What becomes of records that cannot be read or processed: the thread ends, or goes on without them and puts them into a dead letter queue',
      'KIP-161, KIP-1033, KIP-1034, `DeserializationExceptionHandler`, `ProcessingExceptionHandler`',
    ),
    simplified(
      'Exceptions in production',
      '`ProductionExceptionHandler`, `RecordCollectorImpl`',
      'There is only the default handler: what no retry can mend ends the thread.',
    ),
  ],
};
