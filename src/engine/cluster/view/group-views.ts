import type { GroupView, MemberView } from '../../api/views/group.ts';
import type { BrokerId } from '../../api/ids.ts';
import { topicPartition, type NodeId } from '../../api/ids.ts';
import { COORDINATOR_TOPIC } from '../../broker/coordinator-topic.ts';
import type { BrokerMemory } from '../../broker/broker-memory.ts';
import type { Consumer } from '../../client/consumer/consumer-state.ts';
import { isReconciled, knownEpoch } from '../../client/consumer/member/member-state.ts';
import { groupFacts, type BrokerKnowledge, type GroupFacts } from '../../coordinator/group/group-facts.ts';
import type { MetadataImage } from '../../metadata/metadata-image.ts';

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
  return groupFacts({ ...memory.coordinator, shards: led }, knowledgeOf(memory, image)).map((facts) =>
    groupView(facts, brokerId),
  );
}

/** What a broker needs to know to tell of its groups. */
export const knowledgeOf = ({ config }: BrokerMemory, { topicNames }: MetadataImage): BrokerKnowledge => ({
  topicNames,
  assignor: config['group.consumer.assignors'][0] ?? '',
});

const groupView = (facts: GroupFacts, coordinator: BrokerId): GroupView => ({
  groupId: facts.groupId,
  coordinator,
  type: facts.type,
  state: facts.state,
  generation: facts.generation,
  members: facts.members.map(({ memberId, clientId, assigned }) => ({
    memberId,
    clientId,
    assigned: assigned.map(({ topic, partition }) => topicPartition(topic, partition)),
  })),
  committed: facts.committed.map(({ topic, partition, offset }) => ({
    topic,
    partition,
    name: topicPartition(topic, partition),
    offset,
  })),
});

/** A consumer as a member of its group. */
export const memberView = (node: NodeId, consumer: Consumer): MemberView => ({
  node,
  groupId: consumer.groupId,
  ...asMember(consumer),
  readCommitted: consumer.config['isolation.level'] === 'read_committed',
  owned: [...consumer.subscriptions.assigned.values()].map(({ name, position }) => ({
    name,
    position: position?.offset ?? -1,
  })),
});

function asMember({ member, membership }: Consumer): Pick<MemberView, 'memberId' | 'generation' | 'stable'> {
  if (member === null) {
    const { memberId, generationId: generation, state, rejoinNeeded, received } = membership;
    return { memberId, generation, stable: state === 'stable' && !rejoinNeeded && received === null };
  }
  const stable = member.state === 'stable' && isReconciled(member);
  return { memberId: member.memberId, generation: knownEpoch(member), stable };
}
