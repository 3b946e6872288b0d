import type { SimTime } from '../base/time.ts';
import type { Broker, PurgatoryKind } from './broker-memory.ts';
import { expireDelete } from './delayed-delete.ts';
import { expireFetch } from './delayed-fetch.ts';
import { expireProduce } from './delayed-produce.ts';

const TIMER = 'purgatory/';
const TIMERS: Readonly<Record<PurgatoryKind, string>> = {
  produces: `${TIMER}produces`,
  fetches: `${TIMER}fetches`,
  deletes: `${TIMER}deletes`,
};

/** There is one timer for each kind, so a request that is answered in time costs none. */
export function armPurgatory({ memory, context }: Broker, kind: PurgatoryKind, deadline: SimTime): void {
  const { armed } = memory.purgatory;
  const rings = armed.get(kind);
  if (rings !== undefined && rings <= deadline) return;
  armed.set(kind, deadline);
  context.setTimer(TIMERS[kind], Math.max(deadline - context.now(), 0));
}

export const isPurgatoryTimer = (name: string): boolean => name.startsWith(TIMER);

/** Ends what has waited long enough, and waits for the next. */
export function onPurgatoryTimer(broker: Broker, name: string): void {
  const kind = name.slice(TIMER.length) as PurgatoryKind;
  const { purgatory } = broker.memory;
  purgatory.armed.delete(kind);
  if (kind === 'produces')
    expireDue(broker, purgatory.produces, (token, delayed) => expireProduce(broker, token, delayed));
  else if (kind === 'fetches')
    expireDue(broker, purgatory.fetches, (token, delayed) => expireFetch(broker, token, delayed));
  else expireDue(broker, purgatory.deletes, (token, delayed) => expireDelete(broker, token, delayed));
  const next = earliest(purgatory[kind]);
  if (next !== undefined) armPurgatory(broker, kind, next);
}

function expireDue<T extends { readonly deadline: SimTime }>(
  { context }: Broker,
  waiting: ReadonlyMap<number, T>,
  expire: (token: number, delayed: T) => void,
): void {
  const now = context.now();
  const due: [number, T][] = [];
  for (const entry of waiting) if (entry[1].deadline <= now) due.push(entry);
  for (const [token, delayed] of due) expire(token, delayed);
}

function earliest(waiting: ReadonlyMap<number, { readonly deadline: SimTime }>): SimTime | undefined {
  let first: SimTime | undefined;
  for (const { deadline } of waiting.values()) if (first === undefined || deadline < first) first = deadline;
  return first;
}
