import { absent, modelled, simplified, type ModelArea } from './model-entry.ts';

export const KRAFT: ModelArea = {
  name: 'KRaft: controllers and metadata',
  version: 'Apache Kafka 4.4.0',
  entries: [
    modelled(
      'Election of the active controller with pre-votes; replication of the metadata log by majority',
      'KIP-595, KIP-996, `KafkaRaftClient`',
    ),
    simplified(
      'The set of voters',
      'KIP-853',
      'There are one or three controllers for the whole run; voters cannot be added or removed.',
    ),
    simplified(
      'What a controller keeps on its disk',
      'KIP-595, `KafkaMetadataLog`',
      'What a voter appends is on its disk at once.',
    ),
    modelled('Snapshots of the metadata, and reading them', 'KIP-630, `KafkaMetadataLog`, `FetchSnapshot`'),
    simplified(
      'Records of the metadata log',
      'KIP-631, `MetadataRecordSerde`',
      'They have Kafka’s names and fields but are written as JSON, so their sizes differ; fields of listeners and security are left out.',
    ),
    simplified(
      'Brokers as observers of the metadata log',
      'KIP-595, KIP-631, `MetadataLoader`',
      'They are sent only what is committed, keep no copy, and read the log or its snapshot from the beginning after a restart.',
    ),
    modelled(
      'Registration, heartbeats, fencing, unfencing and orderly stop of brokers',
      'KIP-631, `ClusterControlManager`, `BrokerHeartbeatManager`',
    ),
    simplified(
      'A controller that becomes active',
      '`QuorumController`, `BrokerHeartbeatTracker`',
      'It knows no heartbeats of before, so every unfenced broker has a whole session to show up.',
    ),
    simplified(
      'Requests to a controller that is not active',
      'KIP-590, `ControllerApis`',
      'All are sent away alike, as one that a broker has wrapped for its client.',
    ),
    modelled('Placement of replicas by rack', '`StripedReplicaPlacer`'),
    modelled(
      'Election of leaders: clean, preferred and unclean',
      '`PartitionChangeBuilder`, `ReplicationControlManager`',
    ),
    modelled('Eligible leader replicas and the last known leader', 'KIP-966, `PartitionChangeBuilder`'),
    modelled(
      'Balancing leaders back to the preferred replicas',
      '`auto.leader.rebalance.enable`, `ReplicationControlManager`',
    ),
    modelled(
      'Topics: create, delete, more partitions; reassignment of replicas',
      'KIP-455, `ReplicationControlManager`',
    ),
    modelled(
      'Configuration of topics, groups and brokers, static and dynamic, and where each value comes from',
      'KIP-226, KIP-339, KIP-848, KIP-932, `ConfigurationControlManager`, `GroupConfig`',
    ),
    simplified(
      'Feature levels',
      'KIP-584, `FeatureControlManager`',
      'UpdateFeatures changes levels while a cluster runs; nothing but the level itself depends on metadata.version, share.version and streams.version.',
    ),
    modelled(
      'Questions of administrators: versions of requests, brokers, the quorum, topics in pieces, reassignments under way',
      'KIP-35, KIP-595, KIP-700, KIP-966, KIP-1073, `KafkaApis`, `ControllerApis`',
    ),
    modelled(
      'Administrators’ tools: topics, reassignments, elections, deletion of records, offsets and members of groups, hanging transactions, features; what they list and describe',
      'KIP-455, KIP-460, KIP-496, KIP-584, KIP-664, KIP-939, `KafkaAdminClient`, `AdminApiDriver`',
    ),
    absent(
      'Requests of later or other parts of Kafka: AddRaftVoter, RemoveRaftVoter, UpdateRaftVoter, UnregisterController, delegation tokens, SCRAM, telemetry',
      'KIP-714, KIP-853, KIP-1312',
      'ApiVersions does not name them, and a broker closes the connection that they come over.',
    ),
    absent(
      'Access control lists, users, delegation tokens',
      'KIP-801, KIP-631',
      'Everybody may do everything.',
    ),
    simplified(
      'Log directories of a broker, their failure and repair',
      'KIP-858, KIP-112, `LogManager`, `AssignmentsManager`, `BrokerHeartbeat`',
      'A broker notices at once; the first directory has the metadata log, and a broker with a single one registers no id of it.',
    ),
  ],
};
