import type { KeyMapper } from '../functions/key-functions.ts';
import type { ValueMapper } from '../functions/value-functions.ts';
import type { Processor, ProcessorContext, ProcessorSupplier } from '../task/processor.ts';
import { StreamsError } from '../task/streams-error.ts';
import { textOf } from '../serdes/text.ts';
import type { StreamRecord } from '../task/stream-record.ts';

/** New key and new value of a table's record, which then goes to another group (`KTableRepartitionMap`). */
export class TableRepartitionMapSupplier implements ProcessorSupplier {
  useVersionedSemantics = false;
  private readonly key: KeyMapper;
  private readonly value: ValueMapper;

  constructor(key: KeyMapper, value: ValueMapper) {
    this.key = key;
    this.value = value;
  }

  create(context: ProcessorContext): Processor {
    const ignoreOlder = this.useVersionedSemantics;
    return {
      process: (record) => {
        if (record.key === null)
          throw new StreamsError(
            'StreamsException',
            'Record key for the grouping KTable should not be null.',
          );
        if (!ignoreOlder || record.isLatest) this.regroup(context, record);
      },
    };
  }

  /** One change if the group stays, else first the old group's, then the new group's. */
  private regroup(context: ProcessorContext, record: StreamRecord): void {
    const before = this.pairOf(record.key, record.oldValue);
    const after = this.pairOf(record.key, record.value);
    if (before !== undefined && after !== undefined && sameKey(before.key, after.key))
      context.forward({ ...record, key: after.key, value: after.value, oldValue: before.value });
    else {
      if (before !== undefined)
        context.forward({ ...record, key: before.key, value: null, oldValue: before.value });
      if (after !== undefined)
        context.forward({ ...record, key: after.key, value: after.value, oldValue: null });
    }
  }

  private pairOf(
    key: unknown,
    value: unknown,
  ): { readonly key: unknown; readonly value: unknown } | undefined {
    if (value === null) return undefined;
    const pair = { key: this.key(key, value), value: this.value(key, value) };
    return pair.key === null || pair.value === null ? undefined : pair;
  }
}

/** Equal keys: texts and longs compare as they are, others by what they say. */
const sameKey = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && textOf(a) === textOf(b));
