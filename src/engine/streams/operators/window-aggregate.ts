import type { Stamped } from '../state-stores/store.ts';
import type { WindowStore } from '../state-stores/window-store.ts';
import { Windowed } from '../serdes/windowed.ts';
import type { Processor, ProcessorContext } from '../task/processor.ts';
import type { StreamRecord } from '../task/stream-record.ts';
import type { EmitStrategy } from '../topology/topology-node.ts';
import { firstWindowStart, type TimeWindows } from '../windows/windows.ts';
import { ChangeForwarder } from './change-forwarder.ts';
import { emitClosedWindows } from './emit-closed-windows.ts';
import { newEmitState, type EmitState } from './emit-on-close.ts';
import { initialAggregate, type AggregateFunctions } from './stream-aggregate.ts';
import { StoredAggregateSupplier, type WindowedOptions } from './stored-aggregate.ts';
import type { TableSupplier } from './table-supplier.ts';
import { WindowValueGetterSupplier } from './window-value-getter.ts';

/** Aggregates a stream by key and tumbling or hopping window (`KStreamWindowAggregate`). */
export const windowAggregate = (
  storeName: string,
  windows: TimeWindows,
  functions: AggregateFunctions,
  emit: EmitStrategy,
): TableSupplier =>
  new StoredAggregateSupplier(
    new WindowValueGetterSupplier(storeName),
    (context, sendOldValues) =>
      new WindowAggregate(context, { storeName, windows, functions, emit, sendOldValues }),
  );

type Options = WindowedOptions<TimeWindows, AggregateFunctions>;

class WindowAggregate implements Processor {
  readonly context: ProcessorContext;
  readonly windows: TimeWindows;
  private readonly functions: AggregateFunctions;
  private readonly emitsOnClose: boolean;
  readonly store: WindowStore;
  readonly state: EmitState;
  private readonly forwarder: ChangeForwarder | undefined;

  constructor(context: ProcessorContext, options: Options) {
    this.context = context;
    this.windows = options.windows;
    this.functions = options.functions;
    this.emitsOnClose = options.emit === 'onWindowClose';
    this.store = context.store<WindowStore>(options.storeName);
    this.state = context.state(context.name, newEmitState);
    // Updates are never forwarded at window close: then the store's cache has nobody to tell.
    this.forwarder = this.emitsOnClose
      ? undefined
      : new ChangeForwarder(context, this.store, options.sendOldValues);
  }

  process(record: StreamRecord): void {
    if (record.key === null) {
      this.context.dropped();
      return;
    }
    const { state, windows } = this;
    const { timestamp } = record;
    if (timestamp > state.observed) state.observed = timestamp;
    const closeTime = state.observed - windows.grace;
    for (let start = firstWindowStart(windows, timestamp); start <= timestamp; start += windows.advance) {
      if (start + windows.size > closeTime) this.update(record, start);
      else this.context.droppedLate();
    }
    if (this.emitsOnClose) emitClosedWindows(this, record, closeTime);
  }

  private update(record: StreamRecord, start: number): void {
    const { key } = record;
    const old = this.store.fetchOne(key, start) as Stamped | undefined;
    const timestamp = old === undefined ? record.timestamp : Math.max(record.timestamp, old.timestamp);
    const oldValue = old === undefined ? initialAggregate(this.functions) : old.value;
    const value = this.functions.step(key, record.value, oldValue);
    this.store.put(key, value === null ? null : { value, timestamp }, start);
    if (this.forwarder === undefined) return;
    const windowed = new Windowed(key, start, start + this.windows.size);
    this.forwarder.forward(record, { key: windowed, value, oldValue, timestamp });
  }
}
