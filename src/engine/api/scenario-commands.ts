import { adminProblem } from './admin-act.ts';
import { ANCHORS, WHO_COMES } from './anchors.ts';
import { BROKER_CONFIG } from './config/broker-config.ts';
import type { ConfigTable } from './config/config-key.ts';
import { CONSUMER_CONFIG, STREAMS_CONFIG } from './config/client-config.ts';
import { GROUP_CONFIG } from './config/group-config.ts';
import { TOPIC_CONFIG } from './config/topic-config.ts';
import type { CommandAct, ConfigTarget } from './command.ts';
import { brokerNode, controllerNodes, memberNode, type NodeId } from './ids.ts';
import { queryProblem, type QueryAct } from './query-act.ts';
import { quotaProblem } from './quota.ts';
import type { Scenario } from './scenario.ts';
import { misconfigured } from './scenario-configuration.ts';
import type { Fault } from './scenario-guard.ts';
import { quoted, thereAre, type Path } from './scenario-problem.ts';

/** What commands may name: machines with the configuration keys that each knows, and topics. */
interface Known {
  readonly nodes: ReadonlyMap<NodeId, ConfigTable>;
  readonly controllers: readonly NodeId[];
  readonly isTopic: (name: string) => boolean;
  readonly topics: ReadonlySet<string>;
  readonly groups: readonly string[];
  /** Instances of each application. */
  readonly applications: ReadonlyMap<string, number>;
  /** How many log directories a broker has. */
  readonly directories: (node: NodeId) => number;
}

/** Commands that name what is not there. */
export function* commandMisfits(
  scenario: Scenario,
  nodes: ReadonlyMap<NodeId, ConfigTable>,
  topics: ReadonlySet<string>,
): Generator<Fault> {
  const applications = scenario.applications.map(({ id }) => id);
  const isTopic = (name: string): boolean => topics.has(name) || isInternal(name, applications);
  const controllers = controllerNodes(scenario.controllers ?? 1);
  const groups = [...scenario.groups, ...(scenario.shareGroups ?? [])].map(({ id }) => id);
  const directories = directoriesOf(scenario);
  const known: Known = {
    nodes,
    controllers,
    topics,
    groups: [...applications, ...groups],
    applications: new Map(scenario.applications.map(({ id, instances }) => [id, instances])),
    isTopic,
    directories,
  };
  const ids = new Set<number>();
  for (const [i, { id, act }] of scenario.commands.entries()) {
    if (ids.has(id))
      yield { path: ['commands', i, 'id'], what: `repeats the id ${id} of an earlier command.` };
    ids.add(id);
    yield* actMisfits(act, known, ['commands', i, 'act']);
  }
}

/** At most: `log.dirs` may be another from a start on. */
function directoriesOf({ brokers, brokerConfig, commands }: Scenario): (node: NodeId) => number {
  const set = commands.flatMap(({ act }) =>
    act.type === 'set-config' && (act.key === 'log.dirs' || act.key === 'log.dir') ? [act.value ?? ''] : [],
  );
  return (node) => {
    const config = { ...brokerConfig, ...brokers.find(({ id }) => brokerNode(id) === node)?.config };
    const written = [config['log.dirs'] ?? config['log.dir'] ?? '', ...set];
    return Math.max(...written.map((text) => text.split(',').length));
  };
}

function* actMisfits(act: CommandAct, known: Known, path: Path): Generator<Fault> {
  switch (act.type) {
    case 'cut-link':
    case 'heal-link':
    case 'slow-link':
      yield* machine(act.a, known, [...path, 'a']);
      yield* machine(act.b, known, [...path, 'b']);
      if (act.a === act.b) yield { path: [...path, 'b'], what: 'must be another machine than a.' };
      return;
    case 'set-config':
      yield* targetMisfits(act.target, known, [...path, 'target']);
      yield* settingMisfits(act, known, path);
      return;
    case 'fail-log-dir':
    case 'repair-log-dir':
      yield* machine(act.node, known, [...path, 'node']);
      yield* directoryMisfits(act, known, path);
      return;
    case 'crash-at':
      yield* machine(act.node, known, [...path, 'node']);
      yield* anchorMisfits(act, known, path);
      return;
    case 'wipe-disk':
      yield* machine(act.node, known, [...path, 'node']);
      if (known.nodes.has(act.node) && !hasDisk(act.node, known))
        yield { path: [...path, 'node'], what: NO_DISK };
      return;
    case 'add-stream-thread':
    case 'remove-stream-thread':
      yield* machine(act.node, known, [...path, 'node']);
      if (known.nodes.has(act.node) && known.nodes.get(act.node) !== STREAMS_CONFIG)
        yield { path: [...path, 'node'], what: 'must be an instance of an application.' };
      return;
    case 'set-quota': {
      const what = quotaProblem(act, act);
      if (what !== null) yield { path, what };
      return;
    }
    case 'query':
      yield* queryMisfits(act, known, path);
      return;
    case 'crash':
    case 'power-off':
    case 'shut-down':
    case 'start':
    case 'pause':
    case 'resume':
      yield* machine(act.node, known, [...path, 'node']);
      return;
    default: {
      const what = adminProblem(act);
      if (what !== null) yield { path, what };
    }
  }
}

