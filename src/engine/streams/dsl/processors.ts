import { processorDefinition } from '../processors/registry.ts';
import type { ProcessNode } from '../topology/topology-node.ts';
import { processorGraphNode } from './processor-graph-node.ts';
import type { Scope } from './scope.ts';

/** `process` and `processValues`: a processor of the closed set, connected to the store its arguments name. */
export function declareProcess(scope: Scope, node: ProcessNode): void {
  const { builder } = scope;
  const stream = scope.stream(node.of);
  const fixedKey = node.op === 'processValues';
  const name =
    node.named ?? builder.newProcessorName(fixedKey ? 'KSTREAM-PROCESSVALUES-' : 'KSTREAM-PROCESSOR-');
  const args = node.args ?? {};
  const { supplier, key, value } = processorDefinition(node, stream, scope.processors);
  const connected = typeof args.store === 'string' && node.connect !== false ? [args.store] : [];
  // Optimisations take neither for an operation that changes keys or values, unless an internal switch says so.
  const graphNode = processorGraphNode(name, supplier, { connect: () => connected });
  builder.add(stream.node, graphNode);
  scope.define(node.id, {
    ...stream,
    name,
    key,
    value,
    node: graphNode,
    repartitionRequired: stream.repartitionRequired || !fixedKey,
    joinRepartition: undefined,
  });
}
