import type { Serde } from '../serdes/serde.ts';
import type { InternalTopologyBuilder } from './internal-topology-builder.ts';

/** What the optimiser must know of a node that writes to and reads from a repartition topic. */
export interface RepartitionFacts {
  readonly topic: string;
  readonly key: Serde;
  readonly value: Serde;
  /** Optimisation may merge it with others; an explicit `repartition()` may not be merged. */
  readonly optimizable: boolean;
  /** Records with a null key are let through, until a join downstream that tolerates none says otherwise (KIP-962). */
  dropNullKeys: boolean;
}

/** What the optimiser must know of a stream-stream join. */
export interface StreamJoinFacts {
  readonly thisWindowed: string;
  readonly otherWindowed: string;
  /** Both sides are one stream, and one store serves both. */
  selfJoin: boolean;
}

/** What a graph node is, beside what it writes. */
export interface GraphNodeTraits {
  readonly keyChanging?: boolean;
  readonly valueChanging?: boolean;
  readonly merge?: boolean;
  readonly tableSource?: { reuseSourceTopic: boolean };
  readonly repartition?: RepartitionFacts;
  readonly streamJoin?: StreamJoinFacts;
  readonly streamSource?: StreamSourceFacts;
  /** Joins that tolerate null keys: a repartition in front of them need not drop those. */
  readonly nullKeyRelaxed?: boolean;
  /** Told the name of a parent whose table is versioned. */
  readonly onVersionedParent?: (parent: string) => void;
  readonly suppress?: boolean;
  /** What suppress needs: how long a window of this node stays open after its end, in milliseconds. */
  readonly windowGrace?: number;
  /** Connects windowed values to their window: sessions and time windows end the search for a grace period. */
  readonly outputVersioned?: boolean;
}

export interface StreamSourceFacts {
  readonly topics: readonly string[];
  readonly pattern: string | undefined;
  readonly offsetReset: string | undefined;
}

/**
 * A node of the logical graph that the DSL builds and optimisation rewrites, before it is written into the
 * `InternalTopologyBuilder` in order of priority.
 */
export class GraphNode {
  readonly name: string;
  readonly traits: GraphNodeTraits;
  readonly parents = new Set<GraphNode>();
  readonly children = new Set<GraphNode>();
  priority = -1;
  written = false;
  private readonly writer: (builder: InternalTopologyBuilder, node: GraphNode) => void;

  constructor(
    name: string,
    writer: (builder: InternalTopologyBuilder, node: GraphNode) => void,
    traits: GraphNodeTraits = {},
  ) {
    this.name = name;
    this.writer = writer;
    this.traits = traits;
  }

  addChild(child: GraphNode): void {
    this.children.add(child);
    child.parents.add(this);
  }

  removeChild(child: GraphNode): void {
    this.children.delete(child);
    child.parents.delete(this);
  }

  clearChildren(): void {
    for (const child of this.children) child.parents.delete(this);
    this.children.clear();
  }

  /** Names of the processors that feed this node, in order. */
  parentNames(): string[] {
    return [...this.parents].map(({ name }) => name);
  }

  write(builder: InternalTopologyBuilder): void {
    this.writer(builder, this);
    this.written = true;
  }

  /** Whether the table this node yields is versioned: as it says itself, or else if all its parents are. */
  isOutputVersioned(): boolean {
    const own = this.traits.outputVersioned;
    if (own !== undefined) return own;
    return this.isUpstreamVersioned();
  }

  isUpstreamVersioned(): boolean {
    if (this.parents.size === 0) return false;
    for (const parent of this.parents) if (!parent.isOutputVersioned()) return false;
    return true;
  }
}
