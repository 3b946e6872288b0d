import type { Adapter } from './adapter.ts';
import { assignorAdapter } from './assignor.ts';
import { brokerAdapter } from './broker.ts';
import { clusterAdapter } from './cluster.ts';
import { UnsupportedError } from './case-file.ts';
import { moduleAdapter } from './module.ts';
import { partitionerAdapter } from './partitioner.ts';
import { streamsAdapter } from './streams/adapter.ts';

/** Kind of a case file → what can answer it. */
const ADAPTERS: ReadonlyMap<string, Adapter> = new Map<string, Adapter>([
  ['assignor', assignorAdapter],
  ['broker', brokerAdapter],
  ['cluster', clusterAdapter],
  ['module', moduleAdapter],
  ['partitioner', partitionerAdapter],
  ['streams', streamsAdapter],
]);

/** Throws {@link UnsupportedError} if nothing answers this kind. */
export function adapterFor(kind: string): Adapter {
  const adapter = ADAPTERS.get(kind);
  if (adapter === undefined) throw new UnsupportedError(`kind "${kind}"`);
  return adapter;
}
