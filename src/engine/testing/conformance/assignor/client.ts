import { NO_CLAIM, type Assign, type AssignorMember, type AssignorTopic } from '../../../client/consumer/assignor/assignor.ts';
import { assignRange } from '../../../client/consumer/assignor/range-assignor.ts';
import { assignRoundRobin } from '../../../client/consumer/assignor/round-robin-assignor.ts';
import { assignCooperativeSticky, assignSticky } from '../../../client/consumer/assignor/sticky-assignor.ts';
import type { AskAssignor } from '../assignor.ts';
import { listOf, numberOf, objectOf, onlyFields, textOf, type Json, type JsonObject } from '../case-file.ts';

/** How a member says what it owned: not at all, in bytes of the assignor's own, or in its subscription. */
type Claiming = 'never' | 'user data' | 'subscription';

const ask =
  (assign: Assign, claiming: Claiming): AskAssignor =>
  (step) => {
    onlyFields(step, ['topics', 'members'], 'step');
    const topics = listOf(step.topics, 'topics').map(topicOf);
    const members = listOf(step.members, 'members').map((member) => memberOf(objectOf(member, 'member'), claiming));
    const assignment = assign(topics, members);
    return Object.fromEntries([...assignment].map(([member, byTopic]) => [member, Object.fromEntries(byTopic)]));
  };

/** Assignors of the consumer that leads its group. */
export const CLIENT_ASSIGNORS: readonly (readonly [string, AskAssignor])[] = [
  ['client range', ask(assignRange, 'never')],
  ['client roundrobin', ask(assignRoundRobin, 'never')],
  ['client sticky', ask(assignSticky, 'user data')],
  ['client cooperative-sticky', ask(assignCooperativeSticky, 'subscription')],
];

function topicOf(item: Json): AssignorTopic {
  const topic = objectOf(item, 'topic');
  onlyFields(topic, ['name', 'partitions', 'racks'], 'topic');
  const racks = topic.racks === undefined ? {} : { racks: listOf(topic.racks, 'racks').map(textsOf) };
  return { name: textOf(topic.name, 'name'), partitionCount: numberOf(topic.partitions, 'partitions'), ...racks };
}

const textsOf = (list: Json | undefined): string[] => listOf(list, 'list').map((item) => textOf(item, 'text'));

function memberOf(member: JsonObject, claiming: Claiming): AssignorMember {
  onlyFields(member, ['id', 'instanceId', 'rack', 'topics', 'owned', 'generation'], 'member');
  const generation = typeof member.generation === 'number' ? member.generation : -1;
  return {
    memberId: textOf(member.id, 'id'),
    groupInstanceId: typeof member.instanceId === 'string' ? member.instanceId : null,
    rackId: typeof member.rack === 'string' ? member.rack : null,
    topics: textsOf(member.topics),
    generationId: claiming === 'subscription' ? generation : -1,
    claim: claiming === 'never' ? NO_CLAIM : { partitions: ownedBy(member), generation },
  };
}

function ownedBy(member: JsonObject): { topic: string; partition: number }[] {
  if (member.owned === undefined) return [];
  return Object.entries(objectOf(member.owned, 'owned')).flatMap(([topic, partitions]) =>
    listOf(partitions, 'partitions').map((partition) => ({ topic, partition: numberOf(partition, 'partition') })),
  );
}
