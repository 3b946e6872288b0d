import { longAdd, type Long } from '../serdes/long.ts';
import type { KeyValueStore } from '../state-stores/key-value-store.ts';
import type { WindowStore } from '../state-stores/window-store.ts';
import type { ProcessorSupplier, PunctuationType } from '../task/processor.ts';
import { recordOf, withValue } from '../task/stream-record.ts';
import type { Arguments } from './arguments.ts';

const orZero = (value: unknown): Long => (value === null || value === undefined ? 0 : (value as Long));

/** Counts per key in silence, and tells all counts at each punctuation. */
export function countThenPunctuate(args: Arguments): ProcessorSupplier {
  const storeName = args.text('store');
  const interval = args.number('interval');
  const type = (args.optionalText('type') ?? 'streamTime') as PunctuationType;
  const clear = args.flag('clear');
  return {
    create(context) {
      const counts = context.store<KeyValueStore>(storeName);
      return {
        start: () => context.schedule('tell', type, interval),
        process({ key }) {
          if (key !== null) counts.put(key, longAdd(orZero(counts.get(key)), 1));
        },
        punctuate(_schedule, now) {
          for (const { key, value } of counts.all()) {
            context.forward(recordOf(key, value, now));
            if (clear) counts.put(key, null);
          }
        },
      };
    },
  };
}

/** The sum of all values of the key so far instead of the value. */
export function runningSum(args: Arguments): ProcessorSupplier {
  const storeName = args.text('store');
  return {
    create(context) {
      const sums = context.store<KeyValueStore>(storeName);
      return {
        process(record) {
          if (record.key === null || record.value === null) {
            context.forward(record);
            return;
          }
          const sum = longAdd(orZero(sums.get(record.key)), record.value as Long);
          sums.put(record.key, sum);
          context.forward(withValue(record, sum));
        },
      };
    },
  };
}

/** How many records of the key there were in the last `size` milliseconds, as far as their times are known exactly. */
export function countInWindow(args: Arguments): ProcessorSupplier {
  const storeName = args.text('store');
  const size = args.number('size');
  return {
    create(context) {
      const counts = context.store<WindowStore>(storeName);
      return {
        process(record) {
          const { key, timestamp } = record;
          if (key === null) return;
          counts.put(key, longAdd(orZero(counts.fetchOne(key, timestamp)), 1), timestamp);
          let sum: Long = 0;
          for (const { value } of counts.fetch(key, Math.max(0, timestamp - size), timestamp))
            sum = longAdd(sum, value as Long);
          context.forward(withValue(record, sum));
        },
      };
    },
  };
}
