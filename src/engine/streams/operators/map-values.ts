import type { ValueMapper } from '../functions/value-functions.ts';
import type { Processor, ProcessorContext, ProcessorSupplier } from '../task/processor.ts';
import { withValue } from '../task/stream-record.ts';

/** A new value for each record of a stream. */
export class MapValuesSupplier implements ProcessorSupplier {
  private readonly mapper: ValueMapper;

  constructor(mapper: ValueMapper) {
    this.mapper = mapper;
  }

  create(context: ProcessorContext): Processor {
    const { mapper } = this;
    return {
      process(record) {
        context.forward(withValue(record, mapper(record.key, record.value)));
      },
    };
  }
}
