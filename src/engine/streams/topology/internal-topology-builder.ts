import { ensure } from '../../base/assert.ts';
import type { StoreDefinition } from '../state-stores/store.ts';
import { StreamsError } from '../task/streams-error.ts';
import {
  isMeant,
  type NodeSpec,
  type ProcessorSpec,
  type SinkSpec,
  type SourceSpec,
} from './processor-topology.ts';

/** A source topic that belongs to the application. */
export interface InternalTopic {
  /** Without the application id. */
  readonly name: string;
  /** Absent: as many as the topics it is co-partitioned with, or upstream, have. */
  readonly partitions: number | undefined;
}

interface StoreEntry {
  definition: StoreDefinition;
  /** The processors that use it, in order of connection. */
  readonly users: string[];
  /** The table's source topic, where that serves as changelog. */
  sourceTopic: string | undefined;
}

export function topologyError(message: string): StreamsError {
  return new StreamsError('TopologyException', `Invalid topology: ${message}`);
}

/** What a topology is made of on the lowest level (`InternalTopologyBuilder`): nodes, stores and who is connected to whom. */
export class InternalTopologyBuilder {
  readonly nodes = new Map<string, NodeSpec>();
  readonly stores = new Map<string, StoreEntry>();
  readonly globalStores = new Map<string, { readonly definition: StoreDefinition; readonly topic: string }>();
  readonly internalTopics = new Map<string, InternalTopic>();
  /** Groups of source nodes whose topics must have equal numbers of partitions. */
  readonly copartitionGroups: Set<string>[] = [];
  private readonly sourceTopics = new Set<string>();
  private readonly globalTopics = new Set<string>();
  private readonly parents = new Map<string, string>();

  addSource(source: SourceSpec): void {
    this.refuseKnown(source.name);
    for (const topic of source.topics) {
      this.refuseRegistered(topic);
      this.sourceTopics.add(topic);
    }
    if (source.pattern !== undefined) this.refusePattern(source.pattern);
    this.nodes.set(source.name, source);
  }

  addProcessor(processor: ProcessorSpec): void {
    this.refuseKnown(processor.name);
    for (const predecessor of processor.predecessors)
      if (!this.nodes.has(predecessor))
        throw topologyError(`Predecessor processor ${predecessor} is not added yet for ${processor.name}`);
    this.nodes.set(processor.name, processor);
    this.unite(processor.name, processor.predecessors);
  }

  addSink(sink: SinkSpec): void {
    this.refuseKnown(sink.name);
    for (const predecessor of sink.predecessors)
      if (!this.nodes.has(predecessor))
        throw topologyError(`Predecessor processor ${predecessor} is not added yet.`);
    this.nodes.set(sink.name, sink);
    this.unite(sink.name, sink.predecessors);
  }

  addStateStore(definition: StoreDefinition, users: readonly string[] = []): void {
    const { name } = definition;
    const known = this.stores.get(name);
    if (known !== undefined && known.definition !== definition)
      throw topologyError(`A different StateStore has already been added with the name ${name}`);
    if (this.globalStores.has(name))
      throw topologyError(`A different GlobalStateStore has already been added with the name ${name}`);
    if (known === undefined) this.stores.set(name, { definition, users: [], sourceTopic: undefined });
    this.connect(users, [name]);
  }

  /** The store's changelog is the topic the table is read from. */
  reuseSourceTopic(store: string, topic: string): void {
    const entry = ensure(this.stores.get(store), `store ${store}`);
    entry.definition = { ...entry.definition, logging: false };
    entry.sourceTopic = topic;
  }

  addGlobalStore(definition: StoreDefinition, source: SourceSpec, processor: ProcessorSpec): void {
    this.refuseKnown(source.name);
    this.refuseKnown(processor.name);
    const { name } = definition;
    if (this.stores.has(name))
      throw topologyError(`A different StateStore has already been added with the name ${name}`);
    if (this.globalStores.has(name))
      throw topologyError(`A different GlobalStateStore has already been added with the name ${name}`);
    const topic = ensure(source.topics[0], 'topic of a global table');
    this.refuseRegistered(topic);
    this.globalTopics.add(topic);
    processor.stores.add(name);
    this.nodes.set(source.name, source);
    this.nodes.set(processor.name, processor);
    this.unite(processor.name, processor.predecessors);
    this.globalStores.set(name, { definition, topic });
  }

