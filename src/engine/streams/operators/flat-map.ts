import type { KeyMapper } from '../functions/key-functions.ts';
import type { Processor, ProcessorContext, ProcessorSupplier } from '../task/processor.ts';
import { withKeyValue } from '../task/stream-record.ts';

/** For each element that the list function makes of a value one record, with a key made from the old key and the element. */
export class FlatMapSupplier implements ProcessorSupplier {
  private readonly list: (value: unknown) => readonly unknown[];
  private readonly key: KeyMapper;

  constructor(list: (value: unknown) => readonly unknown[], key: KeyMapper) {
    this.list = list;
    this.key = key;
  }

  create(context: ProcessorContext): Processor {
    const { list, key } = this;
    return {
      process(record) {
        // All pairs are made before the first is forwarded, as the mapper of the API returns them together.
        const pairs = list(record.value).map((value) => withKeyValue(record, key(record.key, value), value));
        for (const pair of pairs) context.forward(pair);
      },
    };
  }
}