/** Which stores there are is the topology builder's to say. */
function* queryMisfits(act: QueryAct, { applications }: Known, path: Path): Generator<Fault> {
  const { application, instance } = act;
  const instances = applications.get(application);
  if (instances === undefined)
    yield {
      path: [...path, 'application'],
      what: `names ${quoted(application)}, which is no application here; ${thereAre([...applications.keys()])}.`,
    };
  else if (instance !== undefined) {
    const nodes = Array.from({ length: instances }, (_, i) => memberNode(application, i + 1));
    if (!nodes.includes(instance))
      yield {
        path: [...path, 'instance'],
        what: `names ${quoted(instance)}, which is no instance of ${application}; ${thereAre(nodes)}.`,
      };
  }
  const what = queryProblem(act);
  if (what !== null) yield { path, what };
}

function* machine(node: NodeId, { nodes }: Known, path: Path): Generator<Fault> {
  if (!nodes.has(node))
    yield { path, what: `names ${quoted(node)}, which is no machine here; ${thereAre([...nodes.keys()])}.` };
}

/** Kinds of machines are told apart by the configuration that they have. */
const CONFIG_OF = {
  broker: BROKER_CONFIG,
  'streams-instance': STREAMS_CONFIG,
  consumer: CONSUMER_CONFIG,
} as const;

/** Steps belong to one kind of machine. */
function* anchorMisfits(
  { node, anchor }: CommandAct & { readonly type: 'crash-at' },
  { nodes }: Known,
  path: Path,
): Generator<Fault> {
  const program = ANCHORS[anchor];
  if (nodes.has(node) && nodes.get(node) !== CONFIG_OF[program])
    yield {
      path: [...path, 'anchor'],
      what: `is ${quoted(anchor)}, a step of ${WHO_COMES[program]}, which ${quoted(node)} is not.`,
    };
}

const hasDisk = (node: NodeId, known: Known): boolean =>
  kindOf(node, known) !== 'controller' &&
  [BROKER_CONFIG, STREAMS_CONFIG].some((table) => known.nodes.get(node) === table);

const NO_DISK =
  'must be a broker or an instance of an application: controllers cannot be replaced, and clients keep nothing.';

/** Only a broker has log directories; counted from 0. */
function* directoryMisfits(
  { node, directory }: Extract<CommandAct, { readonly directory: number }>,
  known: Known,
  path: Path,
): Generator<Fault> {
  if (!known.nodes.has(node)) return;
  if (kindOf(node, known) !== 'broker')
    yield { path: [...path, 'node'], what: `must be a broker, which ${quoted(node)} is not.` };
  else if (directory >= known.directories(node))
    yield {
      path: [...path, 'directory'],
      what: `is ${directory}, and ${quoted(node)} has no such log directory.`,
    };
}

function* targetMisfits(target: ConfigTarget, known: Known, path: Path): Generator<Fault> {
  if (target.kind === 'topic' && !known.isTopic(target.topic))
    yield {
      path: [...path, 'topic'],
      what: `names ${quoted(target.topic)}, which is no topic here; ${thereAre([...known.topics])}.`,
    };
  if (target.kind === 'group' && !known.groups.includes(target.group))
    yield {
      path: [...path, 'group'],
      what: `names ${quoted(target.group)}, which is no group here; ${thereAre(known.groups)}.`,
    };
  if (target.kind !== 'broker' && target.kind !== 'client') return;
  yield* machine(target.node, known, [...path, 'node']);
  if (kindOf(target.node, known) !== target.kind)
    yield { path: [...path, 'node'], what: `must be a ${target.kind}, which ${quoted(target.node)} is not.` };
}

function kindOf(node: NodeId, { nodes, controllers }: Known): 'broker' | 'controller' | 'client' {
  if (controllers.includes(node)) return 'controller';
  return nodes.get(node) === BROKER_CONFIG ? 'broker' : 'client';
}

type Setting = CommandAct & { readonly type: 'set-config' };

function* settingMisfits({ target, key, value }: Setting, { nodes }: Known, path: Path): Generator<Fault> {
  const table = keysOf(target, nodes);
  if (!Object.hasOwn(table, key)) {
    yield { path: [...path, 'key'], what: `is ${quoted(key)}, which ${misconfigured(table, key, '')}` };
    return;
  }
  const what = value === null ? null : misconfigured(table, key, value);
  if (what !== null) yield { path: [...path, 'value'], what };
}

function keysOf(target: ConfigTarget, nodes: Known['nodes']): ConfigTable {
  if (target.kind === 'topic') return TOPIC_CONFIG;
  if (target.kind === 'group') return GROUP_CONFIG;
  return ('node' in target ? nodes.get(target.node) : undefined) ?? BROKER_CONFIG;
}

/** Changelog and repartition topics exist once their application has run. */
const isInternal = (topic: string, applications: readonly string[]): boolean =>
  /-(?:changelog|repartition)$/.test(topic) && applications.some((id) => topic.startsWith(`${id}-`));
