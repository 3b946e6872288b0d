import type { StreamsConfig } from '../config.ts';
import { GraphNode } from './graph-node.ts';
import { InternalTopologyBuilder, topologyError } from './internal-topology-builder.ts';
import { JavaPriorityQueue } from './java-priority-queue.ts';
import { mergeDuplicateSources } from './merge-sources.ts';
import { mergeRepartitionTopics } from './merge-repartitions.ts';
import { dropNullKeysWhereAllowed } from './null-keys.ts';
import { rewriteSelfJoins } from './self-join.ts';

/** Numbers are written with ten digits in generated names. */
const DIGITS = 10;

/** Builds the logical graph of a topology and hands out the names (`InternalStreamsBuilder`). */
export class StreamsBuilder {
  readonly topology = new InternalTopologyBuilder();
  readonly config: StreamsConfig;
  readonly root = new GraphNode('root', () => undefined);
  /** Names of stores, changelog and repartition topics that were generated: KIP-1111 can forbid them. */
  readonly unnamed: Unnamed = { changelogs: [], stores: [], repartitions: [] };
  private index = 0;
  private priority = 0;
  /** Key-changing node → the repartition nodes that it makes necessary. In order of addition. */
  readonly repartitionsOf = new Map<GraphNode, Set<GraphNode>>();
  readonly mergeNodes = new Set<GraphNode>();
  private readonly nodes: GraphNode[] = [];

  constructor(config: StreamsConfig) {
    this.config = config;
  }

  newProcessorName(prefix: string): string {
    return prefix + String(this.index++).padStart(DIGITS, '0');
  }

  newStoreName(prefix: string): string {
    return `${prefix}STATE-STORE-${String(this.index++).padStart(DIGITS, '0')}`;
  }

  /** Notes stores whose names were generated, and their changelogs. */
  noteUnnamed(stores: readonly string[], logging: boolean): void {
    this.unnamed.stores.push(...stores);
    if (logging) this.unnamed.changelogs.push(...stores.map((store) => `${store}-changelog`));
  }

  /**
   * The given name, or one made from the prefix and the next number. The number is used up in either case, so that
   * naming one processor does not rename those behind it.
   */
  nameOr(given: string | undefined, prefix: string): string {
    const generated = this.newProcessorName(prefix);
    return given ?? generated;
  }

  /** As {@link nameOr}, with a suffix for the given name. */
  suffixedNameOr(given: string | undefined, suffix: string, prefix: string): string {
    const generated = this.newProcessorName(prefix);
    return given === undefined ? generated : given + suffix;
  }

  add(parents: GraphNode | readonly GraphNode[], child: GraphNode): void {
    const all = parents instanceof GraphNode ? [parents] : parents;
    for (const parent of all) {
      parent.addChild(child);
      this.note(child);
    }
  }

  /** Optimises as configured and writes the graph into {@link topology}. Throws a `StreamsError`. */
  build(): InternalTopologyBuilder {
    const { optimizations } = this.config;
    mergeDuplicateSources(this.root);
    if (optimizations.has('reuse.ktable.source.topics')) this.reuseTableSourceTopics();
    if (optimizations.has('merge.repartition.topics')) mergeRepartitionTopics(this);
    if (optimizations.has('single.store.self.join')) rewriteSelfJoins(this.root);
    dropNullKeysWhereAllowed(this.root);
    this.enableVersionedSemantics();
    this.write();
    this.topology.validateCopartition();
    return this.topology;
  }

  private note(node: GraphNode): void {
    node.priority = this.priority++;
    this.nodes.push(node);
    const { keyChanging, repartition, merge } = node.traits;
    if (keyChanging === true) this.repartitionsOf.set(node, new Set());
    else if (repartition?.optimizable === true) {
      const parent = keyChangingParent(node);
      if (parent !== undefined) this.repartitionsOf.get(parent)?.add(node);
    } else if (merge === true) this.mergeNodes.add(node);
  }

  private reuseTableSourceTopics(): void {
    for (const { traits } of this.nodes)
      if (traits.tableSource !== undefined) traits.tableSource.reuseSourceTopic = true;
  }

  private enableVersionedSemantics(): void {
    for (const node of this.nodes) {
      const { onVersionedParent, suppress } = node.traits;
      if (onVersionedParent !== undefined)
        for (const parent of node.parents) if (parent.isOutputVersioned()) onVersionedParent(parent.name);
      if (suppress === true && node.isUpstreamVersioned())
        throw topologyError(
          'suppress() is only supported for non-versioned KTables (note that version semantics might be inherited from upstream)',
        );
    }
  }

  private write(): void {
    const queue = new JavaPriorityQueue<GraphNode>((a, b) => a.priority - b.priority);
    queue.offer(this.root);
    for (let node = queue.poll(); node !== undefined; node = queue.poll()) {
      const ready = [...node.parents].every(({ written }) => written);
      if (ready && !node.written) node.write(this.topology);
      for (const child of node.children) queue.offer(child);
    }
  }
}

export interface Unnamed {
  readonly changelogs: string[];
  readonly stores: string[];
  readonly repartitions: string[];
}

/** The first matching node on the way up, depth first, the start included. */
export function findUp(start: GraphNode, matches: (node: GraphNode) => boolean): GraphNode | undefined {
  if (matches(start)) return start;
  let found: GraphNode | undefined;
  for (const parent of start.parents) {
    if (matches(parent)) return parent;
    found = findUp(parent, matches);
  }
  return found;
}

/** The key-changing node above a repartition, unless values change in between: then it cannot be merged with others. */
function keyChangingParent(repartition: GraphNode): GraphNode | undefined {
  const changing = findUp(
    repartition,
    ({ traits }) => traits.keyChanging === true || traits.valueChanging === true,
  );
  const keyChanging = findUp(repartition, ({ traits }) => traits.keyChanging === true);
  return changing !== undefined && changing === keyChanging ? keyChanging : undefined;
}
