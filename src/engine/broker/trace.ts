import type { TraceEventData } from '../api/trace-event.ts';
import type { Broker } from './broker-memory.ts';

/** Says what happened, in the words of the contract. */
export function trace({ context }: Broker, data: TraceEventData): void {
  context.trace(data);
}
