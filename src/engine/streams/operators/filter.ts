import type { Predicate } from '../functions/predicates.ts';
import type { Processor, ProcessorContext, ProcessorSupplier } from '../task/processor.ts';

/** Lets the records of a stream pass for which a predicate holds (or, negated, does not). */
export class FilterSupplier implements ProcessorSupplier {
  private readonly predicate: Predicate;
  private readonly negated: boolean;

  constructor(predicate: Predicate, negated: boolean) {
    this.predicate = predicate;
    this.negated = negated;
  }

  create(context: ProcessorContext): Processor {
    const { predicate, negated } = this;
    return {
      process(record) {
        if (predicate(record.key, record.value) !== negated) context.forward(record);
      },
    };
  }
}
