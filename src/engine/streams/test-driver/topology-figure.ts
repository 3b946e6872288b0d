import { ensure } from '../../base/assert.ts';
import type {
  FigureInput,
  FigureNode,
  FigurePart,
  FigureStore,
  StoreShape,
  TopologyFigure,
} from '../../api/topology-driver.ts';
import { stringSerde, type Serde } from '../serdes/serde.ts';
import type { StoreDefinition, StoreKind } from '../state-stores/store.ts';
import type { BuiltTopology } from '../topology/build-topology.ts';
import { sourceOfTopic, type NodeSpec, type ProcessorTopology } from '../topology/processor-topology.ts';
import { childrenOf } from './traced-topology.ts';

/** A built topology as plain data, to be shown. */
export function topologyFigure(topology: BuiltTopology): TopologyFigure {
  return {
    description: topology.description,
    parts: partsOf(topology),
    stores: storesOf(topology),
    repartitionTopics: topology.repartitionTopics.map(({ name }) => name),
    inputs: inputsOf(topology),
  };
}

/** Those of global stores have the ids that the others leave free (`Topology.describe()`). */
function partsOf({ subTopologies, globalStores }: BuiltTopology): FigurePart[] {
  const taken = new Set(subTopologies.map(({ id }) => id));
  const free = Array.from({ length: taken.size + globalStores.length }, (_, id) => id).filter(
    (id) => !taken.has(id),
  );
  const parts = [
    ...subTopologies.map((part) => ({ id: part.id, isGlobal: false, nodes: nodesOf(part) })),
    ...globalStores.map((part, i) => ({
      id: ensure(free[i], 'id of a global store'),
      isGlobal: true,
      nodes: nodesOf(part),
    })),
  ];
  return parts.sort((a, b) => a.id - b.id);
}

function nodesOf({ nodes, decorate }: ProcessorTopology): FigureNode[] {
  const children = childrenOf(nodes);
  return nodes.map((spec) => ({
    name: spec.name,
    kind: spec.kind,
    topics: topicsOf(spec).map(decorate),
    topicsBy: topicsBy(spec),
    stores: spec.kind === 'processor' ? [...spec.stores] : [],
    children: children.get(spec.name) ?? [],
  }));
}

function topicsOf(spec: NodeSpec): readonly string[] {
  if (spec.kind === 'source') return spec.topics;
  return spec.kind === 'sink' && spec.topic !== undefined ? [spec.topic] : [];
}

function topicsBy(spec: NodeSpec): string | null {
  if (spec.kind === 'source') return spec.pattern ?? null;
  return spec.kind === 'sink' && spec.topic === undefined ? spec.topicLabel : null;
}

const SHAPES: Readonly<Record<StoreKind, StoreShape>> = {
  keyValue: 'key-value',
  timestampedKeyValue: 'key-value',
  lru: 'key-value',
  window: 'window',
  timestampedWindow: 'window',
  session: 'session',
  versioned: 'versioned',
  outerJoinBuffer: 'buffer',
  suppressBuffer: 'buffer',
  graceBuffer: 'buffer',
  subscription: 'subscription',
};

function storesOf({ whole, globalStores }: BuiltTopology): FigureStore[] {
  const figure = (store: StoreDefinition, isGlobal: boolean): FigureStore => ({
    name: store.name,
    kind: SHAPES[store.kind],
    key: store.key.name,
    value: store.value.name,
    isGlobal,
    changelog: store.logging && !isGlobal ? whole.changelogOf(store.name) : null,
    windowMs: store.windowSize,
  });
  return [
    ...whole.stores.map((store) => figure(store, false)),
    ...globalStores.map(({ store }) => figure(store, true)),
  ];
}

function inputsOf({ whole, globalStores, repartitionTopics }: BuiltTopology): FigureInput[] {
  const own = new Set(repartitionTopics.map(({ name }) => name));
  const ofTasks = [...whole.sourceOf].map(([topic, { key, value }]) => ({
    topic,
    key: key.name,
    value: value.name,
    isGlobal: false,
  }));
  const ofGlobals = globalStores.map(({ topic, store }) => ({
    topic,
    key: store.key.name,
    value: store.value.name,
    isGlobal: true,
  }));
  return [...ofTasks.filter(({ topic }) => !own.has(topic)), ...ofGlobals];
}

/** The types that records of a topic are piped in with; one that nobody declares: strings. */
export function typesOf(
  topology: BuiltTopology,
  topic: string,
): { readonly key: Serde; readonly value: Serde } {
  const source = sourceOfTopic(topology.whole, topic);
  if (source !== undefined) return source;
  const global = topology.globalStores.find((part) => part.topic === topic);
  return global?.sourceOf.get(topic) ?? { key: stringSerde, value: stringSerde };
}
