import type { GroupView, MemberView } from '../../api/cluster-view.ts';
import type { BrokerId, TopicPartitionName } from '../../api/ids.ts';
import { topicPartition, type NodeId } from '../../api/ids.ts';
import { COORDINATOR_TOPIC } from '../../broker/coordinator-topic.ts';
import type { BrokerMemory } from '../../broker/broker-memory.ts';
import type { Consumer } from '../../client/consumer/consumer-state.ts';
import { groupFacts, type GroupFacts } from '../../coordinator/group/group-facts.ts';
import type { MetadataImage } from '../../metadata/metadata-image.ts';
import { decodeAssignment } from '../../protocol/consumer-protocol.ts';

/** The groups of a broker's coordinator, without those whose partition the controller has given to another broker. */
export function groupViews(memory: BrokerMemory, image: MetadataImage): GroupView[] {
  const { brokerId } = memory.settings;
  const partitions = image.topics.get(COORDINATOR_TOPIC)?.partitions ?? [];
  const led = new Map(
    [...memory.coordinator.shards].filter(
      ([partition, { status }]) => status === 'active' && partitions[partition]?.leader === brokerId,
    ),
  );
  if (led.size === 0) return [];
  return groupFacts({ ...memory.coordinator, shards: led }).map((facts) => groupView(facts, brokerId));
}

const groupView = (facts: GroupFacts, coordinator: BrokerId): GroupView => ({
  groupId: facts.groupId,
  coordinator,
  state: facts.state,
  generation: facts.generation,
  members: facts.members.map(({ memberId, clientId, assigned }) => ({
    memberId,
    clientId,
    assigned: assignedNames(assigned),
  })),
  committed: facts.committed.map(({ topic, partition, offset }) => ({
    topic,
    partition,
    name: topicPartition(topic, partition),
    offset,
  })),
});

const assignedNames = (bytes: string): readonly TopicPartitionName[] =>
  (decodeAssignment(bytes)?.partitions ?? []).flatMap(({ topic, partitions }) =>
    partitions.map((partition) => topicPartition(topic, partition)),
  );

/** A consumer as a member of its group. */
export const memberView = (node: NodeId, { groupId, membership, subscriptions }: Consumer): MemberView => ({
  node,
  groupId,
  memberId: membership.memberId,
  generation: membership.generationId,
  stable: membership.state === 'stable' && !membership.rejoinNeeded,
  owned: [...subscriptions.assigned.values()].map(({ name, position }) => ({
    name,
    position: position?.offset ?? -1,
  })),
});
