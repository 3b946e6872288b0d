import { ensure } from '../../base/assert.ts';
import { aggregator, initializer, reducer } from '../functions/aggregators.ts';
import { tableAggregate, type TableAggregateFunctions } from '../operators/table-aggregate.ts';
import { changeSerde } from '../serdes/change-serde.ts';
import { longAdd, longSubtract, type Long } from '../serdes/long.ts';
import { longSerde, type Serde } from '../serdes/serde.ts';
import { timestampExtractor } from '../task/timestamp-extractor.ts';
import { GraphNode } from '../topology/graph-node.ts';
import type { InternalTopologyBuilder } from '../topology/internal-topology-builder.ts';
import type { AggregationNode } from './aggregations.ts';
import { materialize } from './materialized.ts';
import { tableStore } from './store-definitions.ts';
import { processorGraphNode } from './processor-graph-node.ts';
import { TableRef, type GroupedTableRef } from './refs.ts';
import { TopologyDataError, type Scope } from './scope.ts';

interface TableAggregation {
  readonly functions: TableAggregateFunctions;
  readonly value: Serde;
  readonly prefix: string;
}

function required(spec: string | undefined): string {
  if (spec === undefined)
    throw new TopologyDataError('an aggregation of a table needs "fn" and "subtractor"');
  return spec;
}

function tableAggregationOf(node: AggregationNode, value: Serde): TableAggregation {
  switch (node.op) {
    case 'count':
      return {
        functions: {
          initializer: () => 0,
          add: (_key, _value, aggregate) => longAdd(aggregate as Long, 1),
          subtract: (_key, _value, aggregate) => longSubtract(aggregate as Long, 1),
        },
        value: longSerde,
        prefix: 'KTABLE-AGGREGATE-',
      };
    case 'reduce': {
      const [add, subtract] = [reducer(node.fn), reducer(required(node.subtractor))];
      return {
        functions: {
          initializer: undefined,
          add: (_key, item, aggregate) => add(aggregate, item),
          subtract: (_key, item, aggregate) => subtract(aggregate, item),
        },
        value,
        prefix: 'KTABLE-REDUCE-',
      };
    }
    case 'aggregate': {
      const add = aggregator(required(node.fn), value);
      const subtract = aggregator(required(node.subtractor), value);
      return {
        functions: { initializer: initializer(node.init), add: add.apply, subtract: subtract.apply },
        value: add.serde,
        prefix: 'KTABLE-AGGREGATE-',
      };
    }
  }
}

/** `count`, `reduce` or `aggregate` of a re-grouped table. There is always a repartition topic in between. */
export function declareTableAggregation(scope: Scope, node: AggregationNode, group: GroupedTableRef): void {
  const { builder } = scope;
  const { functions, value, prefix } = tableAggregationOf(node, group.value);
  const materialized = materialize(builder, node, 'KTABLE-AGGREGATE-');
  const sink = builder.suffixedNameOr(node.named, '-sink', 'KSTREAM-SINK-');
  const source = builder.suffixedNameOr(node.named, '-source', 'KSTREAM-SOURCE-');
  const name = builder.nameOr(node.named, prefix);
  const { storeName } = materialized;
  if (group.repartition === undefined || group.repartitionName === undefined)
    group.repartition = changeTopicNode(group, {
      sink,
      source,
      topic: `${group.repartitionName ?? storeName}-repartition`,
    });
  const parent = ensure(group.repartition, 'repartition');
  builder.add(group.node, parent);
  const supplier = tableAggregate(storeName, functions);
  const graphNode = processorGraphNode(name, supplier, {
    store: () => tableStore(materialized, group.key, value, builder.config),
    traits: { outputVersioned: node.versioned !== undefined },
  });
  builder.add(parent, graphNode);
  const sources = new Set([source]);
  scope.define(node.id, new TableRef({ name, key: group.key, value, node: graphNode, sources, supplier }));
}

interface TopicNames {
  readonly sink: string;
  readonly source: string;
  readonly topic: string;
}

/** A repartition topic that carries both sides of a table's changes. */
function changeTopicNode(
  { key, value: inner }: GroupedTableRef,
  { sink, source, topic }: TopicNames,
): GraphNode {
  const value = changeSerde(inner);
  const write = (topology: InternalTopologyBuilder, node: GraphNode): void => {
    topology.addInternalTopic({ name: topic, partitions: undefined });
    topology.addSink({
      kind: 'sink',
      name: sink,
      predecessors: node.parentNames(),
      topic,
      topicOf: undefined,
      topicLabel: '',
      key,
      value,
      partitionOf: undefined,
      carriesChanges: true,
    });
    topology.addSource({
      kind: 'source',
      name: source,
      topics: [topic],
      pattern: undefined,
      key,
      value,
      extractor: timestampExtractor('FailOnInvalidTimestamp'),
      predecessors: [],
      carriesChanges: true,
    });
  };
  return new GraphNode(source, write);
}
