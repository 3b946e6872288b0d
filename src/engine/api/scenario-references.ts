import { BROKER_CONFIG } from './config/broker-config.ts';
import { CONSUMER_CONFIG, PRODUCER_CONFIG, STREAMS_CONFIG } from './config/client-config.ts';
import { SHARE_CONSUMER_CONFIG } from './config/share-consumer-config.ts';
import type { ConfigTable } from './config/config-key.ts';
import { brokerNode, controllerNodes, memberNode, OPERATOR_NODE, type NodeId } from './ids.ts';
import { isTopicOf, topicPatternProblem } from './topic-pattern.ts';
import { ownerName, quotaProblem } from './quota.ts';
import type { Scenario, TopologyNode } from './scenario.ts';
import { commandMisfits } from './scenario-commands.ts';
import { configurationMisfits } from './scenario-configuration.ts';
import type { Fault } from './scenario-guard.ts';
import { SCENARIO_LIMITS } from './scenario-limits.ts';
import { grouped, quoted, thereAre, type Path } from './scenario-problem.ts';
import { topologyMisfits } from './scenario-topology.ts';

/** The first thing that does not fit together in a scenario whose shape is right; null when all does. */
export function firstMisfit(scenario: Scenario): Fault | null {
  for (const fault of misfits(scenario)) return fault;
  return null;
}

function* misfits(scenario: Scenario): Generator<Fault> {
  const nodes = new Map<NodeId, ConfigTable>();
  yield* machines(scenario, nodes);
  yield* topics(scenario);
  yield* quotas(scenario);
  yield* configurationMisfits(scenario);
  yield* topologyMisfits(scenario);
  const names = topicNames(scenario);
  yield* topicReferences(scenario, names);
  yield* commandMisfits(scenario, nodes, names);
}

/** Fills `nodes` with every machine and the keys that it knows. */
function* machines(scenario: Scenario, nodes: Map<NodeId, ConfigTable>): Generator<Fault> {
  const add = function* (id: NodeId, table: ConfigTable, path: Path): Generator<Fault> {
    if (nodes.has(id) || id === OPERATOR_NODE)
      yield { path, what: `gives a second machine the id ${quoted(id)}.` };
    nodes.set(id, table);
  };
  const members = function* (id: string, count: number, table: ConfigTable, path: Path): Generator<Fault> {
    for (let n = 1; n <= count; n++) yield* add(memberNode(id, n), table, path);
  };
  for (const node of controllerNodes(scenario.controllers ?? 1)) yield* add(node, {}, ['controllers']);
  for (const [i, broker] of scenario.brokers.entries())
    yield* add(brokerNode(broker.id), BROKER_CONFIG, ['brokers', i, 'id']);
  for (const [i, producer] of scenario.producers.entries())
    yield* add(producer.id, PRODUCER_CONFIG, ['producers', i, 'id']);
  yield* groupIds(scenario);
  for (const [i, { id, instances }] of scenario.applications.entries())
    yield* members(id, instances, STREAMS_CONFIG, ['applications', i, 'id']);
  for (const [i, group] of scenario.groups.entries())
    yield* members(group.id, group.members, CONSUMER_CONFIG, ['groups', i, 'id']);
  for (const [i, group] of (scenario.shareGroups ?? []).entries())
    yield* members(group.id, group.members, SHARE_CONSUMER_CONFIG, ['shareGroups', i, 'id']);
}

/** An application is a consumer group too: its id is the group's. */
function* groupIds(scenario: Scenario): Generator<Fault> {
  const ids = new Set<string>();
  const all = [
    ...scenario.applications.map(({ id }, i) => ({ id, path: ['applications', i, 'id'] })),
    ...scenario.groups.map(({ id }, i) => ({ id, path: ['groups', i, 'id'] })),
    ...(scenario.shareGroups ?? []).map(({ id }, i) => ({ id, path: ['shareGroups', i, 'id'] })),
  ];
  for (const { id, path } of all) {
    if (ids.has(id))
      yield { path, what: `repeats ${quoted(id)}: applications and groups need ids of their own.` };
    ids.add(id);
  }
}

function* topics({ topics, brokers }: Scenario): Generator<Fault> {
  const byMetricName = new Map<string, string>();
  let partitions = 0;
  for (const [i, topic] of topics.entries()) {
    const twin = byMetricName.get(topic.name.replaceAll('.', '_'));
    if (twin !== undefined) yield { path: ['topics', i, 'name'], what: collision(topic.name, twin) };
    byMetricName.set(topic.name.replaceAll('.', '_'), topic.name);
    if (topic.name.startsWith('__'))
      yield {
        path: ['topics', i, 'name'],
        what: 'must not begin with two underscores: Kafka’s own topics do.',
      };
    if (topic.replicationFactor > brokers.length)
      yield {
        path: ['topics', i, 'replicationFactor'],
        what: `must be at most ${brokers.length}, the number of brokers, not ${topic.replicationFactor}.`,
      };
    partitions += topic.partitions;
  }
  if (partitions > SCENARIO_LIMITS.partitionsMax)
    yield {
      path: ['topics'],
      what: `have ${grouped(partitions)} partitions together; the most is ${grouped(SCENARIO_LIMITS.partitionsMax)}.`,
    };
}

