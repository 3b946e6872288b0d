import type { GraphNode } from './graph-node.ts';

/**
 * A record with a null key has no partition of its own, so a repartition drops it, unless a join downstream treats null
 * keys itself (KIP-962: left and outer joins).
 */
export function dropNullKeysWhereAllowed(root: GraphNode): void {
  const relaxed = new Map<GraphNode, boolean>();
  const visit = (node: GraphNode): boolean => {
    const known = relaxed.get(node);
    if (known !== undefined) return known;
    let keeps = false;
    for (const child of node.children) if (visit(child) || child.traits.nullKeyRelaxed === true) keeps = true;
    relaxed.set(node, keeps);
    if (node.traits.repartition !== undefined) node.traits.repartition.dropNullKeys = !keeps;
    return keeps;
  };
  visit(root);
}
