import type { AggregateNode, Topology, TopologyNode } from '../topology/topology-node.ts';
import { validateName } from '../topology/names.ts';
import { declareStreamAggregation, type AggregationNode } from './aggregations.ts';
import { declareCogroup, declareCogroupAggregation, declareCogroupAlso } from './cogroup.ts';
import { declareForeignKeyJoin } from './foreign-key-join.ts';
import { declareGroupByKey, declareStreamGroupBy } from './grouping.ts';
import { declareProcess } from './processors.ts';
import { TopologyDataError, type Scope } from './scope.ts';
import { declareStore, declareStream } from './sources.ts';
import {
  declareFlatMap,
  declareFlatMapValues,
  declareMap,
  declareMerge,
  declareRepartition,
  declareSelectKey,
  declareSplit,
  declareStreamFilter,
  declareStreamMapValues,
} from './stateless.ts';
import { declareTo } from './sink.ts';
import { declareStreamGlobalJoin, declareStreamJoin, declareStreamTableJoin } from './stream-joins.ts';
import { declareSuppress } from './suppress.ts';
import { declareTableAggregation } from './table-aggregations.ts';
import { declareTableJoin } from './table-joins.ts';
import { declareTable } from './table-sources.ts';
import * as tables from './tables.ts';
import { declareToStream } from './to-stream.ts';
import { declareEmitStrategy, declareWindowedBy } from './windowing.ts';

/** Adds one node of a topology to the graph. */
type Declaration<N extends TopologyNode> = (scope: Scope, node: N) => void;

type Declarations = { readonly [Op in TopologyNode['op']]: Declaration<Extract<TopologyNode, { op: Op }>> };

/** `count`, `reduce`, `aggregate`: of a group, a grouped table, a windowed group or a cogroup. */
function declareAggregation(scope: Scope, node: AggregationNode): void {
  const upstream = scope.ref(node.of);
  switch (upstream.kind) {
    case 'groupedStream':
      declareStreamAggregation(scope, node, upstream);
      return;
    case 'groupedTable':
      declareTableAggregation(scope, node, upstream);
      return;
    case 'windowed':
      if (upstream.group.kind === 'groupedStream')
        declareStreamAggregation(scope, node, upstream.group, upstream);
      else declareCogroupAggregation(scope, aggregateOnly(node), upstream.group, upstream);
      return;
    case 'cogroup':
      declareCogroupAggregation(scope, aggregateOnly(node), upstream);
      return;
    default:
      throw new TopologyDataError(`node "${node.of}" is a ${upstream.kind}, which cannot be aggregated`);
  }
}

function aggregateOnly(node: AggregationNode): AggregateNode {
  if (node.op !== 'aggregate') throw new TopologyDataError(`a cogroup cannot ${node.op}`);
  return node;
}

/** What each kind of node does. The next kind is one more line. */
const DECLARATIONS: Declarations = {
  stream: declareStream,
  table: declareTable,
  globalTable: declareTable,
  store: declareStore,
  filter: declareFilter,
  filterNot: declareFilter,
  mapValues: (scope, node) => {
    const upstream = scope.ref(node.of);
    if (upstream.kind === 'table') tables.declareTableMapValues(scope, upstream, node);
    else declareStreamMapValues(scope, scope.stream(node.of), node);
  },
  flatMapValues: declareFlatMapValues,
  map: declareMap,
  flatMap: declareFlatMap,
  selectKey: declareSelectKey,
  merge: declareMerge,
  split: declareSplit,
  repartition: declareRepartition,
  to: declareTo,
  toStream: declareToStream,
  toTable: tables.declareToTable,
  process: declareProcess,
  processValues: declareProcess,
  groupByKey: declareGroupByKey,
  groupBy: (scope, node) => {
    const upstream = scope.ref(node.of);
    if (upstream.kind === 'table') tables.declareTableGroupBy(scope, upstream, node);
    else declareStreamGroupBy(scope, scope.stream(node.of), node);
  },
  windowedBy: declareWindowedBy,
  emitStrategy: declareEmitStrategy,
  count: declareAggregation,
  reduce: declareAggregation,
  aggregate: declareAggregation,
  cogroup: declareCogroup,
  cogroupAlso: declareCogroupAlso,
  suppress: declareSuppress,
  streamJoin: declareStreamJoin,
  streamTableJoin: declareStreamTableJoin,
  streamGlobalJoin: declareStreamGlobalJoin,
  tableJoin: declareTableJoin,
  fkJoin: declareForeignKeyJoin,
};

function declareFilter(scope: Scope, node: Extract<TopologyNode, { op: 'filter' | 'filterNot' }>): void {
  const upstream = scope.ref(node.of);
  if (upstream.kind === 'table') tables.declareTableFilter(scope, upstream, node);
  else declareStreamFilter(scope, scope.stream(node.of), node);
}

/** `Repartitioned`, `Branched` and `StreamJoined.withStoreName` take any name. */
function validateNames(node: TopologyNode): void {
  if ('named' in node) validateName(node.named);
  if ('as' in node && node.op !== 'repartition' && node.op !== 'streamJoin') validateName(node.as);
}

/** Adds all nodes in order of declaration. Throws a `StreamsError`, and a {@link TopologyDataError} for an unknown kind. */
export function declareAll(scope: Scope, topology: Topology): void {
  for (const node of topology) {
    const declare = DECLARATIONS[node.op] as Declaration<TopologyNode> | undefined;
    if (declare === undefined) throw new TopologyDataError(`unknown kind of node "${node.op}"`);
    validateNames(node);
    declare(scope, node);
  }
}
