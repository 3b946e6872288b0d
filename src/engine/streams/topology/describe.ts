import type { InternalTopologyBuilder } from './internal-topology-builder.ts';
import { JavaTreeSet } from './java-tree-set.ts';
import { javaHashOrder } from '../../base/java-hash-order.ts';
import type { NodeSpec } from './processor-topology.ts';

/** A node in a description; `size` counts the nodes below it, once per path. */
interface DescribedNode {
  readonly spec: NodeSpec;
  readonly predecessors: JavaTreeSet<DescribedNode>;
  readonly successors: JavaTreeSet<DescribedNode>;
  size: number;
}

/** Nodes with more below them first, then by name. */
function compareNodes(a: DescribedNode, b: DescribedNode): number {
  if (a === b) return 0;
  if (a.size !== b.size) return b.size - a.size;
  return a.spec.name < b.spec.name ? -1 : a.spec.name > b.spec.name ? 1 : 0;
}

const described = (spec: NodeSpec): DescribedNode => ({
  spec,
  predecessors: new JavaTreeSet(compareNodes),
  successors: new JavaTreeSet(compareNodes),
  size: 1,
});

function grow(node: DescribedNode, by: number): void {
  node.size += by;
  for (const predecessor of node.predecessors.toArray()) grow(predecessor, by);
}

const namesOf = (nodes: readonly DescribedNode[]): string =>
  nodes.length === 0 ? 'none' : nodes.map(({ spec }) => spec.name).join(', ');

function headOf(spec: NodeSpec): string {
  switch (spec.kind) {
    case 'source':
      return `Source: ${spec.name} (topics: ${spec.pattern ?? `[${javaHashOrder(spec.topics).join(', ')}]`})`;
    case 'processor':
      return `Processor: ${spec.name} (stores: [${javaHashOrder(spec.stores).join(', ')}])`;
    case 'sink':
      return `Sink: ${spec.name} (${spec.topic === undefined ? `extractor class: ${spec.topicLabel}` : `topic: ${spec.topic}`})`;
  }
}

function printNode({ spec, successors, predecessors }: DescribedNode): string {
  const down = spec.kind === 'sink' ? '' : `\n      --> ${namesOf(successors.toArray())}`;
  const up = spec.kind === 'source' ? '' : `\n      <-- ${namesOf(predecessors.toArray())}`;
  return headOf(spec) + down + up;
}

function describeSubtopology(builder: InternalTopologyBuilder, names: readonly string[]): string {
  const nodes = new Map<string, DescribedNode>();
  for (const name of javaHashOrder(names)) nodes.set(name, described(builder.nodes.get(name) as NodeSpec));
  // The order of a hash map: sizes grow on the way, so it decides how equals are ordered.
  for (const name of javaHashOrder(nodes.keys())) link(nodes, nodes.get(name) as DescribedNode);
  const sorted = new JavaTreeSet(compareNodes);
  for (const node of nodes.values()) sorted.add(node);
  return sorted
    .toArray()
    .map((node) => `    ${printNode(node)}\n`)
    .join('');
}

function link(nodes: ReadonlyMap<string, DescribedNode>, node: DescribedNode): void {
  for (const name of node.spec.predecessors) {
    const predecessor = nodes.get(name) as DescribedNode;
    node.predecessors.add(predecessor);
    predecessor.successors.add(node);
    grow(predecessor, node.size);
  }
}

function describeGlobalStore(builder: InternalTopologyBuilder, names: readonly string[]): string {
  const nodes = names.map((name) => described(builder.nodes.get(name) as NodeSpec));
  const [source, processor] = nodes as [DescribedNode, DescribedNode];
  source.successors.add(processor);
  processor.predecessors.add(source);
  return `    ${printNode(source)}\n    ${printNode(processor)}\n`;
}

/** `Topology.describe().toString()`, to the letter. */
export function describeTopology(builder: InternalTopologyBuilder): string {
  const parts = builder.nodeGroups().map((names, id) => {
    const isGlobal = names.some((name) => builder.isGlobalSource(builder.nodes.get(name) as NodeSpec));
    if (isGlobal)
      return `  Sub-topology: ${id} for global store (will not generate tasks)\n${describeGlobalStore(builder, names)}`;
    return `  Sub-topology: ${id}\n${describeSubtopology(builder, names)}\n`;
  });
  return `Topologies:\n ${parts.join('')}`;
}
