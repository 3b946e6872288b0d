import type { TraceEventData } from '../../engine/api/trace-event.ts';
import { count, plural } from './number-format.ts';

export type QueryEvent = Extract<TraceEventData, { readonly type: 'query-answered' | 'query-handled' }>;

export const isQueryEvent = (data: TraceEventData): data is QueryEvent =>
  data.type === 'query-answered' || data.type === 'query-handled';

/** What became of a query, and what an instance said to it. `name` is the instance. */
export function querySentence(data: QueryEvent, name: string): string {
  if (data.type === 'query-handled')
    return `${name} answers a query of ${data.store} with ${data.status}: ${sentence(data.what)}`;
  const { act, status, message, rows, more, copies } = data;
  const lag = copies.reduce((sum, copy) => sum + (copy.lag ?? 0), 0);
  const found = status === 200 ? plural(rows.length + more, 'row') : message;
  const behind = lag === 0 ? '' : ` What was read is ${count(lag)} records behind.`;
  const outcome = status === 0 ? 'has no answer' : `is answered with ${status}`;
  return `The query of ${act.store}${act.key === undefined ? '' : ` for ${act.key}`} ${outcome}: ${sentence(found)}${behind}`;
}

const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);
