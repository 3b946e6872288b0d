import type { GraphNode, StreamSourceFacts } from './graph-node.ts';
import { topologyError } from './internal-topology-builder.ts';

const sameTopics = (a: StreamSourceFacts, b: StreamSourceFacts): boolean =>
  a.pattern === b.pattern &&
  a.topics.length === b.topics.length &&
  a.topics.every((topic) => b.topics.includes(topic));

/** Two streams of the same topics read them through one source node. Throws a `StreamsError` if they only overlap. */
export function mergeDuplicateSources(root: GraphNode): void {
  const known = new Map<string, GraphNode>();
  for (const node of [...root.children]) {
    const source = node.traits.streamSource;
    if (source === undefined) continue;
    const keys =
      source.pattern === undefined ? source.topics.map((topic) => `t ${topic}`) : [`p ${source.pattern}`];
    for (const key of keys) {
      const main = known.get(key);
      if (main === undefined) known.set(key, node);
      else if (main !== node) mergeInto(main, node, root);
    }
  }
}

function mergeInto(main: GraphNode, node: GraphNode, root: GraphNode): void {
  const [kept, gone] = [main.traits.streamSource, node.traits.streamSource];
  if (kept === undefined || gone === undefined || !root.children.has(node)) return;
  if (!sameTopics(kept, gone))
    throw topologyError('Two source nodes are subscribed to overlapping but not equal input topics');
  if (kept.offsetReset !== gone.offsetReset)
    throw topologyError("Can't configure different offset reset policies on the same input topic(s)");
  for (const child of [...node.children]) {
    node.removeChild(child);
    main.addChild(child);
  }
  root.removeChild(node);
}
