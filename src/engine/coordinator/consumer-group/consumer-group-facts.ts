import type { Uuid } from '../../protocol/uuid.ts';
import type { BrokerKnowledge, GroupItself, PartitionFacts } from '../group/group-facts.ts';
import { preferredAssignor, stateOf, targetOf, type ConsumerGroup } from './consumer-group.ts';
import { entriesOf } from './reconciliation.ts';

/** What can be told of a group of the consumer protocol. */
export function consumerGroupFacts(
  group: ConsumerGroup,
  { topicNames, assignor }: BrokerKnowledge,
): GroupItself {
  const named = (topicId: Uuid, partition: number): PartitionFacts[] => {
    const topic = topicNames.get(topicId);
    return topic === undefined ? [] : [{ topic, partition }];
  };
  return {
    groupId: group.groupId,
    type: 'consumer',
    state: stateOf(group),
    generation: group.groupEpoch,
    assignmentEpoch: group.assignmentEpoch,
    protocol: preferredAssignor(group, assignor),
    members: [...group.members.values()].map(({ memberId, metadata, current }) => {
      const assigned = entriesOf(current.assigned).flatMap((e) => named(e.topicId, e.partition));
      const revoking = entriesOf(current.pendingRevocation).flatMap((e) => named(e.topicId, e.partition));
      const target = [...targetOf(group, memberId)].flatMap(([topicId, partitions]) =>
        [...partitions].sort((a, b) => a - b).flatMap((partition) => named(topicId, partition)),
      );
      return {
        memberId,
        clientId: metadata.clientId,
        assigned: [...assigned, ...revoking],
        reconciling: { memberEpoch: current.memberEpoch, revoking, target },
      };
    }),
  };
}
