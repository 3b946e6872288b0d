import type { GraphNode } from './graph-node.ts';

/** A stream joined with itself needs one store, not two (KIP-862): the windowed node of the right side goes. */
export function rewriteSelfJoins(root: GraphNode): void {
  const seen = new Set<GraphNode>();
  const visit = (node: GraphNode): void => {
    seen.add(node);
    rewrite(node);
    for (const child of [...node.children]) if (!seen.has(child)) visit(child);
  };
  visit(root);
}

function rewrite(join: GraphNode): void {
  const facts = join.traits.streamJoin;
  if (facts === undefined || join.parents.size !== 1) return;
  for (const parent of join.parents)
    for (const child of [...parent.children])
      if (child.name === facts.otherWindowed && child.priority < join.priority) parent.removeChild(child);
  facts.selfJoin = true;
}
