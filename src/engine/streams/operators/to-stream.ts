import type { Processor, ProcessorContext, ProcessorSupplier } from '../task/processor.ts';
import { withValue } from '../task/stream-record.ts';

/** The changes of a table as a stream of its new values. */
export class ToStreamSupplier implements ProcessorSupplier {
  create(context: ProcessorContext): Processor {
    return {
      process(record) {
        context.forward(withValue(record, record.value));
      },
    };
  }
}
