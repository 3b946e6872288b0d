import { keyFunction } from '../functions/key-functions.ts';
import { MapSupplier } from '../operators/map.ts';
import type { Serde } from '../serdes/serde.ts';
import type { ProcessorSupplier } from '../task/processor.ts';
import type { GraphNodeTraits } from '../topology/graph-node.ts';
import { processorGraphNode } from './processor-graph-node.ts';
import type { StreamRef } from './refs.ts';
import type { Scope } from './scope.ts';

const identity = (_key: unknown, value: unknown): unknown => value;

interface Step {
  readonly name: string;
  readonly supplier: ProcessorSupplier;
  readonly traits?: GraphNodeTraits;
  readonly key?: Serde;
  readonly value?: Serde;
}

/** A stream that one more processor makes of another. */
export function derive(scope: Scope, stream: StreamRef, step: Step): StreamRef {
  const node = processorGraphNode(
    step.name,
    step.supplier,
    step.traits === undefined ? {} : { traits: step.traits },
  );
  scope.builder.add(stream.node, node);
  return {
    ...stream,
    name: step.name,
    node,
    key: step.key ?? stream.key,
    value: step.value ?? stream.value,
    repartitionRequired: stream.repartitionRequired || step.traits?.keyChanging === true,
    joinRepartition: undefined,
  };
}

export const KEY_CHANGING: GraphNodeTraits = { keyChanging: true };
export const VALUE_CHANGING: GraphNodeTraits = { valueChanging: true };

/** A stream with another key. `groupBy` begins with one too. */
export function selectKey(
  scope: Scope,
  stream: StreamRef,
  keyFn: string,
  named: string | undefined,
): StreamRef {
  const key = keyFunction(keyFn, stream.key);
  const name = scope.builder.nameOr(named, 'KSTREAM-KEY-SELECT-');
  const supplier = new MapSupplier(key.apply, identity);
  return derive(scope, stream, { name, supplier, traits: KEY_CHANGING, key: key.serde });
}
