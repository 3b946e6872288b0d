import type { KeyMapper } from '../functions/key-functions.ts';
import type { ValueMapper } from '../functions/value-functions.ts';
import type { Processor, ProcessorContext, ProcessorSupplier } from '../task/processor.ts';
import { withKeyValue } from '../task/stream-record.ts';

/** New key and new value of each record, both from the old ones. Serves `map` and `selectKey`. */
export class MapSupplier implements ProcessorSupplier {
  private readonly key: KeyMapper;
  private readonly value: ValueMapper;

  constructor(key: KeyMapper, value: ValueMapper) {
    this.key = key;
    this.value = value;
  }

  create(context: ProcessorContext): Processor {
    const { key, value } = this;
    return {
      process(record) {
        const mapped = key(record.key, record.value);
        context.forward(withKeyValue(record, mapped, value(record.key, record.value)));
      },
    };
  }
}
