import type { Merger } from '../functions/aggregators.ts';
import { Windowed } from '../serdes/windowed.ts';
import type { SessionEntry, SessionStore } from '../state-stores/session-store.ts';
import type { Processor, ProcessorContext } from '../task/processor.ts';
import { recordOf, type StreamRecord } from '../task/stream-record.ts';
import type { EmitStrategy } from '../topology/topology-node.ts';
import type { SessionWindows } from '../windows/windows.ts';
import { ChangeForwarder } from './change-forwarder.ts';
import { closedSince, newEmitState, type EmitState } from './emit-on-close.ts';
import { initialAggregate, type AggregateFunctions } from './stream-aggregate.ts';
import { StoredAggregateSupplier, type WindowedOptions } from './stored-aggregate.ts';
import type { TableSupplier } from './table-supplier.ts';
import { SessionValueGetterSupplier } from './window-value-getter.ts';

export interface SessionFunctions extends AggregateFunctions {
  readonly merger: Merger;
}

/** Aggregates a stream by key and session (`KStreamSessionWindowAggregate`). */
export const sessionAggregate = (
  storeName: string,
  windows: SessionWindows,
  functions: SessionFunctions,
  emit: EmitStrategy,
): TableSupplier =>
  new StoredAggregateSupplier(
    new SessionValueGetterSupplier(storeName),
    (context, sendOldValues) =>
      new SessionAggregate(context, { storeName, windows, functions, emit, sendOldValues }),
  );

type Options = WindowedOptions<SessionWindows, SessionFunctions>;

class SessionAggregate implements Processor {
  private readonly context: ProcessorContext;
  private readonly windows: SessionWindows;
  private readonly functions: SessionFunctions;
  private readonly emitsOnClose: boolean;
  private readonly store: SessionStore;
  private readonly state: EmitState;
  private readonly forwarder: ChangeForwarder | undefined;

  constructor(context: ProcessorContext, options: Options) {
    this.context = context;
    this.windows = options.windows;
    this.functions = options.functions;
    this.emitsOnClose = options.emit === 'onWindowClose';
    this.store = context.store<SessionStore>(options.storeName);
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
    const closeTime = state.observed - windows.grace - windows.gap;
    const found = this.store.findSessions(record.key, timestamp - windows.gap, timestamp + windows.gap);
    const merged = this.merge(record, found);
    if (merged.end < closeTime) this.context.droppedLate();
    else this.replace(record, found, merged);
    if (this.emitsOnClose) this.emitClosed(record, closeTime);
  }

  /** The session of this record and all it touches; the record's own value is not yet in it. */
  private merge({ key, timestamp }: StreamRecord, found: readonly SessionEntry[]): SessionEntry {
    let value = initialAggregate(this.functions);
    let [start, end] = [timestamp, timestamp];
    for (const session of found) {
      value = this.functions.merger(key, value, session.value);
      start = Math.min(start, session.start);
      end = Math.max(end, session.end);
    }
    return { start, end, value };
  }

  private replace(record: StreamRecord, found: readonly SessionEntry[], merged: SessionEntry): void {
    const { key } = record;
    const { start, end } = merged;
    if (start !== record.timestamp || end !== record.timestamp)
      for (const session of found) {
        this.store.remove(key, session.start, session.end);
        this.forward(key, session, { value: null, oldValue: session.value });
      }
    const value = this.functions.step(key, record.value, merged.value);
    this.store.put(key, start, end, value);
    this.forward(key, merged, { value, oldValue: null });
  }

  /** A session's change carries the session's end as its time, and no headers. */
  private forward(
    key: unknown,
    { start, end }: SessionEntry,
    { value, oldValue }: { readonly value: unknown; readonly oldValue: unknown },
  ): void {
    if (this.forwarder === undefined) return;
    const windowed = new Windowed(key, start, end);
    this.forwarder.forward(recordOf(windowed, value, end), {
      key: windowed,
      value,
      oldValue,
      timestamp: end,
    });
  }

  private emitClosed(record: StreamRecord, closeTime: number): void {
    if (!closedSince(this.context, this.state, closeTime)) return;
    const from = Math.max(0, this.state.lastClose);
    const to = closeTime - 1;
    if (to < from) return;
    for (const { key, start, end, value } of this.store.findSessionsByEnd(from, to))
      this.context.forward({
        key: new Windowed(key, start, end),
        value,
        oldValue: null,
        isLatest: true,
        timestamp: end,
        headers: record.headers,
      });
    this.state.lastClose = closeTime;
  }
}
