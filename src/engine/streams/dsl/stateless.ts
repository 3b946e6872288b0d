import { keyFunction } from '../functions/key-functions.ts';
import { predicate } from '../functions/predicates.ts';
import { listFunction, valueFunction } from '../functions/value-functions.ts';
import { BranchSupplier, type Branch } from '../operators/branch.ts';
import { FilterSupplier } from '../operators/filter.ts';
import { FlatMapSupplier } from '../operators/flat-map.ts';
import { FlatMapValuesSupplier } from '../operators/flat-map-values.ts';
import { MapSupplier } from '../operators/map.ts';
import { MapValuesSupplier } from '../operators/map-values.ts';
import { PassThroughSupplier } from '../operators/pass-through.ts';
import type {
  FilterNode,
  FlatMapNode,
  FlatMapValuesNode,
  MapNode,
  MapValuesNode,
  MergeNode,
  RepartitionNode,
  SelectKeyNode,
  SplitNode,
} from '../topology/topology-node.ts';
import { derive, KEY_CHANGING, selectKey, VALUE_CHANGING } from './derive.ts';
import { processorGraphNode } from './processor-graph-node.ts';
import type { StreamRef } from './refs.ts';
import { repartitionNode } from './repartition-node.ts';
import type { Scope } from './scope.ts';

export function declareStreamFilter(scope: Scope, stream: StreamRef, node: FilterNode): void {
  const name = scope.builder.nameOr(node.named, 'KSTREAM-FILTER-');
  const supplier = new FilterSupplier(predicate(node.pred), node.op === 'filterNot');
  scope.define(node.id, derive(scope, stream, { name, supplier }));
}

export function declareStreamMapValues(scope: Scope, stream: StreamRef, node: MapValuesNode): void {
  const { apply, serde } = valueFunction(node.fn, stream.value);
  const name = scope.builder.nameOr(node.named, 'KSTREAM-MAPVALUES-');
  const supplier = new MapValuesSupplier(apply);
  scope.define(node.id, derive(scope, stream, { name, supplier, traits: VALUE_CHANGING, value: serde }));
}

export function declareFlatMapValues(scope: Scope, node: FlatMapValuesNode): void {
  const stream = scope.stream(node.of);
  const { apply, serde } = listFunction(node.fn, stream.value);
  const name = scope.builder.nameOr(node.named, 'KSTREAM-FLATMAPVALUES-');
  const supplier = new FlatMapValuesSupplier(apply);
  scope.define(node.id, derive(scope, stream, { name, supplier, traits: VALUE_CHANGING, value: serde }));
}

export function declareMap(scope: Scope, node: MapNode): void {
  const stream = scope.stream(node.of);
  const key = keyFunction(node.keyFn, stream.key);
  const value = valueFunction(node.fn ?? 'identity', stream.value);
  const name = scope.builder.nameOr(node.named, 'KSTREAM-MAP-');
  const supplier = new MapSupplier(key.apply, value.apply);
  const step = { name, supplier, traits: KEY_CHANGING, key: key.serde, value: value.serde };
  scope.define(node.id, derive(scope, stream, step));
}

export function declareFlatMap(scope: Scope, node: FlatMapNode): void {
  const stream = scope.stream(node.of);
  const list = listFunction(node.fn, stream.value);
  const key = keyFunction(node.keyFn, stream.key);
  const name = scope.builder.nameOr(node.named, 'KSTREAM-FLATMAP-');
  const supplier = new FlatMapSupplier(list.apply, key.apply);
  const step = { name, supplier, traits: KEY_CHANGING, key: key.serde, value: list.serde };
  scope.define(node.id, derive(scope, stream, step));
}

export function declareSelectKey(scope: Scope, node: SelectKeyNode): void {
  const stream = scope.stream(node.of);
  scope.define(node.id, selectKey(scope, stream, node.keyFn, node.named));
}

export function declareMerge(scope: Scope, node: MergeNode): void {
  const { builder } = scope;
  const [stream, other] = [scope.stream(node.of), scope.stream(node.with)];
  const name = builder.nameOr(node.named, 'KSTREAM-MERGE-');
  const graphNode = processorGraphNode(name, new PassThroughSupplier(), { traits: { merge: true } });
  builder.add([stream.node, other.node], graphNode);
  scope.define(node.id, {
    ...stream,
    name,
    node: graphNode,
    sources: new Set([...stream.sources, ...other.sources]),
    repartitionRequired: stream.repartitionRequired || other.repartitionRequired,
    joinRepartition: undefined,
  });
}

export function declareSplit(scope: Scope, node: SplitNode): void {
  const { builder } = scope;
  const stream = scope.stream(node.of);
  const splitter = builder.nameOr(node.named, 'KSTREAM-BRANCH-');
  const branches: Branch[] = node.branches.map(({ pred, named }, i) => ({
    child: splitter + (named ?? String(i + 1)),
    predicate: predicate(pred),
  }));
  const otherwise = node.default === undefined ? undefined : splitter + (node.default.named ?? '0');
  const split = derive(scope, stream, { name: splitter, supplier: new BranchSupplier(branches, otherwise) });
  const branch = (id: string | undefined, name: string): void => {
    // Each branch uses up a number, though none is named by it.
    builder.newProcessorName('KSTREAM-BRANCHCHILD-');
    scope.define(id, derive(scope, split, { name, supplier: new PassThroughSupplier() }));
  };
  branches.forEach(({ child }, i) => branch(node.branches[i]?.id, child));
  if (otherwise !== undefined) branch(node.default?.id, otherwise);
}

export function declareRepartition(scope: Scope, node: RepartitionNode): void {
  const { builder } = scope;
  const stream = scope.stream(node.of);
  const prefix = node.as ?? builder.newProcessorName('KSTREAM-REPARTITION-');
  if (node.as === undefined) builder.unnamed.repartitions.push(`${prefix}-repartition`);
  const repartition = repartitionNode(builder, prefix, stream, { partitions: node.partitions });
  builder.add(stream.node, repartition);
  scope.define(node.id, {
    ...stream,
    name: repartition.name,
    node: repartition,
    sources: new Set([repartition.name]),
    repartitionRequired: false,
    joinRepartition: undefined,
  });
}
