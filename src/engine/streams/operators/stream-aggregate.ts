import type { AggregateStep, Initializer } from '../functions/aggregators.ts';
import type { TableStore } from '../state-stores/table-store.ts';
import type { Processor, ProcessorContext } from '../task/processor.ts';
import type { StreamRecord } from '../task/stream-record.ts';
import { ChangeForwarder } from './change-forwarder.ts';
import { StoredAggregateSupplier } from './stored-aggregate.ts';
import { StoreValueGetterSupplier, type TableSupplier } from './table-supplier.ts';

/** What an aggregation does with values, whatever it is grouped by. */
export interface AggregateFunctions {
  /** Absent for `reduce`: the first value is taken as it is. */
  readonly initializer: Initializer | undefined;
  readonly step: AggregateStep;
}

/** The first aggregate of a group that has none, before a value is added. */
export const initialAggregate = ({ initializer }: AggregateFunctions): unknown =>
  initializer === undefined ? null : initializer();

/** Aggregates a stream by key (`KStreamAggregate`, `KStreamReduce`). Records without key or value are dropped. */
export const streamAggregate = (storeName: string, functions: AggregateFunctions): TableSupplier =>
  new StoredAggregateSupplier(
    new StoreValueGetterSupplier(storeName),
    (context, sendOldValues) => new StreamAggregate(context, functions, { storeName, sendOldValues }),
  );

class StreamAggregate implements Processor {
  private readonly context: ProcessorContext;
  private readonly functions: AggregateFunctions;
  private readonly store: TableStore;
  private readonly forwarder: ChangeForwarder;

  constructor(
    context: ProcessorContext,
    functions: AggregateFunctions,
    options: { readonly storeName: string; readonly sendOldValues: boolean },
  ) {
    this.context = context;
    this.functions = functions;
    this.store = context.store<TableStore>(options.storeName);
    this.forwarder = new ChangeForwarder(context, this.store, options.sendOldValues);
  }

  process(record: StreamRecord): void {
    const { key } = record;
    if (key === null || record.value === null) {
      this.context.dropped();
      return;
    }
    const old = this.store.get(key);
    const timestamp = old === undefined ? record.timestamp : Math.max(record.timestamp, old.timestamp);
    const oldValue = old === undefined ? initialAggregate(this.functions) : old.value;
    const value = this.functions.step(key, record.value, oldValue);
    const put = this.store.put(key, value, timestamp);
    this.forwarder.forward(record, { key, value, oldValue, timestamp }, put);
  }
}
