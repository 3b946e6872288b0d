import * as v from 'valibot';
import type { Fault } from './scenario-guard.ts';
import { SCENARIO_LIMITS as MAX } from './scenario-limits.ts';
import { grouped, type Path } from './scenario-problem.ts';
import {
  fields,
  flag,
  list,
  named,
  object,
  oneOf,
  scalar,
  text,
  variant,
  whole,
} from './scenario-schema-kit.ts';
import type { Scenario, TopologyNode } from './scenario.ts';

// The nodes of a topology: for each `op` its fields. What a function's name may be is the topology builder's to say.

const word = text(/^.{1,200}$/s, '1 to 200 characters');
export const topicName = text(
  /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/,
  '1 to 249 letters, digits, dots, underscores and dashes',
);
const serde = oneOf('string', 'long', 'json');
const ms = whole(0, MAX.startMsMax, 'ms');
const someMs = whole(1, MAX.startMsMax, 'ms');
const many = whole(1, 1_000_000_000);
const maybe = v.optional;

const base = { id: maybe(word), named: maybe(word) };
const after = { ...base, of: word };
const typed = { key: serde, value: serde };
const logged = { caching: maybe(flag()), logging: maybe(flag()) };
/** `Materialized`. */
const kept = {
  ...logged,
  as: maybe(word),
  store: maybe(text(/^(inMemory|rocksDB|lru:\d{1,9})$/, '"inMemory", "rocksDB" or "lru:" and a number')),
  retention: maybe(ms),
  versioned: maybe(object({ history: ms, segmentInterval: maybe(someMs) })),
};
const source = { extractor: maybe(word), offsetReset: maybe(oneOf('earliest', 'latest')) };
const joining = { ...after, with: word, joiner: word };

const op = <const T extends string>(name: T) => v.literal(name);
const grace = { grace: maybe(ms) };

const window = variant('type', [
  fields({ type: op('tumbling'), size: someMs, ...grace }),
  fields({ type: op('hopping'), size: someMs, advance: someMs, ...grace }),
  fields({ type: op('sliding'), difference: ms, ...grace }),
  fields({ type: op('session'), gap: ms, ...grace }),
]);

const until = v.union(
  [oneOf('windowCloses'), object({ timeLimit: ms })],
  () => 'must be "windowCloses" or an object with a timeLimit.',
);

const branch = object({ id: word, pred: word, named: maybe(word) });

