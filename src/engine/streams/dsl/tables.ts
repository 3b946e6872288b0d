import { keyFunction } from '../functions/key-functions.ts';
import { predicate } from '../functions/predicates.ts';
import { valueFunction } from '../functions/value-functions.ts';
import { filterMap, TableMapSupplier, valueMap } from '../operators/table-map.ts';
import { TableRepartitionMapSupplier } from '../operators/table-repartition-map.ts';
import { TableSourceSupplier } from '../operators/table-source.ts';
import type { Serde } from '../serdes/serde.ts';
import type {
  FilterNode,
  GroupByNode,
  MapValuesNode,
  MaterializedFields,
  ToTableNode,
} from '../topology/topology-node.ts';
import { materialize, type Materialized } from './materialized.ts';
import { saysMaterialized, tableStore } from './store-definitions.ts';
import { processorGraphNode } from './processor-graph-node.ts';
import { TableRef } from './refs.ts';
import { repartitionNode } from './repartition-node.ts';
import type { Scope } from './scope.ts';

export function declareTableFilter(scope: Scope, table: TableRef, node: FilterNode): void {
  const map = filterMap(predicate(node.pred), node.op === 'filterNot');
  mapTable(scope, table, { node, map, prefix: 'KTABLE-FILTER-', value: table.value, isFilter: true });
}

export function declareTableMapValues(scope: Scope, table: TableRef, node: MapValuesNode): void {
  const { apply, serde } = valueFunction(node.fn, table.value);
  mapTable(scope, table, {
    node,
    map: valueMap(apply),
    prefix: 'KTABLE-MAPVALUES-',
    value: serde,
    isFilter: false,
  });
}

interface TableMap {
  readonly node: FilterNode | MapValuesNode;
  readonly map: (key: unknown, value: unknown) => unknown;
  readonly prefix: string;
  readonly value: Serde;
  readonly isFilter: boolean;
}

function mapTable(scope: Scope, table: TableRef, { node, map, prefix, value, isFilter }: TableMap): void {
  const { builder } = scope;
  const says = saysMaterialized(node);
  const materialized = optionalStore(scope, node, prefix);
  const name = builder.nameOr(node.named, prefix);
  const storeName = materialized?.storeName;
  const supplier = new TableMapSupplier(table, map, { isFilter, storeName });
  const store = (): ReturnType<typeof tableStore> | undefined =>
    materialized === undefined ? undefined : tableStore(materialized, table.key, value, builder.config);
  const traits = {
    ...(says ? { outputVersioned: node.versioned !== undefined } : {}),
    ...(isFilter ? { onVersionedParent: () => void (supplier.useVersionedSemantics = true) } : {}),
  };
  const graphNode = processorGraphNode(name, supplier, { store, traits });
  builder.add(table.node, graphNode);
  const { key, sources } = table;
  scope.define(node.id, new TableRef({ name, key, value, node: graphNode, sources, supplier }));
}

/** A store only if the user named it; a Materialized without a name uses up a number all the same. */
function optionalStore(scope: Scope, fields: MaterializedFields, prefix: string): Materialized | undefined {
  if (!saysMaterialized(fields)) return undefined;
  if (fields.as !== undefined) return materialize(scope.builder, fields, prefix);
  scope.builder.newStoreName(prefix);
  return undefined;
}

export function declareToTable(scope: Scope, node: ToTableNode): void {
  const { builder } = scope;
  const stream = scope.stream(node.of);
  const { key, value } = stream;
  const name = builder.nameOr(node.named, 'KSTREAM-TOTABLE-');
  const materialized = materialize(builder, node, 'KSTREAM-TOTABLE-');
  let { node: parent, sources } = stream;
  if (stream.repartitionRequired) {
    parent = repartitionNode(builder, name, stream);
    if (node.named === undefined) builder.unnamed.repartitions.push(`${name}-repartition`);
    builder.add(stream.node, parent);
    sources = new Set([parent.name]);
  }
  const supplier = new TableSourceSupplier(materialized.storeName, materialized.queryable);
  const store = (): ReturnType<typeof tableStore> | undefined =>
    supplier.materialized ? tableStore(materialized, key, value, builder.config) : undefined;
  const traits = { outputVersioned: node.versioned !== undefined };
  const graphNode = processorGraphNode(name, supplier, { store, traits });
  builder.add(parent, graphNode);
  scope.define(node.id, new TableRef({ name, key, value, node: graphNode, sources, supplier }));
}

export function declareTableGroupBy(scope: Scope, table: TableRef, node: GroupByNode): void {
  const { builder } = scope;
  const key = keyFunction(node.keyFn, table.key);
  const value = valueFunction(node.fn ?? 'identity', table.value);
  const name = builder.nameOr(node.as, 'KTABLE-SELECT-');
  const supplier = new TableRepartitionMapSupplier(key.apply, value.apply);
  const traits = { onVersionedParent: () => void (supplier.useVersionedSemantics = true) };
  const graphNode = processorGraphNode(name, supplier, { traits });
  builder.add(table.node, graphNode);
  table.enableSendingOldValues(true);
  scope.define(node.id, {
    kind: 'groupedTable',
    name,
    key: key.serde,
    value: value.serde,
    node: graphNode,
    repartitionName: node.as,
    repartition: undefined,
  });
}
