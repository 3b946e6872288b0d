import type { TraceEvent, TraceEventData } from '../../engine/api/trace-event.ts';
import type { SimTime } from '../../engine/base/time.ts';
import { caption, clock, clockSpan, listed, type Names } from './caption.ts';
import { connectionSum } from './connection-caption.ts';
import type { Line } from './narration.ts';
import { plural } from './number-format.ts';

type Of<T extends TraceEventData['type']> = Extract<TraceEventData, { readonly type: T }>;

/** What happens by the dozen each second is told as a sum over so much time, from whole multiples of it. */
const SPAN: SimTime = 5_000_000;

/** A step of a transaction that is told of, summed: its producer has it committed or aborted. */
export const isBeat = ({ data }: TraceEvent): boolean =>
  data.type === 'transaction-changed' && (data.state === 'PrepareCommit' || data.reason === 'asked');

/** The rhythm of event time, of transactions and of limited connections, a line for each span in which something happened, oldest first. */
export function narrateRhythm(events: readonly TraceEvent[], names: Names): readonly Line[] {
  const spans: TraceEvent[][] = [];
  for (const event of events) {
    const open = spans.at(-1);
    if (open?.[0] !== undefined && spanOf(open[0]) === spanOf(event)) open.push(event);
    else spans.push([event]);
  }
  return spans.flatMap((span) => rhythmLine(span, names) ?? []);
}

const spanOf = ({ at }: TraceEvent): number => Math.floor(at / SPAN);

/** Windows that closed, records that came too late and transactions, summed in one line; null if there are none. */
export function rhythmLine(events: readonly TraceEvent[], names: Names, longest = Infinity): Line | null {
  const last = events.at(-1);
  if (last === undefined) return null;
  const [first = '', second = ''] = events.length === 1 ? [caption(last, names)] : sums(events, names);
  const both = `${first} ${second}`.trim();
  const sentence = both.length > longest ? first : both;
  return { id: last.id, at: last.at, sentence, events: events.length };
}

/** What is harm first. */
function sums(events: readonly TraceEvent[], names: Names): readonly string[] {
  const all = events.map(({ data }) => data);
  const closed = all.filter((data): data is Of<'window-closed'> => data.type === 'window-closed');
  const late = all.filter((data): data is Of<'late-record-dropped'> => data.type === 'late-record-dropped');
  const ended = all.filter((data): data is Of<'transaction-changed'> => data.type === 'transaction-changed');
  return [lateSum(late), connectionSum(all), windowSum(closed), transactionSum(ended, names)].filter(
    (part) => part !== '',
  );
}

/** A window closes in each task by itself, when that task's own stream time has passed it. */
function windowSum(closed: readonly Of<'window-closed'>[]): string {
  const [first] = closed;
  if (first === undefined) return '';
  const newest = closed.reduce((a, b) => (b.end > a.end ? b : a), first);
  const windows = new Set(closed.map(({ start, end }) => `${start} ${end}`)).size;
  const tasks = new Set(closed.map(({ task }) => task)).size;
  const where = tasks === 1 ? `task ${first.task}` : `${tasks} tasks`;
  return windows === 1
    ? `The window ${clockSpan(newest.start, newest.end)} closes in ${where}.`
    : `${plural(windows, 'window')} close in ${where}, the newest ${clockSpan(newest.start, newest.end)}.`;
}

function transactionSum(ended: readonly Of<'transaction-changed'>[], names: Names): string {
  if (ended.length === 0) return '';
  const aborted = ended.filter(({ reason }) => reason !== undefined);
  const committed = ended.length - aborted.length;
  const what = `${plural(ended.length, 'transaction')} of ${idsOf(ended, names)}`;
  if (aborted.length === 0) return `${what} ${committed === 1 ? 'commits' : 'commit'}.`;
  if (committed === 0) return `${what} ${ended.length === 1 ? 'is' : 'are'} aborted, as asked.`;
  return `Of ${what} ${committed} commit and ${aborted.length} ${aborted.length === 1 ? 'is' : 'are'} aborted, as asked.`;
}

/** So many transactional ids are named, more are counted. */
const NAMED_MAX = 2;

function idsOf(ended: readonly Of<'transaction-changed'>[], names: Names): string {
  const ids = [...new Set(ended.map(({ transactionalId }) => transactionalId))].sort();
  return ids.length > NAMED_MAX
    ? plural(ids.length, 'producer')
    : listed(ids.map((id) => names.transaction?.(id) ?? id).sort());
}

function lateSum(late: readonly Of<'late-record-dropped'>[]): string {
  const last = late.at(-1);
  if (last === undefined) return '';
  const records = late.reduce((sum, data) => sum + data.records, 0);
  return records === 1
    ? `A record comes too late for its window and is dropped: stream time is ${clock(last.streamTime)}.`
    : `${plural(records, 'record')} come too late for their windows and are dropped: stream time is ${clock(last.streamTime)}.`;
}
