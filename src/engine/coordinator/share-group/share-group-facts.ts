import type { BrokerKnowledge, GroupItself } from '../group/group-facts.ts';
import { SHARE_ASSIGNOR } from './describe-share-group.ts';
import { stateOfShareGroup, type ShareGroup } from './share-group.ts';

/** What can be told of a share group. */
export const shareGroupFacts = (group: ShareGroup, { topicNames }: BrokerKnowledge): GroupItself => ({
  groupId: group.groupId,
  type: 'share',
  state: stateOfShareGroup(group),
  generation: group.groupEpoch,
  assignmentEpoch: group.assignmentEpoch,
  protocol: SHARE_ASSIGNOR,
  members: [...group.members.values()].map(({ memberId, metadata, current }) => ({
    memberId,
    clientId: metadata.clientId,
    memberEpoch: current.memberEpoch,
    assigned: [...current.assigned].flatMap(([topicId, partitions]) => {
      const topic = topicNames.get(topicId);
      return topic === undefined ? [] : partitions.map((partition) => ({ topic, partition }));
    }),
    reconciling: null,
  })),
});
