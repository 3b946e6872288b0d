import { keyFunction } from '../functions/key-functions.ts';
import { longSubtract, type Long } from '../serdes/long.ts';
import type { Serde } from '../serdes/serde.ts';
import type { KeyValueStore } from '../state-stores/key-value-store.ts';
import type { Processor, ProcessorContext, ProcessorSupplier } from '../task/processor.ts';
import type { Arguments } from './arguments.ts';

/** Drops a record whose id was accepted less than `ttl` milliseconds of record time ago. */
export function dedupe(
  args: Arguments,
  types: { readonly key: Serde; readonly value: Serde },
): ProcessorSupplier {
  const idOf = keyFunction(args.optionalText('id') ?? 'key', types.key).apply;
  const store = args.text('store');
  const ttl = args.number('ttl');
  const evictEvery = args.optionalNumber('evictEvery');
  return { create: (context) => dedupeProcessor(context, { idOf, store, ttl, evictEvery }) };
}

interface Options {
  readonly idOf: (key: unknown, value: unknown) => unknown;
  readonly store: string;
  readonly ttl: number;
  readonly evictEvery: number | undefined;
}

function dedupeProcessor(context: ProcessorContext, { idOf, store, ttl, evictEvery }: Options): Processor {
  const seen = context.store<KeyValueStore>(store);
  return {
    start() {
      if (evictEvery !== undefined) context.schedule('evict', 'streamTime', evictEvery);
    },
    process(record) {
      const id = idOf(record.key, record.value);
      if (id !== null) {
        const last = seen.get(id) as Long | null;
        if (last !== null && longSubtract(record.timestamp, last) < ttl) return;
        seen.put(id, record.timestamp);
      }
      context.forward(record);
    },
    punctuate(_schedule, now) {
      for (const { key, value } of seen.all()) if ((value as number) + ttl <= now) seen.put(key, null);
    },
  };
}
