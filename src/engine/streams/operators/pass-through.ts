import type { Processor, ProcessorContext, ProcessorSupplier } from '../task/processor.ts';

/** Forwards what it gets: where streams merge or branch. */
export class PassThroughSupplier implements ProcessorSupplier {
  create(context: ProcessorContext): Processor {
    return { process: (record) => context.forward(record) };
  }
}
