import type { AggregateNode, Topology, TopologyNode } from '../topology/topology-node.ts';
import { RARE } from '../rare.ts';
import { validateName } from '../topology/names.ts';
import { declareStreamAggregation, type AggregationNode } from './aggregations.ts';
import { declareGroupByKey, declareStreamGroupBy } from './grouping.ts';
import { TopologyDataError, type Scope } from './scope.ts';
import { declareStore, declareStream } from './sources.ts';
import * as stateless from './stateless.ts';
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
      RARE.code.declareTableAggregation(scope, node, upstream);
      return;
    case 'windowed':
      if (upstream.group.kind === 'groupedStream')
        declareStreamAggregation(scope, node, upstream.group, upstream);
      else RARE.code.declareCogroupAggregation(scope, aggregateOnly(node), upstream.group, upstream);
      return;
    case 'cogroup':
      RARE.code.declareCogroupAggregation(scope, aggregateOnly(node), upstream);
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
  table: (scope, node) => RARE.code.declareTable(scope, node),
  globalTable: (scope, node) => RARE.code.declareTable(scope, node),
  store: declareStore,
  filter: declareFilter,
  filterNot: declareFilter,
  mapValues: (scope, node) => {
    const upstream = scope.ref(node.of);
    if (upstream.kind === 'table') RARE.code.declareTableMapValues(scope, upstream, node);
    else stateless.declareStreamMapValues(scope, scope.stream(node.of), node);
  },
  flatMapValues: stateless.declareFlatMapValues,
  map: stateless.declareMap,
  flatMap: stateless.declareFlatMap,
  selectKey: stateless.declareSelectKey,
  merge: stateless.declareMerge,
  split: stateless.declareSplit,
  repartition: stateless.declareRepartition,
  to: stateless.declareTo,
  toStream: declareToStream,
  toTable: (scope, node) => RARE.code.declareToTable(scope, node),
  process: (scope, node) => RARE.code.declareProcess(scope, node),
  processValues: (scope, node) => RARE.code.declareProcess(scope, node),
  groupByKey: declareGroupByKey,
  groupBy: (scope, node) => {
    const upstream = scope.ref(node.of);
    if (upstream.kind === 'table') RARE.code.declareTableGroupBy(scope, upstream, node);
    else declareStreamGroupBy(scope, scope.stream(node.of), node);
  },
  windowedBy: declareWindowedBy,
  emitStrategy: declareEmitStrategy,
  count: declareAggregation,
  reduce: declareAggregation,
  aggregate: declareAggregation,
  cogroup: (scope, node) => RARE.code.declareCogroup(scope, node),
  cogroupAlso: (scope, node) => RARE.code.declareCogroupAlso(scope, node),
  suppress: (scope, node) => RARE.code.declareSuppress(scope, node),
  streamJoin: (scope, node) => RARE.code.declareStreamJoin(scope, node),
  streamTableJoin: (scope, node) => RARE.code.declareStreamTableJoin(scope, node),
  streamGlobalJoin: (scope, node) => RARE.code.declareStreamGlobalJoin(scope, node),
  tableJoin: (scope, node) => RARE.code.declareTableJoin(scope, node),
  fkJoin: (scope, node) => RARE.code.declareForeignKeyJoin(scope, node),
};

function declareFilter(scope: Scope, node: Extract<TopologyNode, { op: 'filter' | 'filterNot' }>): void {
  const upstream = scope.ref(node.of);
  if (upstream.kind === 'table') RARE.code.declareTableFilter(scope, upstream, node);
  else stateless.declareStreamFilter(scope, scope.stream(node.of), node);
}

function validateNames(node: TopologyNode): void {
  if ('named' in node) validateName(node.named);
  if ('as' in node) validateName(node.as);
  if (node.op !== 'split') return;
  for (const { named } of [...node.branches, ...(node.default === undefined ? [] : [node.default])])
    validateName(named);
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