  connect(processors: readonly string[], stores: readonly string[]): void {
    for (const processor of processors) for (const store of stores) this.connectOne(processor, store);
  }

  addInternalTopic(topic: InternalTopic): void {
    this.internalTopics.set(topic.name, topic);
  }

  copartition(sources: Iterable<string>): void {
    this.copartitionGroups.push(new Set(sources));
  }

  replaceInCopartitions(replaced: string, by: string): void {
    for (const group of this.copartitionGroups) if (group.delete(replaced)) group.add(by);
  }

  isGlobalSource(node: NodeSpec): boolean {
    return node.kind === 'source' && node.topics.some((topic) => this.globalTopics.has(topic));
  }

  /** Names of the nodes of each connected group, in order of addition: a group is a sub-topology or a global store. */
  nodeGroups(): string[][] {
    const groups = new Map<string, string[]>();
    for (const name of this.nodes.keys()) {
      const root = this.root(name);
      const group = groups.get(root);
      if (group === undefined) groups.set(root, [name]);
      else group.push(name);
    }
    return [...groups.values()];
  }

  /** Topics that must have equal numbers of partitions and whose numbers are all given must agree. */
  validateCopartition(): void {
    for (const group of this.copartitionGroups) {
      const topics = [...group].flatMap((name) => {
        const node = this.nodes.get(name);
        return node?.kind === 'source' ? node.topics : [];
      });
      const counts = topics.map((topic) => this.internalTopics.get(topic)?.partitions);
      if (counts.length === 0 || counts.includes(undefined) || new Set(counts).size === 1) continue;
      const listed = topics.map((topic, i) => `${topic}=${String(counts[i])}`).sort();
      throw topologyError(
        `Following topics do not have the same number of partitions: [{${listed.join(', ')}}]`,
      );
    }
  }

  private connectOne(processor: string, store: string): void {
    if (this.globalStores.has(store))
      throw topologyError(
        `Global StateStore ${store} can be used by a Processor without being specified; it should not be explicitly passed.`,
      );
    const entry = this.stores.get(store);
    if (entry === undefined) throw topologyError(`StateStore ${store} is not added yet.`);
    const node = this.nodes.get(processor);
    if (node === undefined) throw topologyError(`Processor ${processor} is not added yet.`);
    if (node.kind !== 'processor')
      throw topologyError(`cannot connect a state store ${store} to a source node or a sink node.`);
    const [user] = entry.users;
    if (user !== undefined) this.unite(user, [processor]);
    if (!entry.users.includes(processor)) entry.users.push(processor);
    node.stores.add(store);
  }

  private refuseKnown(name: string): void {
    if (this.nodes.has(name)) throw topologyError(`Processor ${name} is already added.`);
  }

  private refuseRegistered(topic: string): void {
    if (this.sourceTopics.has(topic) || this.globalTopics.has(topic))
      throw topologyError(`Topic ${topic} has already been registered by another source.`);
    for (const node of this.nodes.values())
      if (node.kind === 'source' && node.pattern !== undefined && isMeant(node.pattern, topic))
        throw topologyError(`Topic ${topic} matches a Pattern already registered by another source.`);
  }

  private refusePattern(pattern: string): void {
    for (const topic of this.sourceTopics)
      if (isMeant(pattern, topic))
        throw topologyError(
          `Pattern ${pattern} will match a topic that has already been registered by another source.`,
        );
  }

  private unite(name: string, others: readonly string[]): void {
    for (const other of others) {
      const [a, b] = [this.root(name), this.root(other)];
      if (a !== b) this.parents.set(a, b);
    }
  }

  private root(name: string): string {
    let at = name;
    for (let up = this.parents.get(at); up !== undefined; up = this.parents.get(at)) at = up;
    return at;
  }
}
