import type { ProcessorSupplier } from '../task/processor.ts';
import { GraphNode, type GraphNodeTraits } from '../topology/graph-node.ts';
import type { StoreDefinition } from '../state-stores/store.ts';
import type { InternalTopologyBuilder } from '../topology/internal-topology-builder.ts';

interface ProcessorGraphOptions {
  readonly traits?: GraphNodeTraits;
  /** Store made for this processor, once it is written. */
  readonly store?: (() => StoreDefinition | undefined) | undefined;
  /** Stores that exist already. */
  readonly connect?: (() => readonly string[]) | undefined;
}

/** A graph node of one processor below its graph parents. */
export function processorGraphNode(
  name: string,
  supplier: ProcessorSupplier,
  options: ProcessorGraphOptions = {},
): GraphNode {
  const write = (topology: InternalTopologyBuilder, node: GraphNode): void => {
    addProcessor(topology, name, supplier, node.parentNames());
    topology.connect([name], options.connect?.() ?? []);
    const store = options.store?.();
    if (store !== undefined) topology.addStateStore(store, [name]);
  };
  return new GraphNode(name, write, options.traits);
}

export function addProcessor(
  topology: InternalTopologyBuilder,
  name: string,
  supplier: ProcessorSupplier,
  predecessors: readonly string[],
): void {
  topology.addProcessor({ kind: 'processor', name, predecessors, supplier, stores: new Set() });
}