export const topologyNode = variant('op', [
  fields({
    op: op('stream'),
    ...base,
    ...typed,
    ...source,
    topic: maybe(topicName),
    topics: maybe(list(topicName, 1, MAX.topicsMax)),
    pattern: maybe(word),
  }),
  fields({ op: op('table'), ...base, ...typed, ...source, ...kept, topic: topicName }),
  fields({ op: op('globalTable'), ...base, ...typed, ...source, ...kept, topic: topicName }),
  fields({
    op: op('store'),
    ...typed,
    ...logged,
    id: word,
    kind: oneOf('kv', 'window'),
    store: oneOf('inMemory', 'rocksDB'),
    retention: maybe(ms),
    size: maybe(someMs),
  }),
  fields({ op: op('filter'), ...after, ...kept, pred: word }),
  fields({ op: op('filterNot'), ...after, ...kept, pred: word }),
  fields({ op: op('mapValues'), ...after, ...kept, fn: word }),
  fields({ op: op('flatMapValues'), ...after, fn: word }),
  fields({ op: op('map'), ...after, keyFn: word, fn: maybe(word) }),
  fields({ op: op('flatMap'), ...after, keyFn: word, fn: word }),
  fields({ op: op('selectKey'), ...after, keyFn: word }),
  fields({ op: op('merge'), ...after, with: word }),
  fields({
    op: op('split'),
    ...after,
    branches: list(branch, 1, MAX.topologyNodesMax),
    default: maybe(object(base)),
  }),
  fields({ op: op('toStream'), ...after }),
  fields({ op: op('toTable'), ...after, ...kept }),
  fields({
    op: op('repartition'),
    ...after,
    as: maybe(word),
    partitions: maybe(whole(1, MAX.partitionsMax)),
  }),
  fields({ op: op('to'), ...after, topic: maybe(topicName), topicFn: maybe(word) }),
  fields({
    op: op('process'),
    ...after,
    processor: word,
    args: maybe(named(scalar())),
    connect: maybe(flag()),
  }),
  fields({
    op: op('processValues'),
    ...after,
    processor: word,
    args: maybe(named(scalar())),
    connect: maybe(flag()),
  }),
  fields({ op: op('groupByKey'), ...after, as: maybe(word) }),
  fields({ op: op('groupBy'), ...after, keyFn: word, fn: maybe(word), as: maybe(word) }),
  fields({ op: op('windowedBy'), ...after, window }),
  fields({ op: op('emitStrategy'), ...after, strategy: oneOf('onWindowClose', 'onWindowUpdate') }),
  fields({ op: op('count'), ...after, ...kept }),
  fields({ op: op('reduce'), ...after, ...kept, fn: word, subtractor: maybe(word) }),
  fields({
    op: op('aggregate'),
    ...after,
    ...kept,
    init: word,
    fn: maybe(word),
    subtractor: maybe(word),
    merger: maybe(word),
  }),
  fields({ op: op('cogroup'), ...after, fn: word }),
  fields({ op: op('cogroupAlso'), ...after, with: word, fn: word }),
  fields({
    op: op('suppress'),
    ...after,
    until,
    maxRecords: maybe(many),
    maxBytes: maybe(many),
    whenFull: maybe(oneOf('shutDown', 'emitEarly')),
    logging: maybe(flag()),
  }),
  fields({
    op: op('streamJoin'),
    ...joining,
    type: oneOf('inner', 'left', 'outer'),
    window: object({ before: ms, after: ms, ...grace }),
    as: maybe(word),
    logging: maybe(flag()),
  }),
  fields({ op: op('streamTableJoin'), ...joining, type: oneOf('inner', 'left'), ...grace }),
  fields({ op: op('streamGlobalJoin'), ...joining, type: oneOf('inner', 'left'), keyFn: word }),
  fields({ op: op('tableJoin'), ...joining, ...kept, type: oneOf('inner', 'left', 'outer') }),
  fields({ op: op('fkJoin'), ...joining, ...kept, type: oneOf('inner', 'left'), keyFn: word }),
]) satisfies v.GenericSchema<unknown, TopologyNode>;

/** What does not fit together within the nodes of all applications. */
export function* topologyMisfits({ applications }: Scenario): Generator<Fault> {
  for (const [i, { topology }] of applications.entries())
    for (const [n, node] of topology.entries()) yield* nodeMisfit(node, ['applications', i, 'topology', n]);
}

/** What does not fit together within one node, which stands at `path`. */
export function* nodeMisfit(node: TopologyNode, path: Path): Generator<Fault> {
  yield* missingTopic(node, path);
  yield* tooManyWindows(node, path);
}

function* missingTopic(node: TopologyNode, path: Path): Generator<Fault> {
  if (node.op === 'to' && node['topic'] === undefined && node['topicFn'] === undefined)
    yield { path, what: 'needs a topic or a topicFn.' };
  if (node.op === 'stream' && ['topic', 'topics', 'pattern'].every((name) => node[name] === undefined))
    yield { path, what: 'needs a topic, topics or a pattern.' };
}

/** Each record is counted in every window that holds it. */
function* tooManyWindows(node: TopologyNode, path: Path): Generator<Fault> {
  const { size, advance } = (node['window'] ?? {}) as { readonly size?: number; readonly advance?: number };
  if (size === undefined || advance === undefined || size / advance <= MAX.windowsPerRecordMax) return;
  yield {
    path: [...path, 'window', 'advance'],
    what: `puts a record into ${grouped(Math.ceil(size / advance))} windows; the most is ${grouped(MAX.windowsPerRecordMax)}.`,
  };
}
