import type { AggregateStep, Initializer } from '../functions/aggregators.ts';
import type { Stamped } from '../state-stores/store.ts';
import type { TableStore } from '../state-stores/table-store.ts';
import type { Processor, ProcessorContext } from '../task/processor.ts';
import { StreamsError } from '../task/streams-error.ts';
import type { StreamRecord } from '../task/stream-record.ts';
import { ChangeForwarder } from './change-forwarder.ts';
import { StoredAggregateSupplier } from './stored-aggregate.ts';
import { StoreValueGetterSupplier, type TableSupplier } from './table-supplier.ts';

/** Functions of a grouped table: what comes takes part, what goes is taken out again. */
export interface TableAggregateFunctions {
  /** Absent for `reduce`: the first value is taken as it is. */
  readonly initializer: Initializer | undefined;
  readonly add: AggregateStep;
  readonly subtract: AggregateStep;
}

/** Aggregates a re-grouped table (`KTableAggregate`, `KTableReduce`). */
export const tableAggregate = (storeName: string, functions: TableAggregateFunctions): TableSupplier =>
  new StoredAggregateSupplier(
    new StoreValueGetterSupplier(storeName),
    (context, sendOldValues) => new TableAggregate(context, functions, { storeName, sendOldValues }),
  );

class TableAggregate implements Processor {
  private readonly functions: TableAggregateFunctions;
  private readonly store: TableStore;
  private readonly forwarder: ChangeForwarder;

  constructor(
    context: ProcessorContext,
    functions: TableAggregateFunctions,
    options: { readonly storeName: string; readonly sendOldValues: boolean },
  ) {
    this.functions = functions;
    this.store = context.store<TableStore>(options.storeName);
    this.forwarder = new ChangeForwarder(context, this.store, options.sendOldValues);
  }

  process(record: StreamRecord): void {
    const { key } = record;
    if (key === null) {
      const text = `Record key for KTable aggregate operator with state ${this.store.definition.name} should not be null.`;
      throw new StreamsError('StreamsException', text);
    }
    const old = this.store.get(key);
    const [value, timestamp] = this.aggregate(record, old);
    const put = this.store.put(key, value, timestamp);
    this.forwarder.forward(record, { key, value, oldValue: old?.value ?? null, timestamp }, put);
  }

  /** The new aggregate and its time. */
  private aggregate(record: StreamRecord, old: Stamped | undefined): readonly [unknown, number] {
    const { key } = record;
    const { initializer, add, subtract } = this.functions;
    let aggregate = old === undefined ? null : old.value;
    let timestamp = record.timestamp;
    if (record.oldValue !== null && old !== undefined) {
      aggregate = subtract(key, record.oldValue, aggregate);
      timestamp = Math.max(timestamp, old.timestamp);
    }
    if (record.value === null) return [aggregate, timestamp];
    const isFirst = aggregate === null;
    if (isFirst && initializer === undefined) return [record.value, timestamp];
    if (old !== undefined) timestamp = Math.max(timestamp, old.timestamp);
    return [add(key, record.value, isFirst ? (initializer as Initializer)() : aggregate), timestamp];
  }
}
