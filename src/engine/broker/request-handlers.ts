import type { HandlerFacts } from '../api/entities/node.ts';
import type { RequestMicros } from '../api/scenario.ts';
import type { SimDuration, SimTime } from '../base/time.ts';
import type { ApiName } from '../protocol/message.ts';
import type { Broker, BrokerMemory } from './broker-memory.ts';

/** A broker's threads that work on requests (`KafkaRequestHandlerPool`). Plain data. */
export interface RequestHandlers {
  /** When each thread that works is done, in no order. Of `num.io.threads` the others have nothing to do. */
  busyUntil: SimTime[];
  /** What requests have taken of all threads in this life, in µs. */
  busyMicros: number;
}

export const newRequestHandlers = (): RequestHandlers => ({ busyUntil: [], busyMicros: 0 });

export const HANDLER_TIMER = 'request-handlers';

/** So little that only many requests at one moment wait for each other. */
const MICROS: SimDuration = 10;

/** What a request takes of a thread. Its answer goes out at the beginning of that time, so it costs only those behind it. */
export function handlerMicros({ produce, fetch, other }: RequestMicros, api: ApiName): SimDuration {
  if (api === 'Produce') return produce ?? MICROS;
  return (api === 'Fetch' ? fetch : other) ?? MICROS;
}

/** Whether a thread has nothing to do. If none has, a timer rings when the first is done. */
export function hasIdleHandler({ memory, context }: Broker): boolean {
  const { handlers, config } = memory;
  if (handlers.busyUntil.length < config['num.io.threads']) return true;
  const now = context.now();
  handlers.busyUntil = handlers.busyUntil.filter((at) => at > now);
  if (handlers.busyUntil.length < config['num.io.threads']) return true;
  if (!context.hasTimer(HANDLER_TIMER))
    context.setTimer(HANDLER_TIMER, Math.min(...handlers.busyUntil) - now);
  return false;
}

/** An idle thread takes up a request. */
export function occupyHandler({ memory, context }: Broker, api: ApiName): void {
  const micros = handlerMicros(memory.settings.requestMicros ?? {}, api);
  if (micros === 0) return;
  memory.handlers.busyUntil.push(context.now() + micros);
  memory.handlers.busyMicros += micros;
}

/** What its threads do, and how many connections wait for one. */
export const handlerFacts = ({ handlers, config, requests }: BrokerMemory, now: SimTime): HandlerFacts => ({
  threads: config['num.io.threads'],
  busy: handlers.busyUntil.filter((at) => at > now).length,
  waiting: new Set(requests.ready).size,
});
