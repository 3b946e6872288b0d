import { aggregator, initializer, merger } from '../functions/aggregators.ts';
import { streamAggregate } from '../operators/stream-aggregate.ts';
import {
  StoreValueGetterSupplier,
  type TableSupplier,
  type ValueGetterSupplier,
} from '../operators/table-supplier.ts';
import type { Processor, ProcessorContext } from '../task/processor.ts';
import type { AggregateNode, CogroupAlsoNode, CogroupNode, EmitStrategy } from '../topology/topology-node.ts';
import type { GraphNode } from '../topology/graph-node.ts';
import type { Windows } from '../windows/windows.ts';
import { aggregateStore, repartitioned, windowedKey, windowedSupplier, windowGrace } from './aggregations.ts';
import { materialize } from './materialized.ts';
import { processorGraphNode } from './processor-graph-node.ts';
import { TableRef, type CogroupRef, type GroupedStreamRef } from './refs.ts';
import { TopologyDataError, type Scope } from './scope.ts';

export function declareCogroup(scope: Scope, node: CogroupNode): void {
  const group = scope.of(node.of, 'groupedStream');
  const { apply, serde } = aggregator(node.fn, group.value);
  const parts = [{ group, step: apply }];
  scope.define(node.id, { kind: 'cogroup', key: group.key, value: serde, parts });
}

export function declareCogroupAlso(scope: Scope, node: CogroupAlsoNode): void {
  const cogroup = scope.of(node.of, 'cogroup');
  const group = scope.of(node.with, 'groupedStream');
  const part = { group, step: aggregator(node.fn, group.value).apply };
  scope.define(node.id, { ...cogroup, parts: [...cogroup.parts, part] });
}

interface By {
  readonly windows: Windows;
  readonly emit: EmitStrategy;
}

/** One table out of several grouped streams: each has its own aggregator, all share the store. */
export function declareCogroupAggregation(
  scope: Scope,
  node: AggregateNode,
  cogroup: CogroupRef,
  by?: By,
): void {
  const { builder } = scope;
  const materialized = materialize(builder, node, 'COGROUPKSTREAM-AGGREGATE-');
  const { storeName } = materialized;
  const store = aggregateStore(scope, materialized, cogroup, by);
  const upstream = parents(scope, cogroup, storeName);
  const first = initializer(node.init);
  const merge = node.merger === undefined ? undefined : merger(node.merger);
  const suppliers: TableSupplier[] = [];
  const processors = cogroup.parts.map(({ group, step }, i) => {
    const functions = { initializer: first, step };
    const supplier =
      by === undefined
        ? streamAggregate(storeName, functions)
        : windowedSupplier(storeName, { functions, merger: merge ?? missingMerger }, by);
    suppliers.push(supplier);
    const name = builder.suffixedNameOr(node.named, `-cogroup-agg-${i}`, 'COGROUPKSTREAM-AGGREGATE-');
    const graphNode = processorGraphNode(name, supplier, {
      ...(i === 0 ? { store: () => store } : { connect: () => [storeName] }),
      traits: {
        outputVersioned: by === undefined && node.versioned !== undefined,
        ...(by === undefined ? {} : { windowGrace: windowGrace(by.windows) }),
      },
    });
    builder.add(upstream.get(group) as GraphNode, graphNode);
    return graphNode;
  });
  const name = builder.suffixedNameOr(node.named, '-cogroup-merge', 'COGROUPKSTREAM-MERGE-');
  const supplier = new CogroupMergeSupplier(suppliers, storeName);
  const graphNode = processorGraphNode(name, supplier);
  builder.add(processors, graphNode);
  const key = by === undefined ? cogroup.key : windowedKey(cogroup.key, by.windows);
  const sources = new Set([name]);
  scope.define(
    node.id,
    new TableRef({ name, key, value: cogroup.value, node: graphNode, sources, supplier }),
  );
}

function missingMerger(): never {
  throw new TopologyDataError('an aggregation of sessions needs a merger');
}

/** Where each group's records come from, and that they must be co-partitioned. */
function parents(scope: Scope, { parts }: CogroupRef, storeName: string): Map<GroupedStreamRef, GraphNode> {
  const nodes = new Map<GroupedStreamRef, GraphNode>();
  for (const { group } of parts) {
    const { parent } = repartitioned(scope, group, storeName);
    if (!nodes.has(group)) nodes.set(group, parent);
  }
  scope.builder.topology.copartition(parts.flatMap(({ group }) => [...group.sources]));
  return nodes;
}

/** Where the aggregations of a cogroup meet (`KTablePassThrough`). */
class CogroupMergeSupplier implements TableSupplier {
  private readonly parts: readonly TableSupplier[];
  private readonly storeName: string;

  constructor(parts: readonly TableSupplier[], storeName: string) {
    this.parts = parts;
    this.storeName = storeName;
  }

  enableSendingOldValues(): boolean {
    for (const part of this.parts) part.enableSendingOldValues(true);
    return true;
  }

  view(): ValueGetterSupplier {
    return new StoreValueGetterSupplier(this.storeName);
  }

  create(context: ProcessorContext): Processor {
    return { process: (record) => context.forward(record) };
  }
}
