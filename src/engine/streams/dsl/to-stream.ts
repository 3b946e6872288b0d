import { ToStreamSupplier } from '../operators/to-stream.ts';
import type { ToStreamNode } from '../topology/topology-node.ts';
import { processorGraphNode } from './processor-graph-node.ts';
import type { Scope } from './scope.ts';

export function declareToStream(scope: Scope, node: ToStreamNode): void {
  const { builder } = scope;
  const table = scope.table(node.of);
  const name = builder.nameOr(node.named, 'KTABLE-TOSTREAM-');
  const graphNode = processorGraphNode(name, new ToStreamSupplier());
  builder.add(table.node, graphNode);
  scope.define(node.id, {
    kind: 'stream',
    name,
    key: table.key,
    value: table.value,
    node: graphNode,
    sources: table.sources,
    repartitionRequired: false,
    joinRepartition: undefined,
  });
}
