import { valueFunction } from '../functions/value-functions.ts';
import type { Serde } from '../serdes/serde.ts';
import { textOf } from '../serdes/text.ts';
import { StreamsError } from '../task/streams-error.ts';
import { GraphNode } from '../topology/graph-node.ts';
import type { ToNode } from '../topology/topology-node.ts';
import type { Scope } from './scope.ts';

export function declareTo(scope: Scope, node: ToNode): void {
  const { builder } = scope;
  const stream = scope.stream(node.of);
  const name = builder.nameOr(node.named, 'KSTREAM-SINK-');
  const { key, value } = stream;
  const { topic, topicFn } = node;
  const topicOf = topicFn === undefined ? undefined : topicChooser(topicFn, value);
  builder.add(
    stream.node,
    new GraphNode(name, (topology, graphNode) =>
      topology.addSink({
        kind: 'sink',
        name,
        predecessors: graphNode.parentNames(),
        topic: topicFn === undefined ? topic : undefined,
        topicOf,
        topicLabel: topicFn ?? '',
        key,
        value,
        partitionOf: undefined,
      }),
    ),
  );
}

function topicChooser(topicFn: string, value: Serde): (key: unknown, value: unknown) => string {
  const { apply } = valueFunction(topicFn, value);
  return (key, item) => {
    const topic = apply(key, item);
    if (topic === null) throw new StreamsError('IllegalArgumentException', 'Topic cannot be null.');
    return textOf(topic);
  };
}
