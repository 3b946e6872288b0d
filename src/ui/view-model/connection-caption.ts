import type { TraceEventData } from '../../engine/api/trace-event.ts';
import { plural } from './number-format.ts';

type OfConnection = Extract<TraceEventData, { readonly peer: string }>;

/** What became of a connection; the names are those of who tells it and of the other side. */
export function connectionSentence(data: OfConnection, self: string, peer: string): string {
  switch (data.type) {
    case 'connection-lost':
      return `${self} loses its connection to ${peer}.`;
    case 'idle-connection-closed':
      return `${self} closes its connection to ${peer}: nothing has gone over it for long.`;
    case 'connection-limited':
      return `A connection of ${peer} to ${self} ${data.outcome}: ${data.limit}.`;
  }
}

/** Several connections that limits held up or that were closed for being idle; '' if there are none. */
export function connectionSum(all: readonly TraceEventData[]): string {
  const told = (type: TraceEventData['type'], what: string, became: string): string => {
    const n = all.filter((data) => data.type === type).length;
    return n === 0 ? '' : `${plural(n, what)} ${became}. `;
  };
  const limited = told('connection-limited', 'new connection', 'not let in at once');
  return (limited + told('idle-connection-closed', 'idle connection', 'closed')).trim();
}
