import type { Predicate } from '../functions/predicates.ts';
import type { Processor, ProcessorContext, ProcessorSupplier } from '../task/processor.ts';

export interface Branch {
  readonly child: string;
  readonly predicate: Predicate;
}

/** Sends each record to the first branch whose predicate holds, or to the default branch if there is one. */
export class BranchSupplier implements ProcessorSupplier {
  private readonly branches: readonly Branch[];
  private readonly otherwise: string | undefined;

  constructor(branches: readonly Branch[], otherwise: string | undefined) {
    this.branches = branches;
    this.otherwise = otherwise;
  }

  create(context: ProcessorContext): Processor {
    const { branches, otherwise } = this;
    return {
      process(record) {
        for (const { child, predicate } of branches)
          if (predicate(record.key, record.value)) {
            context.forwardTo(child, record);
            return;
          }
        if (otherwise !== undefined) context.forwardTo(otherwise, record);
      },
    };
  }
}
