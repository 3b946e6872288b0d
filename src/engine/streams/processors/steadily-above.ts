import { fieldLong } from '../functions/fields.ts';
import { textOf } from '../serdes/text.ts';
import type { KeyValueStore } from '../state-stores/key-value-store.ts';
import type { Processor, ProcessorContext, ProcessorSupplier } from '../task/processor.ts';
import { recordOf, type StreamRecord } from '../task/stream-record.ts';
import type { Arguments } from './arguments.ts';

/**
 * One of Millrace's own. Alerts once for each time that the readings of a key stay above their limit for `duration`
 * milliseconds. A reading waits until stream time is `grace` beyond it, so that those that come late take their places;
 * and a time ends with the first reading that is not above, or when the next one is more than `gapField` later: nobody
 * knows what was in between.
 */
export function steadilyAbove(args: Arguments): ProcessorSupplier {
  const rule: Rule = {
    store: args.text('store'),
    duration: args.number('duration'),
    grace: args.number('grace'),
    every: args.number('every'),
    fields: [args.text('valueField'), args.text('limitField'), args.text('gapField')],
  };
  return { create: (context) => watch(context, rule) };
}

/** Milliseconds. */
interface Rule {
  readonly store: string;
  readonly duration: number;
  readonly grace: number;
  readonly every: number;
  /** Of the value, the limit and the longest gap between two readings. */
  readonly fields: readonly [value: string, limit: string, gap: string];
}

type Reading = readonly [at: number, value: number, limit: number, gap: number];

/** What is known of a key, as it stands in the store. */
interface Known {
  /** By their time. */
  readonly waiting: readonly Reading[];
  /** Time of the newest reading that was judged, −1 for none. */
  readonly last: number;
  /** Since when it is above, −1 while it is not. */
  readonly since: number;
  readonly told: boolean;
}

const NOTHING: Known = { waiting: [], last: -1, since: -1, told: false };

function watch(context: ProcessorContext, rule: Rule): Processor {
  const known = context.store<KeyValueStore>(rule.store);
  return {
    start: () => context.schedule('judge', 'streamTime', rule.every),
    process(record) {
      const reading = readingOf(record, rule);
      if (record.key === null || reading === undefined) return;
      const before = (known.get(record.key) ?? NOTHING) as Known;
      if (reading[0] <= before.last) return;
      const waiting = [...before.waiting, reading].sort(([a], [b]) => a - b);
      known.put(record.key, { ...before, waiting });
    },
    punctuate(_schedule, now) {
      for (const { key, value } of known.all()) {
        const before = value as Known;
        const due = before.waiting.filter(([at]) => at + rule.grace <= now);
        if (due.length === 0) continue;
        const rest: Known = { ...before, waiting: before.waiting.slice(due.length) };
        known.put(
          key,
          due.reduce((state, reading) => judge(context, rule, { key, state, reading }), rest),
        );
      }
    },
  };
}

function readingOf({ value, timestamp }: StreamRecord, { fields }: Rule): Reading | undefined {
  const [read, limit, gap] = fields.map((field) => fieldLong(value, field));
  if (read == null || limit == null || gap == null) return undefined;
  return [timestamp, Number(read), Number(limit), Number(gap)];
}

interface Judged {
  readonly key: unknown;
  readonly state: Known;
  readonly reading: Reading;
}

function judge(context: ProcessorContext, { duration }: Rule, { key, state, reading }: Judged): Known {
  const [at, value, limit, gap] = reading;
  const isUnbroken = state.since >= 0 && at - state.last <= gap;
  if (value <= limit) return { ...state, last: at, since: -1, told: false };
  const since = isUnbroken ? state.since : at;
  const told = isUnbroken && state.told;
  const isDue = !told && at - since >= duration;
  if (isDue) {
    const alert = { key: textOf(key), since, at, value, limit };
    context.forward(recordOf(key, alert, at));
  }
  return { ...state, last: at, since, told: told || isDue };
}
