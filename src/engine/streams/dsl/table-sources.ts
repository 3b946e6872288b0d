import { TableSourceSupplier } from '../operators/table-source.ts';
import { StoreValueGetterSupplier } from '../operators/table-supplier.ts';
import { serdeNamed } from '../serdes/serde.ts';
import { StreamsError } from '../task/streams-error.ts';
import { extractorOf } from '../task/timestamp-extractor.ts';
import { GraphNode } from '../topology/graph-node.ts';
import { topologyError } from '../topology/internal-topology-builder.ts';
import type { SourceSpec } from '../topology/processor-topology.ts';
import type { TableSourceNode } from '../topology/topology-node.ts';
import { materialize, type Materialized } from './materialized.ts';
import { tableStore } from './store-definitions.ts';
import { addProcessor } from './processor-graph-node.ts';
import { TableRef } from './refs.ts';
import type { Scope } from './scope.ts';

export function declareTable(scope: Scope, node: TableSourceNode): void {
  const { builder } = scope;
  const [key, value] = [serdeNamed(node.key), serdeNamed(node.value)];
  const isGlobal = node.op === 'globalTable';
  if (isGlobal && node.versioned !== undefined) throw topologyError('GlobalTables cannot be versioned.');
  // The source topic of a global table is its changelog.
  const fields = isGlobal ? { ...node, logging: false } : node;
  const materialized = materialize(builder, fields, `${node.topic}-`);
  const sourceName = builder.suffixedNameOr(node.named, '-source', 'KSTREAM-SOURCE-');
  const name = builder.nameOr(node.named, 'KTABLE-SOURCE-');
  const source = tableSource(node, sourceName);
  if (isGlobal) {
    declareGlobal(scope, node, { source, name, materialized });
    return;
  }
  const supplier = new TableSourceSupplier(materialized.storeName, materialized.queryable);
  const reuse = { reuseSourceTopic: false };
  const graphNode = new GraphNode(
    name,
    (topology) => {
      topology.addSource(source);
      addProcessor(topology, name, supplier, [sourceName]);
      if (!supplier.materialized) return;
      topology.addStateStore(tableStore(materialized, key, value, builder.config), [name]);
      if (reuse.reuseSourceTopic) topology.reuseSourceTopic(materialized.storeName, node.topic);
    },
    { tableSource: reuse, outputVersioned: node.versioned !== undefined },
  );
  builder.add(builder.root, graphNode);
  const sources = new Set([sourceName]);
  scope.define(node.id, new TableRef({ name, key, value, node: graphNode, sources, supplier }));
}

function tableSource(node: TableSourceNode, name: string): SourceSpec {
  return {
    kind: 'source',
    name,
    topics: [node.topic],
    pattern: undefined,
    key: serdeNamed(node.key),
    value: serdeNamed(node.value),
    extractor: extractorOf(node.extractor),
    predecessors: [],
  };
}

interface GlobalParts {
  readonly source: SourceSpec;
  readonly name: string;
  readonly materialized: Materialized;
}

/** A store that is described but has no name is none that can be read, and a global table needs one. */
const hasStoreOptions = ({ store, caching, logging }: TableSourceNode): boolean =>
  store !== undefined || caching !== undefined || logging !== undefined;

function declareGlobal(
  scope: Scope,
  node: TableSourceNode,
  { source, name, materialized }: GlobalParts,
): void {
  const { builder } = scope;
  const { key, value } = source;
  const { storeName, queryable } = materialized;
  if (!queryable && hasStoreOptions(node))
    throw new StreamsError(
      'IllegalArgumentException',
      'Global stores must pass in suppliers with exactly one store but got 0',
    );
  const supplier = new TableSourceSupplier(storeName, true);
  const store = tableStore(materialized, key, value, builder.config);
  const graphNode = new GraphNode(name, (topology) => {
    const predecessors = [source.name];
    topology.addGlobalStore(store, source, {
      kind: 'processor',
      name,
      predecessors,
      supplier,
      stores: new Set(),
    });
  });
  builder.add(builder.root, graphNode);
  scope.define(node.id, { kind: 'globalTable', key, value, getter: new StoreValueGetterSupplier(storeName) });
}
