import type { Processor, ProcessorContext } from '../task/processor.ts';
import type { EmitStrategy } from '../topology/topology-node.ts';
import type { TableSupplier, ValueGetterSupplier } from './table-supplier.ts';

/** What a windowed aggregation works with. */
export interface WindowedOptions<Windows, Functions> {
  readonly storeName: string;
  readonly windows: Windows;
  readonly functions: Functions;
  readonly emit: EmitStrategy;
  readonly sendOldValues: boolean;
}

/** An aggregation. Its result is the table in its own store, so old values are always at hand and nothing is computed. */
export class StoredAggregateSupplier implements TableSupplier {
  private readonly result: ValueGetterSupplier;
  private readonly make: (context: ProcessorContext, sendOldValues: boolean) => Processor;
  private sendOldValues = false;

  constructor(
    result: ValueGetterSupplier,
    make: (context: ProcessorContext, sendOldValues: boolean) => Processor,
  ) {
    this.result = result;
    this.make = make;
  }

  enableSendingOldValues(): boolean {
    this.sendOldValues = true;
    return true;
  }

  view(): ValueGetterSupplier {
    return this.result;
  }

  create(context: ProcessorContext): Processor {
    return this.make(context, this.sendOldValues);
  }
}
