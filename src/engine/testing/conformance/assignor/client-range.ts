import { assignRange, type AssignorMember, type AssignorTopic } from '../../../client/consumer/range-assignor.ts';
import type { AskAssignor } from '../assignor.ts';
import { listOf, numberOf, objectOf, onlyFields, textOf, type Json } from '../case-file.ts';

/** `RangeAssignor` in the consumer that leads its group. It takes no notice of what members own. */
export const askClientRange: AskAssignor = (step) => {
  onlyFields(step, ['topics', 'members'], 'step');
  const topics = listOf(step.topics, 'topics').map(topicOf);
  const members = listOf(step.members, 'members').map(memberOf);
  const assignment = assignRange(topics, members);
  return Object.fromEntries([...assignment].map(([member, byTopic]) => [member, Object.fromEntries(byTopic)]));
};

function topicOf(item: Json): AssignorTopic {
  const topic = objectOf(item, 'topic');
  onlyFields(topic, ['name', 'partitions', 'racks'], 'topic');
  const racks = topic.racks === undefined ? {} : { racks: listOf(topic.racks, 'racks').map(textsOf) };
  return { name: textOf(topic.name, 'name'), partitionCount: numberOf(topic.partitions, 'partitions'), ...racks };
}

const textsOf = (list: Json | undefined): string[] => listOf(list, 'list').map((item) => textOf(item, 'text'));

function memberOf(item: Json): AssignorMember {
  const member = objectOf(item, 'member');
  onlyFields(member, ['id', 'instanceId', 'rack', 'topics', 'owned', 'generation'], 'member');
  return {
    memberId: textOf(member.id, 'id'),
    groupInstanceId: typeof member.instanceId === 'string' ? member.instanceId : null,
    rackId: typeof member.rack === 'string' ? member.rack : null,
    topics: textsOf(member.topics),
  };
}
