import type { Command } from '../../engine/api/command.ts';
import type { Frame, Sample } from '../../engine/api/frame.ts';
import { isRare, NARRATED, type TraceEvent } from '../../engine/api/trace-event.ts';
import type { SimTime } from '../../engine/base/time.ts';

/** What is kept of what happened: enough for hours of notable events, a while of the others, and every curve. */
export const LIMITS = {
  notable: 5_000,
  rhythm: 4_000,
  transactions: 6_000,
  events: 3_000,
  samples: 20_000,
} as const;

/** Everything that is known to have happened with the present commands, also after the moment shown. Oldest first. */
export interface History {
  readonly notable: readonly TraceEvent[];
  /** What is narrated without being rare. */
  readonly rhythm: readonly TraceEvent[];
  /** Every step of a transaction: there may be hundreds a second. */
  readonly transactions: readonly TraceEvent[];
  readonly events: readonly TraceEvent[];
  readonly samples: readonly Sample[];
  /** Events that are not kept. */
  readonly dropped: number;
}

export const EMPTY_HISTORY: History = {
  notable: [],
  rhythm: [],
  transactions: [],
  events: [],
  samples: [],
  dropped: 0,
};

/**
 * Adds what a frame tells; what is known already is not added twice. The first frame of a generation tells everything
 * that is still known, so it counts what was dropped anew. What the cluster did before the person's time is no part of
 * the story.
 */
export function record(history: History, frame: Frame, fresh = false): History {
  if (frame.events.length === 0 && frame.samples.length === 0 && frame.eventsDropped === 0) return history;
  const told = frame.events.filter(({ at, data }) => at >= 0 && NARRATED.has(data.type));
  const steps = told.filter(({ data }) => data.type === 'transaction-changed');
  const notable = told.filter(({ data }) => isRare(data));
  const rhythm = told.filter(({ data }) => data.type !== 'transaction-changed' && !isRare(data));
  const events = keepNewest(merge(history.events, frame.events, eventOrder), LIMITS.events);
  return {
    notable: keepNewest(merge(history.notable, notable, eventOrder), LIMITS.notable),
    rhythm: keepNewest(merge(history.rhythm, rhythm, eventOrder), LIMITS.rhythm),
    transactions: keepNewest(merge(history.transactions, steps, eventOrder), LIMITS.transactions),
    events,
    samples: keepNewest(merge(history.samples, frame.samples, sampleOrder), LIMITS.samples),
    dropped: (fresh ? 0 : history.dropped) + frame.eventsDropped,
  };
}

/** Forgets everything from a moment on: it did not happen with the commands of now. */
export function forgetFrom(history: History, at: SimTime): History {
  const before = (item: { readonly at: SimTime }) => item.at < at;
  return {
    notable: history.notable.filter(before),
    rhythm: history.rhythm.filter(before),
    transactions: history.transactions.filter(before),
    events: history.events.filter(before),
    samples: history.samples.filter(before),
    dropped: history.dropped,
  };
}

/** The moment from which two lists of commands lead to different runs, or null if they do not. */
export function firstDifference(before: readonly Command[], after: readonly Command[]): SimTime | null {
  const a = effective(before);
  const b = effective(after);
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const left = a[i];
    const right = b[i];
    if (left === undefined || right === undefined) return (left ?? right)?.at ?? null;
    if (left.at !== right.at || JSON.stringify(left.act) !== JSON.stringify(right.act))
      return Math.min(left.at, right.at);
  }
  return null;
}

const effective = (commands: readonly Command[]): readonly Command[] =>
  commands.filter((command) => command.disabled !== true).sort((a, b) => a.at - b.at || a.id - b.id);

const eventOrder = (event: TraceEvent): number => event.id;
const sampleOrder = (sample: Sample): number => sample.at;

function merge<T>(known: readonly T[], fresh: readonly T[], order: (item: T) => number): readonly T[] {
  const first = fresh[0];
  if (first === undefined) return known;
  const last = known.at(-1);
  if (last === undefined || order(last) < order(first)) return [...known, ...fresh];
  const byOrder = new Map<number, T>();
  for (const item of known) byOrder.set(order(item), item);
  for (const item of fresh) byOrder.set(order(item), item);
  return [...byOrder.values()].sort((a, b) => order(a) - order(b));
}

const keepNewest = <T>(items: readonly T[], count: number): readonly T[] =>
  items.length > count ? items.slice(items.length - count) : items;
