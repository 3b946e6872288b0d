import type { ServiceEffect, ServiceFacts } from '../api/entities/group.ts';
import type { TraceEvent, TraceEventData } from '../api/trace-event.ts';

/** How many effects are told. */
const RECENT = 20;

/**
 * What a service outside of the cluster has done. It knows only the calls that reached it: not what the caller committed,
 * and not what it will call for again. Plain data.
 */
export interface ServiceGhost {
  calls: number;
  effects: number;
  repeated: number;
  /** How often it was done, by idempotency key and by record. */
  readonly byKey: Map<string, number>;
  readonly byRecord: Map<string, number>;
  /** Newest first. */
  recent: readonly ServiceEffect[];
}

type Call = Extract<TraceEventData, { readonly type: 'service-called' }>;

/** A call has reached the service. */
export function noteCall(services: Map<string, ServiceGhost>, at: TraceEvent['at'], call: Call): void {
  const { service, partition, offset, idempotencyKey } = call;
  const known = services.get(service) ?? newService();
  services.set(service, known);
  known.calls += 1;
  if (idempotencyKey !== null && once(known.byKey, idempotencyKey) > 1) return;
  const times = once(known.byRecord, `${partition} ${offset}`);
  known.effects += 1;
  if (times === 2) known.repeated += 1;
  const effect = Object.freeze({ at, partition, offset, idempotencyKey, times });
  known.recent = Object.freeze([effect, ...known.recent].slice(0, RECENT));
}

const newService = (): ServiceGhost => ({
  calls: 0,
  effects: 0,
  repeated: 0,
  byKey: new Map(),
  byRecord: new Map(),
  recent: [],
});

function once(times: Map<string, number>, what: string): number {
  const now = (times.get(what) ?? 0) + 1;
  times.set(what, now);
  return now;
}

/** What is told of a service. */
export function serviceFacts(services: ReadonlyMap<string, ServiceGhost>, name: string): ServiceFacts {
  const { calls, effects, repeated, recent } = services.get(name) ?? newService();
  return { name, calls, effects, repeated, recent };
}
