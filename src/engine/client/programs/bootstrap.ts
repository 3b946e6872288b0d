import type { NodeId } from '../../sim/event.ts';

/** Brokers a client knows from the start: node by broker id. Plain, so that it can stand in a configuration. */
export type Bootstrap = Readonly<Record<string, NodeId>>;

/** The same in ascending order of broker id. */
export const bootstrapList = (bootstrap: Bootstrap): (readonly [number, NodeId])[] =>
  Object.entries(bootstrap)
    .map(([id, node]) => [Number(id), node] as const)
    .sort(([a], [b]) => a - b);
