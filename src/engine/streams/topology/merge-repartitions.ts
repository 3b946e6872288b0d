import { ensure } from '../../base/assert.ts';
import { repartitionNode } from '../dsl/repartition-node.ts';
import { StreamsError } from '../task/streams-error.ts';
import type { GraphNode } from './graph-node.ts';
import { findUp, type StreamsBuilder } from './streams-builder.ts';

/** Several repartitions behind one key-changing node become one, directly behind it (`MERGE_REPARTITION_TOPICS`). */
export function mergeRepartitionTopics(builder: StreamsBuilder): void {
  moveToMergeNodes(builder);
  for (const [keyChanging, repartitions] of [...builder.repartitionsOf]) {
    const [first] = repartitions;
    if (first === undefined) continue;
    const facts = ensure(first.traits.repartition, 'facts of a repartition');
    const merged = repartitionNode(builder, facts.topic, facts);
    merged.priority = keyChanging.priority;
    for (const replaced of repartitions) replace(builder, { keyChanging, replaced, merged });
    keyChanging.addChild(merged);
    builder.repartitionsOf.delete(keyChanging);
  }
}

interface Replacement {
  readonly keyChanging: GraphNode;
  readonly replaced: GraphNode;
  readonly merged: GraphNode;
}

function replace(builder: StreamsBuilder, { keyChanging, replaced, merged }: Replacement): void {
  const below = findUp(replaced, ({ parents }) => parents.has(keyChanging));
  // Kafka fails here too: an earlier repartition has taken along the way to this one.
  if (below === undefined)
    throw new StreamsError(
      'StreamsException',
      `Found a null keyChangingChild node for ${replaced.name} below ${keyChanging.name}`,
    );
  merged.addChild(below);
  keyChanging.removeChild(below);
  const parents = [...replaced.parents];
  for (const child of [...replaced.children]) for (const parent of parents) parent.addChild(child);
  for (const parent of parents) parent.removeChild(replaced);
  replaced.clearChildren();
  builder.topology.replaceInCopartitions(replaced.name, merged.name);
}

/** Key changes that meet in a merge are repartitioned together, behind it. */
function moveToMergeNodes(builder: StreamsBuilder): void {
  const keyChangersOf = new Map<GraphNode, Set<GraphNode>>();
  for (const merge of builder.mergeNodes) {
    const keyChangers = new Set<GraphNode>();
    keyChangersOf.set(merge, keyChangers);
    for (const [keyChanging, repartitions] of builder.repartitionsOf) {
      const allBelow = [...repartitions].every((node) => isBelow(node, merge));
      if (allBelow && isBelow(merge, keyChanging)) keyChangers.add(keyChanging);
    }
  }
  const moved = new Set<GraphNode>();
  for (const [merge, keyChangers] of keyChangersOf) {
    const repartitions = new Set<GraphNode>();
    for (const keyChanging of keyChangers) {
      for (const node of builder.repartitionsOf.get(keyChanging) ?? []) repartitions.add(node);
      moved.add(keyChanging);
    }
    builder.repartitionsOf.set(merge, repartitions);
  }
  for (const keyChanging of moved) builder.repartitionsOf.delete(keyChanging);
}

const isBelow = (node: GraphNode, above: GraphNode): boolean =>
  findUp(node, ({ parents }) => parents.has(above)) !== undefined;
