import { Windowed } from '../serdes/windowed.ts';
import type { Stamped } from '../state-stores/store.ts';
import type { WindowEntry } from '../state-stores/window-reads.ts';
import type { WindowStore } from '../state-stores/window-store.ts';
import type { Processor, ProcessorContext } from '../task/processor.ts';
import { StreamsError } from '../task/streams-error.ts';
import type { StreamRecord } from '../task/stream-record.ts';
import type { EmitStrategy } from '../topology/topology-node.ts';
import type { SlidingWindows } from '../windows/windows.ts';
import { ChangeForwarder } from './change-forwarder.ts';
import { closedSince, newEmitState, type EmitState } from './emit-on-close.ts';
import { initialAggregate, type AggregateFunctions } from './stream-aggregate.ts';
import { StoredAggregateSupplier, type WindowedOptions } from './stored-aggregate.ts';
import type { TableSupplier } from './table-supplier.ts';
import { WindowValueGetterSupplier } from './window-value-getter.ts';

/** Aggregates a stream by key and sliding window (`KStreamSlidingWindowAggregate`, KIP-450). */
export const slidingAggregate = (
  storeName: string,
  windows: SlidingWindows,
  functions: AggregateFunctions,
  emit: EmitStrategy,
): TableSupplier =>
  new StoredAggregateSupplier(
    new WindowValueGetterSupplier(storeName),
    (context, sendOldValues) =>
      new SlidingAggregate(context, { storeName, windows, functions, emit, sendOldValues }),
  );

type Options = WindowedOptions<SlidingWindows, AggregateFunctions>;

/** What a look at the windows around a record tells of its neighbours. */
interface Neighbourhood {
  /** Starts of the windows there are. */
  readonly starts: ReadonlySet<number>;
  /** Aggregate of the records before this one in its left window; it starts from there. */
  readonly left: Stamped | undefined;
  /** Aggregate of a window that also holds what comes after this record. */
  readonly right: Stamped | undefined;
  readonly leftExists: boolean;
  readonly rightExists: boolean;
  /** Time of the last record before this one, as far as windows tell. */
  readonly previous: number | undefined;
}

