import { topicPartition, type TopicPartitionName } from '../../api/ids.ts';
import { partitionsOf } from '../../client/consumer/assignor/sticky-user-data.ts';
import type { GroupSubscription } from '../../client/consumer/consumer-state.ts';
import type { TopicPartition } from '../../client/consumer/subscription-state.ts';

/** Partition → the member that says that it still has it. */
export type Owners = ReadonlyMap<TopicPartitionName, string>;

export const ownersOf = (members: readonly GroupSubscription[]): Owners =>
  new Map(
    members.flatMap(({ memberId, subscription }) =>
      subscription.ownedPartitions
        .flatMap(partitionsOf)
        .map(({ topic, partition }) => [topicPartition(topic, partition), memberId] as const),
    ),
  );

/**
 * Whether another member has one of these: what needs them is withheld until that one has given them up, or the same record
 * might be processed by both (`StreamsPartitionAssignor.populateActiveTaskAndPartitionsLists`, KIP-429).
 */
export const isOthers = (owners: Owners, member: string, partitions: readonly TopicPartition[]): boolean =>
  partitions.some(({ topic, partition }) => {
    const owner = owners.get(topicPartition(topic, partition));
    return owner !== undefined && owner !== member;
  });
