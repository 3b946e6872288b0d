import type { BrokerKnowledge, GroupItself } from '../group/group-facts.ts';
import { preferredAssignor, stateOf, type ConsumerGroup } from './consumer-group.ts';
import { entriesOf } from './reconciliation.ts';

/** What can be told of a group of the consumer protocol. */
export const consumerGroupFacts = (
  group: ConsumerGroup,
  { topicNames, assignor }: BrokerKnowledge,
): GroupItself => ({
  groupId: group.groupId,
  type: 'consumer',
  state: stateOf(group),
  generation: group.groupEpoch,
  protocol: preferredAssignor(group, assignor),
  members: [...group.members.values()].map(({ memberId, metadata, current }) => ({
    memberId,
    clientId: metadata.clientId,
    assigned: [...entriesOf(current.assigned), ...entriesOf(current.pendingRevocation)].flatMap(
      ({ topicId, partition }) => {
        const topic = topicNames.get(topicId);
        return topic === undefined ? [] : [{ topic, partition }];
      },
    ),
  })),
});
