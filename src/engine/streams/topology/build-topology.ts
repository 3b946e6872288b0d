import { ensure } from '../../base/assert.ts';
import type { StreamsConfig } from '../config.ts';
import { declareAll } from '../dsl/registry.ts';
import { Scope } from '../dsl/scope.ts';
import type { ProcessorKind } from '../processors/registry.ts';
import type { StoreDefinition } from '../state-stores/store.ts';
import { describeTopology } from './describe.ts';
import { checkExplicitNaming } from './explicit-naming.ts';
import type { InternalTopologyBuilder } from './internal-topology-builder.ts';
import type { NodeSpec, ProcessorTopology, SourceSpec } from './processor-topology.ts';
import { javaHashOrder } from '../../base/java-hash-order.ts';
import { StreamsBuilder } from './streams-builder.ts';
import type { Topology } from './topology-node.ts';

/** A group of connected nodes: each of its partitions is a task of its own. */
export interface SubTopology extends ProcessorTopology {
  readonly id: number;
  /** Decorated topics it reads. */
  readonly sourceTopics: readonly string[];
  /** Decorated topics it writes, as far as they are known beforehand. */
  readonly sinkTopics: readonly string[];
}

export interface GlobalStoreTopology extends ProcessorTopology {
  readonly topic: string;
  readonly store: StoreDefinition;
}

/** A topic that the application needs and makes itself. */
export interface RepartitionTopic {
  /** With the application id. */
  readonly name: string;
  /** Absent: as many as co-partitioning or the topics upstream ask for. */
  readonly partitions: number | undefined;
}

/** A topology ready to run: code and plans, no state. */
export interface BuiltTopology {
  readonly config: StreamsConfig;
  /** `Topology.describe().toString()`. */
  readonly description: string;
  readonly subTopologies: readonly SubTopology[];
  readonly globalStores: readonly GlobalStoreTopology[];
  /** All sub-topologies as one, as the test driver runs them. */
  readonly whole: ProcessorTopology;
  readonly repartitionTopics: readonly RepartitionTopic[];
  /** Groups of decorated topics that must have equal numbers of partitions. */
  readonly copartitionGroups: readonly (readonly string[])[];
}

export interface BuildOptions {
  readonly config: StreamsConfig;
  /** The builder itself was made with the configuration: then names can be demanded. */
  readonly topologyConfig?: boolean;
  /** Kinds of processors beside those of the closed set, by name. */
  readonly processors?: ReadonlyMap<string, ProcessorKind>;
}

/**
 * Builds a topology from its data, as `StreamsBuilder.build(properties)` does. Throws a `StreamsError` with the class
 * and text of Kafka's exception.
 */
export function buildTopology(
  topology: Topology,
  { config, topologyConfig = false, processors }: BuildOptions,
): BuiltTopology {
  const builder = new StreamsBuilder(config);
  declareAll(new Scope(builder, processors), topology);
  const internal = builder.build();
  if (topologyConfig && config.ensureExplicitNaming) checkExplicitNaming(builder);
  return assemble(internal, config);
}

function assemble(internal: InternalTopologyBuilder, config: StreamsConfig): BuiltTopology {
  const decorate = (topic: string): string =>
    internal.internalTopics.has(topic) ? `${config.applicationId}-${topic}` : topic;
  const changelogs = new Map(
    [...internal.stores].map(([name, { sourceTopic }]) => [
      name,
      sourceTopic ?? `${config.applicationId}-${name}-changelog`,
    ]),
  );
  // Asked for with each write: nothing is put together for an error that does not come.
  const changelogOf = (store: string): string => ensure(changelogs.get(store), 'changelog of a store');
  const part = (nodes: readonly NodeSpec[]): ProcessorTopology => ({
    nodes,
    stores: storesOf(internal, nodes),
    ...sourcesOf(nodes, decorate),
    decorate,
    changelogOf,
  });
  const subTopologies: SubTopology[] = [];
  const globalStores: GlobalStoreTopology[] = [];
  internal.nodeGroups().forEach((names, id) => {
    const nodes = names.map((name) => ensure(internal.nodes.get(name), `node ${name}`));
    if (nodes.some((node) => internal.isGlobalSource(node)))
      globalStores.push(globalPart(internal, part(nodes)));
    else subTopologies.push({ ...part(nodes), id, ...topicsOf(nodes, decorate) });
  });
  const inTasks = new Set(subTopologies.flatMap(({ nodes }) => nodes));
  return {
    config,
    description: describeTopology(internal),
    subTopologies,
    globalStores,
    whole: part([...internal.nodes.values()].filter((node) => inTasks.has(node))),
    repartitionTopics: [...internal.internalTopics.values()].map(({ name, partitions }) => ({
      name: decorate(name),
      partitions,
    })),
    copartitionGroups: internal.copartitionGroups.map((group) =>
      [...group].flatMap((name) => {
        const node = internal.nodes.get(name);
        return node?.kind === 'source' ? node.topics.map(decorate) : [];
      }),
    ),
  };
}

/** Stores in the order in which their processors were added: caches are flushed in it. */
function storesOf(internal: InternalTopologyBuilder, nodes: readonly NodeSpec[]): StoreDefinition[] {
  const found = new Map<string, StoreDefinition>();
  for (const node of nodes) {
    if (node.kind !== 'processor') continue;
    for (const name of javaHashOrder(node.stores)) {
      const store = internal.stores.get(name);
      if (store !== undefined) found.set(name, store.definition);
    }
  }
  return [...found.values()];
}

function sourcesOf(
  nodes: readonly NodeSpec[],
  decorate: (topic: string) => string,
): Pick<ProcessorTopology, 'sourceOf' | 'patterns'> {
  const sourceOf = new Map<string, SourceSpec>();
  const patterns: SourceSpec[] = [];
  for (const node of nodes) {
    if (node.kind !== 'source') continue;
    for (const topic of node.topics) sourceOf.set(decorate(topic), node);
    if (node.pattern !== undefined) patterns.push(node);
  }
  return { sourceOf, patterns };
}

function topicsOf(
  nodes: readonly NodeSpec[],
  decorate: (topic: string) => string,
): Pick<SubTopology, 'sourceTopics' | 'sinkTopics'> {
  const sourceTopics = nodes.flatMap((node) => (node.kind === 'source' ? node.topics : [])).map(decorate);
  const sinkTopics = nodes
    .flatMap((node) => (node.kind === 'sink' && node.topic !== undefined ? [node.topic] : []))
    .map(decorate);
  return { sourceTopics, sinkTopics: [...new Set(sinkTopics)] };
}

function globalPart(internal: InternalTopologyBuilder, part: ProcessorTopology): GlobalStoreTopology {
  const [name] = part.nodes.flatMap((node) => (node.kind === 'processor' ? [...node.stores] : []));
  const { definition, topic } = ensure(internal.globalStores.get(name ?? ''), 'global store');
  return { ...part, stores: [definition], store: definition, topic };
}
