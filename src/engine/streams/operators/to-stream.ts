import type { Processor, ProcessorContext, ProcessorSupplier } from '../task/processor.ts';
import { withValue } from '../task/stream-record.ts';

/** The changes of a table as a stream of its new values. */
export class ToStreamSupplier implements ProcessorSupplier {
  create(context: ProcessorContext): Processor {
    return {
      process(record) {
        // A record without the past of a table is the same one in a stream.
        context.forward(
          record.oldValue === null && record.isLatest ? record : withValue(record, record.value),
        );
      },
    };
  }
}
