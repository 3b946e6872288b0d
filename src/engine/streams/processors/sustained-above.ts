import { fieldLong } from '../functions/fields.ts';
import { isLong, longSubtract, type Long } from '../serdes/long.ts';
import { textOf } from '../serdes/text.ts';
import type { KeyValueStore } from '../state-stores/key-value-store.ts';
import type { ProcessorSupplier } from '../task/processor.ts';
import { withValue, type StreamRecord } from '../task/stream-record.ts';
import type { Arguments } from './arguments.ts';

/** Alerts once when the values of a key have been above a limit for `duration` milliseconds without a break. */
export function sustainedAbove(args: Arguments): ProcessorSupplier {
  const storeName = args.text('store');
  const duration = args.number('duration');
  const valueOf = reader(args.optionalText('valueField'));
  const limitOf = limitReader(args);
  return {
    create(context) {
      // Since when a key is above; −since − 1 once the alert is out.
      const above = context.store<KeyValueStore>(storeName);
      return {
        process(record) {
          const { key, timestamp } = record;
          const [value, limit] = [valueOf(record), limitOf(record)];
          if (key === null || value === null || limit === null) return;
          if (value <= limit) {
            above.put(key, null);
            return;
          }
          const since = (above.get(key) as Long | null) ?? timestamp;
          if (above.get(key) === null) above.put(key, timestamp);
          if (since < 0 || longSubtract(timestamp, since) < duration) return;
          above.put(key, longSubtract(longSubtract(0, since), 1));
          context.forward(withValue(record, { key: textOf(key), since, at: timestamp, value, limit }));
        },
      };
    },
  };
}

type LongReader = (record: StreamRecord) => Long | null;

function reader(field: string | undefined): LongReader {
  if (field !== undefined) return ({ value }) => fieldLong(value, field);
  return ({ value }) => (isLong(value) ? value : null);
}

function limitReader(args: Arguments): LongReader {
  const field = args.optionalText('limitField');
  if (field !== undefined) return ({ value }) => fieldLong(value, field);
  const threshold = args.number('threshold');
  return () => threshold;
}
