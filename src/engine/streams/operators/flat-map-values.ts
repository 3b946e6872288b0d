import type { Processor, ProcessorContext, ProcessorSupplier } from '../task/processor.ts';
import { withValue } from '../task/stream-record.ts';

/** For each record as many as the list function makes of its value. */
export class FlatMapValuesSupplier implements ProcessorSupplier {
  private readonly list: (value: unknown) => readonly unknown[];

  constructor(list: (value: unknown) => readonly unknown[]) {
    this.list = list;
  }

  create(context: ProcessorContext): Processor {
    const { list } = this;
    return {
      process(record) {
        for (const value of list(record.value)) context.forward(withValue(record, value));
      },
    };
  }
}
