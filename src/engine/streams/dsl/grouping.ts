import type { GroupByKeyNode, GroupByNode } from '../topology/topology-node.ts';
import type { StreamRef } from './refs.ts';
import type { Scope } from './scope.ts';
import { selectKey } from './derive.ts';

export function declareGroupByKey(scope: Scope, node: GroupByKeyNode): void {
  defineGroup(scope, scope.stream(node.of), node);
}

export function declareStreamGroupBy(scope: Scope, stream: StreamRef, node: GroupByNode): void {
  defineGroup(scope, selectKey(scope, stream, node.keyFn, node.as), node);
}

function defineGroup(scope: Scope, stream: StreamRef, node: GroupByKeyNode | GroupByNode): void {
  const { name, key, value, node: graphNode, sources, repartitionRequired } = stream;
  scope.define(node.id, {
    kind: 'groupedStream',
    name,
    key,
    value,
    node: graphNode,
    sources,
    repartitionRequired,
    repartitionName: node.as,
    repartition: undefined,
  });
}
