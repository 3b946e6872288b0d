import { PassThroughSupplier } from '../operators/pass-through.ts';
import { jsonSerde, longSerde, stringSerde, type Serde } from '../serdes/serde.ts';
import type { ProcessorSupplier } from '../task/processor.ts';
import type { ProcessNode } from '../topology/topology-node.ts';
import { UnknownFunctionError } from '../functions/function-spec.ts';
import { Arguments } from './arguments.ts';
import { countInWindow, countThenPunctuate, runningSum } from './counting.ts';
import { dedupe } from './dedupe.ts';
import { ledger } from './ledger.ts';
import { cancelAfter, forwardOnWallClock, probe, punctuateLog } from './probes.ts';
import * as simple from './simple.ts';
import { steadilyAbove } from './steadily-above.ts';
import { sustainedAbove } from './sustained-above.ts';

/** Types of the keys and values of a stream. */
export interface Types {
  readonly key: Serde;
  readonly value: Serde;
}

/** A kind of processor. */
export interface ProcessorKind {
  readonly make: (args: Arguments, types: Types) => ProcessorSupplier;
  /** Types of what it forwards. Absent: as they come. */
  readonly key?: Serde;
  readonly value?: Serde;
}

const PROCESSORS: ReadonlyMap<string, ProcessorKind> = new Map<string, ProcessorKind>([
  ['pass', { make: () => new PassThroughSupplier() }],
  ['dedupe', { make: dedupe }],
  ['sustainedAbove', { make: sustainedAbove, value: jsonSerde }],
  ['countThenPunctuate', { make: countThenPunctuate, value: longSerde }],
  ['forwardOnWallClock', { make: forwardOnWallClock }],
  ['probe', { make: probe, value: stringSerde }],
  ['ledger', { make: ledger, key: stringSerde, value: jsonSerde }],
  ['throwOn', { make: simple.throwOn }],
  ['punctuateLog', { make: punctuateLog, key: stringSerde, value: stringSerde }],
  ['cancelAfter', { make: cancelAfter, key: stringSerde, value: stringSerde }],
  ['addHeader', { make: simple.addHeader }],
  ['headerToValue', { make: simple.headerToValue, value: stringSerde }],
  ['shiftTime', { make: simple.shiftTime }],
  ['storePut', { make: simple.storePut }],
  ['storeGet', { make: simple.storeGet, value: stringSerde }],
  ['range', { make: simple.range }],
  ['countInWindow', { make: countInWindow, value: longSerde }],
  ['runningSum', { make: runningSum, value: longSerde }],
  ['steadilyAbove', { make: steadilyAbove, value: jsonSerde }],
]);

/** A processor of the closed set, ready for a topology. */
export interface ProcessorDefinition extends Types {
  readonly supplier: ProcessorSupplier;
}

/** A processor of the closed set, or of the caller's own. Throws `UnknownFunctionError` for any other name. */
export function processorDefinition(
  { processor: name, args = {} }: Pick<ProcessNode, 'processor' | 'args'>,
  input: Types,
  own?: ReadonlyMap<string, ProcessorKind>,
): ProcessorDefinition {
  const shape = PROCESSORS.get(name) ?? own?.get(name);
  if (shape === undefined) throw new UnknownFunctionError('processor', name);
  const supplier = shape.make(new Arguments(name, args), input);
  return { supplier, key: shape.key ?? input.key, value: shape.value ?? input.value };
}
