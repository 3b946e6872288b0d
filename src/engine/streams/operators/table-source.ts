import type { TableStore } from '../state-stores/table-store.ts';
import type { Processor, ProcessorContext } from '../task/processor.ts';
import type { StreamRecord } from '../task/stream-record.ts';
import { ChangeForwarder } from './change-forwarder.ts';
import { StoreValueGetterSupplier, type TableSupplier, type ValueGetterSupplier } from './table-supplier.ts';

/** Turns a stream of updates into a table (`KTableSource`). It has a store only if someone needs one. */
export class TableSourceSupplier implements TableSupplier {
  private readonly storeName: string;
  private sendOldValues = false;
  private isMaterialized: boolean;

  constructor(storeName: string, materialized: boolean) {
    this.storeName = storeName;
    this.isMaterialized = materialized;
  }

  get materialized(): boolean {
    return this.isMaterialized;
  }

  enableSendingOldValues(force: boolean): boolean {
    if (!force && !this.isMaterialized) return false;
    this.sendOldValues = true;
    this.isMaterialized = true;
    return true;
  }

  view(): ValueGetterSupplier {
    this.isMaterialized = true;
    return new StoreValueGetterSupplier(this.storeName);
  }

  create(context: ProcessorContext): Processor {
    if (!this.isMaterialized) return { process: (record) => forwardUnmaterialized(context, record) };
    return new TableSource(context, this.storeName, this.sendOldValues);
  }
}

function forwardUnmaterialized(context: ProcessorContext, record: StreamRecord): void {
  if (record.key === null) context.dropped();
  else context.forward(record);
}

class TableSource implements Processor {
  private readonly context: ProcessorContext;
  private readonly store: TableStore;
  private readonly forwarder: ChangeForwarder;

  constructor(context: ProcessorContext, storeName: string, sendOldValues: boolean) {
    this.context = context;
    this.store = context.store<TableStore>(storeName);
    this.forwarder = new ChangeForwarder(context, this.store, sendOldValues);
  }

  process(record: StreamRecord): void {
    const { key, value, timestamp } = record;
    if (key === null) {
      this.context.dropped();
      return;
    }
    const oldValue = this.store.get(key)?.value ?? null;
    const put = this.store.put(key, value, timestamp);
    this.forwarder.forward(record, { key, value, oldValue, timestamp }, put);
  }
}
