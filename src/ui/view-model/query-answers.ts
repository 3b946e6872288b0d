import type { QueryHop, QueryRow } from '../../engine/api/query-act.ts';
import { queryWords } from '../../engine/api/query-act.ts';
import type { TraceEvent } from '../../engine/api/trace-event.ts';
import type { Names } from './caption.ts';
import { listed } from './caption.ts';
import { count, plural } from './number-format.ts';

/** One query that came back, in words. */
export interface AnswerLine {
  readonly id: number;
  /** In µs. */
  readonly at: number;
  readonly asked: string;
  /** `200`, `503`; `no answer`. */
  readonly status: string;
  readonly good: boolean;
  readonly sentence: string;
  /** Who was asked, one after the other, with what each said. */
  readonly path: string;
  /** Which copies were read, and how far behind they are; null where nothing was. */
  readonly read: string | null;
  readonly rows: readonly QueryRow[];
  readonly timed: boolean;
  readonly more: number;
}

const SHOWN = 50;

/** What came back until a moment, newest first. */
export function answerLines(events: readonly TraceEvent[], at: number, names: Names): readonly AnswerLine[] {
  const lines: AnswerLine[] = [];
  for (let i = events.length - 1; i >= 0 && lines.length < SHOWN; i--) {
    const event = events[i];
    if (event !== undefined && event.at <= at && event.data.type === 'query-answered')
      lines.push(lineOf(event.id, event.at, event.data, names));
  }
  return lines;
}

type Answered = Extract<TraceEvent['data'], { readonly type: 'query-answered' }>;

function lineOf(id: number, at: number, data: Answered, names: Names): AnswerLine {
  const { act, status, message, hops, rows, more } = data;
  return {
    id,
    at,
    asked: queryWords(act),
    status: status === 0 ? 'no answer' : String(status),
    good: status === 200,
    sentence: status === 200 ? `${plural(rows.length + more, 'row')}${together(data)}.` : message,
    path: hops.map((hop) => hopWords(hop, names)).join(' → '),
    read: readWords(data, names),
    rows,
    timed: act.kind === 'window' || act.kind === 'session',
    more,
  };
}

/** The sum of all rows of a key-value store, where all values are numbers and all rows are there: what is added up is checked by it. */
function together({ act, rows, more }: Answered): string {
  if (act.kind === 'window' || act.kind === 'session' || more > 0 || rows.length < 2) return '';
  const numbers = rows.map(({ value }) => (value.trim() === '' ? NaN : Number(value)));
  const sum = numbers.reduce((a, b) => a + b, 0);
  return Number.isSafeInteger(sum) ? `, together ${count(sum)}` : '';
}

const hopWords = ({ host, status, what }: QueryHop, names: Names): string =>
  `${names.node(host)} ${
    status === 0
      ? what
          .replace(/\.$/, '')
          .replace(/^The c/, 'c')
          .replace(/^No/, 'no')
      : status
  }`;

function readWords({ copies }: Answered, names: Names): string | null {
  if (copies.length === 0) return null;
  const parts = copies.map(({ partition, host, copy, lag }) => {
    if (copy === 'global') return `the global table on ${names.node(host)}`;
    const behind = lag === null ? ', nobody said how far behind' : lag === 0 ? '' : `, ${count(lag)} behind`;
    const kind = copy === 'active' ? '' : ` (${copy}${behind === '' ? ', nothing behind' : behind})`;
    return `partition ${partition} on ${names.node(host)}${kind}`;
  });
  return `Read: ${listed(parts)}.`;
}

/** `2015-05-20 21:05:00`, UTC. */
export const utc = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