/** Each quota of somebody is said once. */
function* quotas({ quotas = [] }: Scenario): Generator<Fault> {
  const said = new Set<string>();
  for (const [i, quota] of quotas.entries()) {
    const what = quotaProblem(quota, quota);
    if (what !== null) yield { path: ['quotas', i], what };
    const whose = JSON.stringify([quota.key, quota.user, quota.clientId, quota.ip]);
    if (said.has(whose))
      yield { path: ['quotas', i], what: `says ${quota.key} of ${ownerName(quota)} again.` };
    said.add(whose);
  }
}

/** Kafka refuses both: metrics write a dot as an underscore. */
const collision = (name: string, twin: string): string =>
  name === twin
    ? `repeats the topic ${quoted(name)}.`
    : `${quoted(name)} collides with ${quoted(twin)}: a dot and an underscore count as the same.`;

/** The topics that are declared and those that an application writes; a sink makes its topic known. */
function topicNames({ topics, applications }: Scenario): ReadonlySet<string> {
  const names = new Set(topics.map(({ name }) => name));
  for (const { topology } of applications)
    for (const node of topology)
      if (node.op === 'to' && typeof node['topic'] === 'string') names.add(node['topic']);
  return names;
}

function* topicReferences(scenario: Scenario, names: ReadonlySet<string>): Generator<Fault> {
  const declared = new Set(scenario.topics.map(({ name }) => name));
  for (const [i, { topic }] of scenario.producers.entries())
    yield* topicReference(topic, declared, ['producers', i, 'topic']);
  for (const [i, { topology }] of scenario.applications.entries())
    for (const [n, node] of topology.entries())
      for (const { topic, path } of sourceTopics(node))
        yield* topicReference(topic, names, ['applications', i, 'topology', n, ...path]);
  for (const [i, { topic, topicsPattern, output }] of scenario.groups.entries()) {
    yield* topicReference(topic, names, ['groups', i, 'topic']);
    if (topicsPattern === undefined) continue;
    const what =
      patternProblem(topicsPattern, topic) ??
      (output === undefined ? null : 'cannot be of a group with an output.');
    if (what !== null) yield { path: ['groups', i, 'topicsPattern'], what };
  }
  for (const [i, { topic }] of (scenario.shareGroups ?? []).entries())
    yield* topicReference(topic, names, ['shareGroups', i, 'topic']);
  yield* outputReferences(scenario, declared);
}

const patternProblem = (pattern: string, topic: string): string | null =>
  topicPatternProblem(pattern) ??
  (isTopicOf(pattern, topic) ? null : `must mean ${quoted(topic)} too, the topic that the group is told by.`);

/** What stands in an output comes from its group alone, so that it can be told what became of each record. */
function* outputReferences({ groups, producers }: Scenario, declared: ReadonlySet<string>): Generator<Fault> {
  for (const [i, { topic, output }] of groups.entries()) {
    if (output === undefined) continue;
    const path = ['groups', i, 'output', 'topic'];
    yield* topicReference(output.topic, declared, path);
    if (output.topic === topic)
      yield { path, what: 'must be another topic than the one that the group reads.' };
    const isTaken =
      producers.some((producer) => producer.topic === output.topic) ||
      groups.some((other, n) => n < i && other.output?.topic === output.topic);
    if (isTaken)
      yield { path, what: `must be a topic of its own: ${quoted(output.topic)} is written by others.` };
  }
}

const SOURCES: readonly string[] = ['stream', 'table', 'globalTable'];

function sourceTopics(node: TopologyNode): readonly { readonly topic: string; readonly path: Path }[] {
  if (!SOURCES.includes(node.op)) return [];
  const many: readonly unknown[] = Array.isArray(node['topics']) ? node['topics'] : [];
  const named = [{ topic: node['topic'], path: ['topic'] as Path }];
  return [...named, ...many.map((topic, i) => ({ topic, path: ['topics', i] as Path }))].flatMap(
    ({ topic, path }) => (typeof topic === 'string' ? [{ topic, path }] : []),
  );
}

function* topicReference(name: string, known: ReadonlySet<string>, path: Path): Generator<Fault> {
  if (known.has(name)) return;
  yield { path, what: `names ${quoted(name)}, which is no topic here; ${thereAre([...known])}.` };
}
