import type { GroupSpec, ServerAssign, SpecMember } from '../../../coordinator/consumer-group/assignor/assignor.ts';
import { assignRanges } from '../../../coordinator/consumer-group/assignor/range-assignor.ts';
import { assignUniformly } from '../../../coordinator/consumer-group/assignor/uniform-assignor.ts';
import type { Assigned, AskAssignor } from '../assignor.ts';
import { listOf, numberOf, objectOf, onlyFields, textOf, type Json, type JsonObject } from '../case-file.ts';

/** Topic ids by name, and the other way round. */
interface Names {
  readonly idOf: (name: string) => string;
  readonly nameOf: (id: string) => string;
}

const ask =
  (assign: ServerAssign): AskAssignor =>
  (step) => {
    onlyFields(step, ['topics', 'members'], 'step');
    const topics = listOf(step.topics, 'topics').map((topic) => objectOf(topic, 'topic'));
    for (const topic of topics) onlyFields(topic, ['name', 'id', 'partitions'], 'topic');
    const names = namesOf(topics);
    const members = listOf(step.members, 'members').map((member) => memberOf(objectOf(member, 'member'), names));
    const counts = topics.map(({ id, partitions }) => [textOf(id, 'id'), numberOf(partitions, 'partitions')] as const);
    const answer = assign({ members, homogeneous: allAlike(members), partitionCounts: new Map(counts) });
    if (answer === undefined) return { error: 'PartitionAssignorException' };
    return Object.fromEntries(members.map(({ memberId }) => [memberId, byName(answer.get(memberId), names)]));
  };

/** Assignors of the group coordinator. */
export const SERVER_ASSIGNORS: readonly (readonly [string, AskAssignor])[] = [
  ['server range', ask(assignRanges)],
  ['server uniform', ask(assignUniformly)],
];

/** A topic that does not exist has an id all the same, which nobody knows. */
function namesOf(topics: readonly JsonObject[]): Names {
  const pairs = topics.map(({ name, id }) => [textOf(name, 'name'), textOf(id, 'id')] as const);
  const ids = new Map(pairs);
  const names = new Map(pairs.map(([name, id]) => [id, name]));
  return { idOf: (name) => ids.get(name) ?? `no ${name}`, nameOf: (id) => names.get(id) ?? id };
}

function memberOf(member: JsonObject, { idOf }: Names): SpecMember {
  onlyFields(member, ['id', 'instanceId', 'topics', 'assigned'], 'member');
  const assigned = Object.entries(objectOf(member.assigned ?? {}, 'assigned'));
  return {
    memberId: textOf(member.id, 'id'),
    instanceId: typeof member.instanceId === 'string' ? member.instanceId : null,
    topicIds: listOf(member.topics, 'topics').map((name) => idOf(textOf(name, 'topic'))),
    assigned: new Map(assigned.map(([name, partitions]) => [idOf(name), numbersOf(partitions)])),
  };
}

const numbersOf = (list: Json | undefined): number[] => listOf(list, 'list').map((item) => numberOf(item, 'partition'));

const allAlike = (members: GroupSpec['members']): boolean =>
  new Set(members.map(({ topicIds }) => [...new Set(topicIds)].sort().join())).size <= 1;

const byName = (assignment: ReadonlyMap<string, readonly number[]> | undefined, { nameOf }: Names): Assigned =>
  Object.fromEntries([...(assignment ?? [])].map(([id, partitions]) => [nameOf(id), partitions]));
