import { utf8Decode, utf8Encode } from '../../base/bytes.ts';
import { IllegalStateError } from '../functions/function-spec.ts';
import { textOf } from '../serdes/text.ts';
import type { KeyValueStore } from '../state-stores/key-value-store.ts';
import type { ProcessorSupplier } from '../task/processor.ts';
import { malformedRecord } from '../task/streams-error.ts';
import { withKeyValue, withValue, withValueAt } from '../task/stream-record.ts';
import type { Arguments } from './arguments.ts';

export function throwOn(args: Arguments): ProcessorSupplier {
  const text = args.text('value');
  return {
    create: (context) => ({
      process(record) {
        if (record.value !== null && textOf(record.value) === text)
          throw new IllegalStateError(`boom ${text}`);
        context.forward(record);
      },
    }),
  };
}

export function addHeader(args: Arguments): ProcessorSupplier {
  const header = [args.text('name'), utf8Encode(args.text('value'))] as const;
  return {
    create: (context) => ({
      process: (record) => context.forward({ ...record, headers: [...record.headers, header] }),
    }),
  };
}

/** The last header of the name instead of the value. */
export function headerToValue(args: Arguments): ProcessorSupplier {
  const name = args.text('name');
  return {
    create: (context) => ({
      process(record) {
        const last = record.headers.filter((header) => header[0] === name).at(-1);
        context.forward(withValue(record, typeof last?.[1] === 'string' ? utf8Decode(last[1]) : 'none'));
      },
    }),
  };
}

export function shiftTime(args: Arguments): ProcessorSupplier {
  const delta = args.number('delta');
  return {
    create: (context) => ({
      process(record) {
        const timestamp = record.timestamp + delta;
        if (timestamp < 0) throw malformedRecord(timestamp);
        context.forward(withValueAt(record, record.value, timestamp));
      },
    }),
  };
}

export function storePut(args: Arguments): ProcessorSupplier {
  const storeName = args.text('store');
  return {
    create(context) {
      const store = context.store<KeyValueStore>(storeName);
      return {
        process({ key, value }) {
          if (key !== null) store.put(key, value);
        },
      };
    },
  };
}

export function storeGet(args: Arguments): ProcessorSupplier {
  const storeName = args.text('store');
  return {
    create(context) {
      const store = context.store<KeyValueStore>(storeName);
      return {
        process(record) {
          const held = record.key === null ? null : store.get(record.key);
          context.forward(withValue(record, `${textOf(record.value)}/${textOf(held)}`));
        },
      };
    },
  };
}

/** A value `a..b` asks for the entries between two keys; any other value is put. */
export function range(args: Arguments): ProcessorSupplier {
  const storeName = args.text('store');
  const reverse = args.flag('reverse');
  return {
    create(context) {
      const store = context.store<KeyValueStore>(storeName);
      return {
        process(record) {
          const text = textOf(record.value);
          if (record.value === null || !text.includes('..')) {
            store.put(record.key, record.value);
            return;
          }
          const dots = text.indexOf('..');
          const [from, to] = [text.slice(0, dots) || null, text.slice(dots + 2) || null];
          const entries = reverse ? store.reverseRange(from, to) : store.range(from, to);
          for (const { key, value } of entries) context.forward(withKeyValue(record, key, value));
        },
      };
    },
  };
}
