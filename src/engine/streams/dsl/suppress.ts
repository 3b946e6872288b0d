import { SuppressSupplier, type SuppressOptions } from '../operators/suppress.ts';
import type { GraphNode } from '../topology/graph-node.ts';
import { topologyError } from '../topology/internal-topology-builder.ts';
import type { SuppressNode } from '../topology/topology-node.ts';
import { plainStore } from './store-definitions.ts';
import { processorGraphNode } from './processor-graph-node.ts';
import { TableRef } from './refs.ts';
import type { Scope } from './scope.ts';

/** How long windows stay open after their end, by the windowed aggregation upstream. The longest, if there are several. */
function upstreamGrace(node: GraphNode, chain = ''): number {
  if (node.traits.windowGrace !== undefined) return node.traits.windowGrace;
  const longer = chain === '' ? node.name : `${node.name}->${chain}`;
  if (node.parents.size === 0)
    throw topologyError(`Window close time is only defined for windowed computations. Got [${longer}].`);
  return Math.max(...[...node.parents].map((parent) => upstreamGrace(parent, longer)));
}

export function declareSuppress(scope: Scope, node: SuppressNode): void {
  const { builder } = scope;
  const table = scope.table(node.of);
  if (table.node.traits.outputVersioned === true)
    throw topologyError('suppress() is only supported for non-versioned KTables');
  const name = node.named ?? builder.newProcessorName('KTABLE-SUPPRESS-');
  const untilWindowCloses = node.until === 'windowCloses';
  const duration = node.until === 'windowCloses' ? upstreamGrace(table.node) : node.until.timeLimit;
  const storeName = node.named === undefined ? suppressStoreName(scope, node) : `${node.named}-store`;
  const options: SuppressOptions = {
    storeName,
    untilWindowCloses,
    duration,
    maxRecords: node.maxRecords,
    maxBytes: node.maxBytes,
    whenFull: untilWindowCloses || node.whenFull === 'shutDown' ? 'shutDown' : 'emitEarly',
  };
  const supplier = new SuppressSupplier(table, options);
  const { key, value } = table;
  const logging = node.logging !== false;
  const store = plainStore({
    name: storeName,
    kind: 'suppressBuffer',
    key,
    value,
    backend: 'inMemory',
    logging,
  });
  const graphNode = processorGraphNode(name, supplier, {
    store: () => store,
    traits: { suppress: true, outputVersioned: false },
  });
  builder.add(table.node, graphNode);
  const sources = new Set([table.name]);
  scope.define(node.id, new TableRef({ name, key, value, node: graphNode, sources, supplier }));
}

function suppressStoreName({ builder }: Scope, { logging }: SuppressNode): string {
  const storeName = builder.newStoreName('KTABLE-SUPPRESS-');
  if (logging !== false) builder.unnamed.changelogs.push(`${storeName}-changelog`);
  return storeName;
}
