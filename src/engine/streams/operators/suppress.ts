import type { Windowed } from '../serdes/windowed.ts';
import type { BufferedRecord } from '../state-stores/buffered-record.ts';
import type { Stamped } from '../state-stores/store.ts';
import type { SuppressBuffer } from '../state-stores/suppress-buffer.ts';
import type { TableRef } from '../dsl/refs.ts';
import type { Processor, ProcessorContext } from '../task/processor.ts';
import { StreamsError } from '../task/streams-error.ts';
import type { StreamRecord } from '../task/stream-record.ts';
import type { TableSupplier, ValueGetter, ValueGetterSupplier } from './table-supplier.ts';

export interface SuppressOptions {
  readonly storeName: string;
  /** Final results of windows: buffer time is the window's end, and deletions are never told. */
  readonly untilWindowCloses: boolean;
  /** Milliseconds between buffer time and release. */
  readonly duration: number;
  readonly maxRecords: number | undefined;
  readonly maxBytes: number | undefined;
  readonly whenFull: 'emitEarly' | 'shutDown';
}

/** Holds the changes of a table back and forwards only the last one per key, later (KIP-328). */
export class SuppressSupplier implements TableSupplier {
  private readonly parent: TableRef;
  private readonly options: SuppressOptions;

  constructor(parent: TableRef, options: SuppressOptions) {
    this.parent = parent;
    this.options = options;
    parent.enableSendingOldValues(true);
  }

  enableSendingOldValues(force: boolean): boolean {
    return this.parent.enableSendingOldValues(force);
  }

  view(): ValueGetterSupplier {
    return new SuppressValueGetterSupplier(this.parent.supplier.view(), this.options.storeName);
  }

  create(context: ProcessorContext): Processor {
    return new Suppress(context, this.options);
  }
}

/** A key that is held back still has its value of before, as far as anyone downstream knows. */
class SuppressValueGetterSupplier implements ValueGetterSupplier {
  readonly storeNames: readonly string[];
  private readonly parent: ValueGetterSupplier;
  private readonly storeName: string;

  constructor(parent: ValueGetterSupplier, storeName: string) {
    this.parent = parent;
    this.storeName = storeName;
    this.storeNames = [storeName, ...parent.storeNames];
  }

  get(context: ProcessorContext): ValueGetter {
    const parent = this.parent.get(context);
    const buffer = context.store<SuppressBuffer>(this.storeName);
    const get = (key: unknown): Stamped | undefined => {
      const held = buffer.get(key);
      if (held === undefined) return parent.get(key);
      return held.prior === null ? undefined : { value: held.prior, timestamp: -1 };
    };
    return { versioned: false, get, getAsOf: get };
  }
}

class Suppress implements Processor {
  private readonly context: ProcessorContext;
  private readonly options: SuppressOptions;
  private readonly buffer: SuppressBuffer;
  private readonly state: { observed: number };

  constructor(context: ProcessorContext, options: SuppressOptions) {
    this.context = context;
    this.options = options;
    this.buffer = context.store<SuppressBuffer>(options.storeName);
    this.state = context.state(context.name, () => ({ observed: -1 }));
  }

  process(record: StreamRecord): void {
    const { state, options, buffer } = this;
    if (record.timestamp > state.observed) state.observed = record.timestamp;
    this.hold(record);
    const expiry = state.observed - options.duration;
    while (buffer.minTimestamp <= expiry) this.release();
    if (!this.isFull()) return;
    if (options.whenFull === 'shutDown') throw this.full();
    while (this.buffer.records > 0 && this.isFull()) this.release();
  }

  private hold(record: StreamRecord): void {
    const { key, value, oldValue } = record;
    const time = this.options.untilWindowCloses ? (key as Windowed).end : this.context.timestamp();
    this.buffer.put(time, { key, value, oldValue, context: this.context.recordContext() }, this.countsBytes);
  }

  private release(): void {
    this.buffer.evict(this.countsBytes, (record) => this.tell(record));
  }

  private tell({ key, value, oldValue, context }: BufferedRecord): void {
    if (value === null && this.options.untilWindowCloses) return;
    const { timestamp, headers } = context;
    this.context.runAs(context, () =>
      this.context.forward({ key, value, oldValue, isLatest: true, timestamp, headers }),
    );
  }

  private get countsBytes(): boolean {
    return this.options.maxBytes !== undefined;
  }

  private isFull(): boolean {
    const { maxRecords, maxBytes } = this.options;
    const { records, bytes } = this.buffer;
    return (maxRecords !== undefined && records > maxRecords) || (maxBytes !== undefined && bytes > maxBytes);
  }

  private full(): StreamsError {
    const { records, bytes } = this.buffer;
    const limits = `[${records}/${this.options.maxRecords ?? 'unlimited'}] records and [${bytes}/${this.options.maxBytes ?? 'unlimited'}] bytes`;
    const text = `${this.context.name} buffer exceeded its max capacity. Currently ${limits}.`;
    return new StreamsError('StreamsException', text);
  }
}
