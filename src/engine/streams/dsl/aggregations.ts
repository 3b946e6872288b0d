import { ensure } from '../../base/assert.ts';
import {
  aggregator,
  initializer,
  merger,
  reducer,
  type AggregateStep,
  type Merger,
} from '../functions/aggregators.ts';
import { sessionAggregate } from '../operators/session-aggregate.ts';
import { slidingAggregate } from '../operators/sliding-aggregate.ts';
import { streamAggregate, type AggregateFunctions } from '../operators/stream-aggregate.ts';
import type { TableSupplier } from '../operators/table-supplier.ts';
import { windowAggregate } from '../operators/window-aggregate.ts';
import { longSerde, sessionWindowedSerde, timeWindowedSerde, type Serde } from '../serdes/serde.ts';
import { longAdd, type Long } from '../serdes/long.ts';
import type { StoreDefinition } from '../state-stores/store.ts';
import type { AggregateNode, CountNode, EmitStrategy, ReduceNode } from '../topology/topology-node.ts';
import type { Windows } from '../windows/windows.ts';
import { materialize, windowedStore, type Materialized } from './materialized.ts';
import { tableStore } from './store-definitions.ts';
import { processorGraphNode } from './processor-graph-node.ts';
import { TableRef, type GroupedStreamRef } from './refs.ts';
import { repartitionNode } from './repartition-node.ts';
import { TopologyDataError, type Scope } from './scope.ts';

export type AggregationNode = CountNode | ReduceNode | AggregateNode;

/** What an aggregation of a stream does, whatever its windows. */
export interface Aggregation {
  readonly functions: AggregateFunctions;
  readonly merger: Merger;
  /** Type of the aggregate. */
  readonly value: Serde;
  /** Start of generated names. */
  readonly prefix: string;
}

const countStep: AggregateStep = (_key, _value, aggregate) => longAdd(aggregate as Long, 1);
const addCounts: Merger = (_key, a, b) => longAdd(a as Long, b as Long);
const noMerger: Merger = () => {
  throw new TopologyDataError('an aggregation of sessions needs a merger');
};

/** Reads what a `count`, `reduce` or `aggregate` of values of this type does. */
export function aggregationOf(node: AggregationNode, value: Serde): Aggregation {
  switch (node.op) {
    case 'count':
      return {
        functions: { initializer: () => 0, step: countStep },
        merger: addCounts,
        value: longSerde,
        prefix: 'KSTREAM-AGGREGATE-',
      };
    case 'reduce': {
      const reduce = reducer(node.fn);
      const step: AggregateStep = (_key, item, aggregate) =>
        aggregate === null ? item : reduce(aggregate, item);
      const merge: Merger = (key, a, b) => step(key, b, a);
      return { functions: { initializer: undefined, step }, merger: merge, value, prefix: 'KSTREAM-REDUCE-' };
    }
    case 'aggregate': {
      const { apply, serde } = aggregator(node.fn ?? '', value);
      return {
        functions: { initializer: initializer(node.init), step: apply },
        merger: node.merger === undefined ? noMerger : merger(node.merger),
        value: serde,
        prefix: 'KSTREAM-AGGREGATE-',
      };
    }
  }
}

/** Stream time windows count under a number that another name already used up (in `count` alone). */
function burnCountName(scope: Scope, node: AggregationNode, windows: Windows | undefined): void {
  if (node.op === 'count' && node.as === undefined && windows?.kind !== 'sliding')
    scope.builder.newStoreName('KSTREAM-AGGREGATE-');
}

/** `count`, `reduce` or `aggregate` of a grouped stream, by key alone or by windows. */
export function declareStreamAggregation(
  scope: Scope,
  node: AggregationNode,
  group: GroupedStreamRef,
  by?: { readonly windows: Windows; readonly emit: EmitStrategy },
): void {
  const { builder } = scope;
  const aggregation = aggregationOf(node, group.value);
  burnCountName(scope, node, by?.windows);
  const materialized = materialize(builder, node, aggregation.prefix);
  const name = builder.nameOr(node.named, aggregation.prefix);
  const { storeName } = materialized;
  const supplier =
    by === undefined
      ? streamAggregate(storeName, aggregation.functions)
      : windowedSupplier(storeName, aggregation, by);
  const types = { key: group.key, value: aggregation.value };
  const store = aggregateStore(scope, materialized, types, by);
  const { parent, sources } = repartitioned(scope, group, storeName);
  const graphNode = processorGraphNode(name, supplier, {
    store: () => store,
    traits: {
      outputVersioned: by === undefined && node.versioned !== undefined,
      ...(by === undefined ? {} : { windowGrace: windowGrace(by.windows) }),
    },
  });
  builder.add(parent, graphNode);
  const key = by === undefined ? group.key : windowedKey(group.key, by.windows);
  scope.define(
    node.id,
    new TableRef({ name, key, value: aggregation.value, node: graphNode, sources, supplier }),
  );
}

/** How long after its end a window may still change, in milliseconds. */
export function windowGrace(windows: Windows): number {
  return windows.kind === 'session' ? windows.grace + windows.gap : windows.grace;
}

/** Type of the key of an aggregate by these windows. */
export function windowedKey(key: Serde, windows: Windows): Serde {
  if (windows.kind === 'session') return sessionWindowedSerde(key);
  return timeWindowedSerde(key, windows.kind === 'time' ? windows.size : windows.difference);
}

export function windowedSupplier(
  storeName: string,
  { functions, merger: merge }: Pick<Aggregation, 'functions' | 'merger'>,
  { windows, emit }: { readonly windows: Windows; readonly emit: EmitStrategy },
): TableSupplier {
  switch (windows.kind) {
    case 'time':
      return windowAggregate(storeName, windows, functions, emit);
    case 'sliding':
      return slidingAggregate(storeName, windows, functions, emit);
    case 'session':
      return sessionAggregate(storeName, windows, { ...functions, merger: merge }, emit);
  }
}

export function aggregateStore(
  scope: Scope,
  materialized: Materialized,
  types: { readonly key: Serde; readonly value: Serde },
  by?: { readonly windows: Windows; readonly emit: EmitStrategy },
): StoreDefinition {
  const { config } = scope.builder;
  if (by === undefined) return tableStore(materialized, types.key, types.value, config);
  const emitsOnClose = by.emit === 'onWindowClose';
  return windowedStore(materialized, { ...types, windows: by.windows, emitsOnClose }, config);
}

interface Upstream {
  readonly parent: GroupedStreamRef['node'];
  readonly sources: ReadonlySet<string>;
}

/** Where an aggregation of this group begins: behind a repartition topic if the key has changed. */
export function repartitioned(scope: Scope, group: GroupedStreamRef, storeName: string): Upstream {
  if (!group.repartitionRequired) return { parent: group.node, sources: group.sources };
  const { builder } = scope;
  const fresh = repartitionNode(builder, group.repartitionName ?? storeName, group);
  if (group.repartitionName === undefined && builder.unnamed.stores.includes(storeName))
    builder.unnamed.repartitions.push(`${storeName}-repartition`);
  // A group whose repartition topic has a name shares it among its aggregations.
  if (group.repartition === undefined || group.repartitionName === undefined) group.repartition = fresh;
  const parent = ensure(group.repartition, 'repartition');
  builder.add(group.node, parent);
  return { parent, sources: new Set([parent.name]) };
}
