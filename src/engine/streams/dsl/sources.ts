import { serdeNamed } from '../serdes/serde.ts';
import { extractorOf } from '../task/timestamp-extractor.ts';
import { GraphNode } from '../topology/graph-node.ts';
import { topologyError } from '../topology/internal-topology-builder.ts';
import type { SourceSpec } from '../topology/processor-topology.ts';
import type { StoreNode, StreamSourceNode } from '../topology/topology-node.ts';
import { processorStore } from './store-definitions.ts';
import type { Scope } from './scope.ts';

export function declareStream(scope: Scope, node: StreamSourceNode): void {
  const { builder } = scope;
  const name = builder.nameOr(node.named, 'KSTREAM-SOURCE-');
  const [key, value] = [serdeNamed(node.key), serdeNamed(node.value)];
  const topics = [...new Set(node.topics ?? (node.topic === undefined ? [] : [node.topic]))];
  const { pattern, offsetReset } = node;
  if (topics.length === 0 && pattern === undefined) throw topologyError('topics cannot be empty');
  const extractor = extractorOf(node.extractor);
  const spec: SourceSpec = { kind: 'source', name, topics, pattern, key, value, extractor, predecessors: [] };
  const graphNode = new GraphNode(name, (topology) => topology.addSource(spec), {
    streamSource: { topics, pattern, offsetReset },
  });
  builder.add(builder.root, graphNode);
  scope.define(node.id, {
    kind: 'stream',
    name,
    key,
    value,
    node: graphNode,
    sources: new Set([name]),
    repartitionRequired: false,
    joinRepartition: undefined,
  });
}

export function declareStore(scope: Scope, node: StoreNode): void {
  const { builder } = scope;
  const types = { key: serdeNamed(node.key), value: serdeNamed(node.value) };
  const store = processorStore(node, types, builder.config);
  builder.add(builder.root, new GraphNode(node.id, (topology) => topology.addStateStore(store)));
}