class SlidingAggregate implements Processor {
  private readonly context: ProcessorContext;
  private readonly windows: SlidingWindows;
  private readonly functions: AggregateFunctions;
  private readonly emitsOnClose: boolean;
  private readonly store: WindowStore;
  private readonly state: EmitState;
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
    if (record.key === null || record.value === null) {
      this.context.dropped();
      return;
    }
    const { state, windows } = this;
    const { timestamp } = record;
    if (timestamp > state.observed) state.observed = timestamp;
    const closeTime = state.observed - windows.grace;
    if (timestamp + windows.difference < closeTime) {
      this.context.droppedLate();
      return;
    }
    if (timestamp < windows.difference) {
      // Windows do not reach below 0: such a record belongs to [0, difference] instead of a left window of its own.
      this.processEarly(record, closeTime);
      return;
    }
    const found = this.lookAround(record, closeTime);
    if (found !== undefined) this.createWindows(record, found, closeTime);
    if (this.emitsOnClose) this.emitClosed(record, closeTime);
  }

  /**
   * Updates the windows that hold the record, latest first, and learns of its neighbours. Undefined if a record of the
   * same time has been here before: then there is nothing to create.
   */
  private lookAround(record: StreamRecord, closeTime: number): Neighbourhood | undefined {
    const { timestamp } = record;
    const { difference } = this.windows;
    if (difference === 0)
      throw new StreamsError(
        'IllegalArgumentException',
        'a sliding window without extent cannot be looked up',
      );
    const starts = new Set<number>();
    let left: Stamped | undefined;
    let right: Stamped | undefined;
    let previous: number | undefined;
    let leftExists = false;
    let rightExists = false;
    for (const { start, value } of this.windowsAround(record).reverse()) {
      starts.add(start);
      const window = value as Stamped;
      const end = start + difference;
      if (start === timestamp + 1) rightExists = true;
      else if (end > timestamp) {
        right ??= window;
        this.update(record, start, window, closeTime);
      } else if (end === timestamp) {
        leftExists = true;
        this.update(record, start, window, closeTime);
        if (window.timestamp >= timestamp) return undefined;
        previous = window.timestamp;
      } else {
        left = window;
        previous = window.timestamp;
        break;
      }
    }
    return { starts, left, right, leftExists, rightExists, previous };
  }

  private windowsAround({ key, timestamp }: StreamRecord): WindowEntry[] {
    return this.store.fetch(key, Math.max(0, timestamp - 2 * this.windows.difference), timestamp + 1);
  }

  /** The right window of the record before, the left window of this one, the right window of this one. */
  private createWindows(record: StreamRecord, found: Neighbourhood, closeTime: number): void {
    const { timestamp } = record;
    const { difference } = this.windows;
    const { previous } = found;
    if (previous !== undefined && !found.starts.has(previous + 1) && previous + 1 + difference >= timestamp)
      this.update(record, previous + 1, this.fresh(timestamp), closeTime);
    if (!found.leftExists) {
      const continues = previous !== undefined && timestamp - difference <= previous;
      const base = continues ? { value: found.left?.value ?? null, timestamp } : this.fresh(timestamp);
      this.update(record, timestamp - difference, base, closeTime);
    }
    if (!found.rightExists) this.createRight(record, found.right);
  }

  private processEarly(record: StreamRecord, closeTime: number): void {
    const { key, timestamp } = record;
    const starts = new Set<number>();
    let combined: Stamped | undefined;
    let right: Stamped | undefined;
    let previous: number | undefined;
    let rightExists = false;
    for (const { start, value } of this.store.fetch(key, 0, timestamp + 1)) {
      starts.add(start);
      const window = value as Stamped;
      if (start === 0) {
        combined = window;
        if (window.timestamp < timestamp) previous = window.timestamp;
      } else if (start <= timestamp) {
        right = window;
        this.update(record, start, window, closeTime);
      } else rightExists = true;
    }
    if (right === undefined && combined !== undefined && combined.timestamp > timestamp) right = combined;
    if (!rightExists) this.createRight(record, right);
    if (previous !== undefined && !starts.has(previous + 1))
      this.update(record, previous + 1, this.fresh(timestamp), closeTime);
    this.update(record, 0, combined ?? this.fresh(timestamp), closeTime);
  }

  private fresh(timestamp: number): Stamped {
    return { value: initialAggregate(this.functions), timestamp };
  }

  /** The window just behind the record, if something is known to lie in it: it starts as a copy. */
  private createRight(record: StreamRecord, right: Stamped | undefined): void {
    if (right === undefined || right.timestamp <= record.timestamp) return;
    const start = record.timestamp + 1;
    this.store.put(record.key, right, start);
    this.forward(record, start, { value: right.value, oldValue: null, timestamp: right.timestamp });
  }

  private update(record: StreamRecord, start: number, window: Stamped, closeTime: number): void {
    if (start + this.windows.difference < closeTime) {
      this.context.droppedLate();
      return;
    }
    const { key } = record;
    const oldValue = window.value;
    const value = this.functions.step(key, record.value, oldValue);
    const timestamp = oldValue === null ? record.timestamp : Math.max(record.timestamp, window.timestamp);
    this.store.put(key, value === null ? null : { value, timestamp }, start);
    this.forward(record, start, { value, oldValue, timestamp });
  }

  private forward(
    record: StreamRecord,
    start: number,
    change: Stamped & { readonly oldValue: unknown },
  ): void {
    if (this.forwarder === undefined) return;
    const key = new Windowed(record.key, start, start + this.windows.difference);
    this.forwarder.forward(record, { key, ...change });
  }

  private emitClosed(record: StreamRecord, closeTime: number): void {
    const { difference } = this.windows;
    const { lastClose } = this.state;
    const to = closeTime - difference - 1;
    if (!closedSince(this.context, this.state, closeTime) || to < 0) return;
    const from = lastClose === -1 ? 0 : Math.max(0, lastClose - difference);
    for (const { key, start, value } of this.store.fetchAll(from, to)) {
      const entry = value as Stamped;
      this.context.forward({
        key: new Windowed(key, start, start + difference),
        value: entry.value,
        oldValue: null,
        isLatest: true,
        timestamp: entry.timestamp,
        headers: record.headers,
      });
    }
    this.state.lastClose = closeTime;
  }
}
