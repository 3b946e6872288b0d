import { ensure } from '../../../base/assert.ts';
import type { Assignment } from '../../../coordinator/consumer-group/assignor/assignor.ts';
import {
  NEW_ASSIGNMENT,
  reconcile,
  type AssignedPartitions,
  type CurrentAssignment,
} from '../../../coordinator/consumer-group/reconciliation.ts';
import type { Adapter } from '../adapter.ts';
import { listOf, numberOf, objectOf, onlyFields, textOf, UnsupportedError, type Json, type JsonObject } from '../case-file.ts';

interface Member {
  topics: readonly string[];
  current: CurrentAssignment;
}

/** The member state machine of KIP-848 (`CurrentAssignmentBuilder`) in one group. Topic names stand for their ids. */
export const reconciliationAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(given, ['module', 'ops'], 'given');
    const group = new Map<string, Member>();
    const results = listOf(given.ops, 'ops').map((op) => perform(group, objectOf(op, 'op')));
    comparison.compare(results, expect.results, 'results');
  },
};

function perform(group: Map<string, Member>, op: JsonObject): Json {
  const id = textOf(op.member, 'member');
  switch (op.op) {
    case 'join':
      onlyFields(op, ['op', 'member', 'topics'], 'join');
      group.set(id, { topics: topicsOf(op), current: NEW_ASSIGNMENT });
      break;
    case 'leave':
      onlyFields(op, ['op', 'member'], 'leave');
      group.delete(id);
      return {};
    case 'subscribe':
      onlyFields(op, ['op', 'member', 'topics'], 'subscribe');
      ensure(group.get(id), 'member').topics = topicsOf(op);
      break;
    case 'reconcile':
      reconcileMember(group, ensure(group.get(id), 'member'), op);
      break;
    default:
      throw new UnsupportedError(`op "${textOf(op.op, 'op')}"`);
  }
  return describe(ensure(group.get(id), 'member').current);
}

const topicsOf = (op: JsonObject): string[] => listOf(op.topics, 'topics').map((topic) => textOf(topic, 'topic'));

function reconcileMember(group: ReadonlyMap<string, Member>, member: Member, op: JsonObject): void {
  onlyFields(op, ['op', 'member', 'targetEpoch', 'target', 'owned', 'subscriptionChanged'], 'reconcile');
  member.current = reconcile(member.current, {
    targetEpoch: numberOf(op.targetEpoch, 'targetEpoch'),
    target: partitionsOf(op.target),
    owned: op.owned === null ? null : partitionsOf(op.owned),
    subscriptionChanged: op.subscriptionChanged === true,
    hasTopics: member.topics.length > 0,
    isSubscribed: (topic) => member.topics.includes(topic),
    isHeld: (topic, partition) => [...group.values()].some(({ current }) => holds(current, topic, partition)),
  });
}

const holds = ({ assigned, pendingRevocation }: CurrentAssignment, topic: string, partition: number): boolean =>
  assigned.get(topic)?.has(partition) === true || pendingRevocation.get(topic)?.has(partition) === true;

const partitionsOf = (json: Json | undefined): Assignment =>
  new Map(
    Object.entries(objectOf(json, 'partitions')).map(([topic, partitions]) => [
      topic,
      listOf(partitions, 'partitions').map((partition) => numberOf(partition, 'partition')),
    ]),
  );

const describe = (current: CurrentAssignment): Json => ({
  ...current,
  assigned: byTopic(current.assigned),
  pendingRevocation: byTopic(current.pendingRevocation),
});

const byTopic = (partitions: AssignedPartitions): Json =>
  Object.fromEntries([...partitions].map(([topic, epochs]) => [topic, Object.fromEntries(epochs)]));
