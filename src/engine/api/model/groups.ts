import { absent, modelled, simplified, type ModelArea } from './model-entry.ts';

export const CLASSIC_GROUPS: ModelArea = {
  name: 'Groups: the classic protocol',
  version: 'Apache Kafka 4.4.0',
  entries: [
    modelled(
      'States, joining, syncing, heartbeats, leaving, initial delay',
      '`ClassicGroup`, `GroupMetadataManager`',
    ),
    modelled('Static members', 'KIP-345, `GroupMetadataManager`'),
    modelled(
      'Assignors range, round robin, sticky and cooperative sticky',
      'KIP-54, KIP-429, `AbstractStickyAssignor`',
    ),
    modelled('Sharing out by rack', 'KIP-881, `AbstractPartitionAssignor`'),
    modelled('Committed offsets, their expiry and deletion', '`OffsetMetadataManager`'),
    modelled(
      'Records of `__consumer_offsets`, and a coordinator that begins anew from them',
      '`GroupCoordinatorRecordSerde`, `CoordinatorLoader`',
    ),
    simplified(
      'Loading a coordinator’s partition, of groups, of transactions and of share groups’ state: COORDINATOR_LOAD_IN_PROGRESS meanwhile',
      '`CoordinatorRuntime`, `TransactionStateManager`',
      'It takes 10 µs for each record that lies there, or what the scenario says (coordinatorLoadMicros).',
    ),
  ],
};

export const CONSUMER_GROUPS: ModelArea = {
  name: 'Groups: the consumer protocol and later ones',
  version: 'Apache Kafka 4.4.0',
  entries: [
    modelled(
      'Epochs of group, assignment and members; reconciliation',
      'KIP-848, `CurrentAssignmentBuilder`, `ConsumerGroup`',
    ),
    modelled('Server-side assignors uniform and range', 'KIP-848, `UniformAssignor`, `RangeAssignor`'),
    modelled(
      'Migration between the protocols, with members of both',
      'KIP-848, `ConsumerGroupMigrationPolicy`',
    ),
    simplified(
      'When a new assignment is there',
      '`group.consumer.assignment.interval.ms`, `GroupMetadataManager`',
      'The interval holds; whether the assignor runs in a thread of its own cannot be chosen.',
    ),
    simplified(
      'Subscriptions by regular expression',
      'KIP-848, RE2J',
      'Expressions are run by JavaScript’s engine after those are refused that RE2 does not take.',
    ),
    modelled(
      'Share groups: members, their sessions and epochs, the simple assignor, their records in `__consumer_offsets`',
      'KIP-932, `GroupMetadataManager`, `SimpleAssignor`',
    ),
    simplified(
      'Share groups: their state in `__share_group_state`, read, written, begun with and deleted through share coordinators',
      'KIP-932, `ShareCoordinatorShard`, `PersisterStateManager`',
      'Its log is never pruned, nothing is compressed, and the state of deleted topics stays. A deleted group is gone before its state is.',
    ),
    simplified(
      'Share groups: records acquired, accepted, released, rejected or renewed; locks, delivery counts, share sessions',
      'KIP-932, `SharePartition`, `SharePartitionManager`',
      'One byte is enough for any fetch, and records that failed often are not delivered one by one. There is no dead letter queue (KIP-1191).',
    ),
    simplified(
      'Share groups: their consumers, with implicit and explicit acknowledgements, renewed locks and both ways to acquire',
      'KIP-932, KIP-1206, KIP-1222, `ShareConsumeRequestManager`, `ShareHeartbeatRequestManager`',
      'Acknowledgements travel with the next poll; there is no commitSync. After a refusal a broker is left alone for `retry.backoff.ms`. Whoever closes does not wait for a broker that it cannot reach.',
    ),
    modelled(
      'Share groups: administration, with their lag',
      'KIP-932, KIP-1226, `GroupCoordinatorService`, `NetworkPartitionMetadataClient`, `ShareGroupCommand`',
    ),
    absent('Streams groups', 'KIP-1071', 'Streams applications are classic groups.'),
  ],
};
