import type { WindowStore } from '../state-stores/window-store.ts';
import type { Processor, ProcessorContext, ProcessorSupplier } from '../task/processor.ts';

/** Joins a record with the other side first, then keeps it for what comes later (`KStreamJoinWindow`). */
export class JoinWindowPutSupplier implements ProcessorSupplier {
  private readonly storeName: string;

  constructor(storeName: string) {
    this.storeName = storeName;
  }

  create(context: ProcessorContext): Processor {
    const store = context.store<WindowStore>(this.storeName);
    return {
      process(record) {
        context.forward(record);
        if (record.key !== null) store.put(record.key, record.value, record.timestamp);
      },
    };
  }
}
