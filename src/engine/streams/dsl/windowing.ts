import type { EmitStrategyNode, WindowedByNode } from '../topology/topology-node.ts';
import { windowsOf } from '../windows/windows.ts';
import { TopologyDataError, type Scope } from './scope.ts';

export function declareWindowedBy(scope: Scope, node: WindowedByNode): void {
  const group = scope.ref(node.of);
  if (group.kind !== 'groupedStream' && group.kind !== 'cogroup')
    throw new TopologyDataError(`node "${node.of}" is a ${group.kind}, which cannot be windowed`);
  scope.define(node.id, { kind: 'windowed', group, windows: windowsOf(node.window), emit: 'onWindowUpdate' });
}

export function declareEmitStrategy(scope: Scope, node: EmitStrategyNode): void {
  scope.define(node.id, { ...scope.of(node.of, 'windowed'), emit: node.strategy });
}
