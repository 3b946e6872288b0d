import type { CachingStore } from '../state-stores/caching.ts';
import type { StoreReader } from '../state-stores/store.ts';
import type { PutResult } from '../state-stores/table-store.ts';
import type { ProcessorContext } from '../task/processor.ts';
import type { StreamRecord } from '../task/stream-record.ts';

/**
 * Sends the changes of a materialised table on: at once, or, where the store caches, when the store is flushed, with the
 * last change per key only (`TimestampedTupleForwarder`).
 */
export class ChangeForwarder {
  private readonly context: ProcessorContext;
  private readonly sendOldValues: boolean;
  private readonly caching: boolean;

  constructor(context: ProcessorContext, store: StoreReader, sendOldValues: boolean) {
    this.context = context;
    this.sendOldValues = sendOldValues;
    this.caching = isCaching(store) && store.setFlushListener(this.onFlush);
  }

  /** The record's change with these values; nothing if the store did not take it. */
  forward(record: StreamRecord, change: Change, put: PutResult = 'latest'): void {
    if (this.caching || put === 'notPut') return;
    this.context.forward({
      key: change.key,
      value: change.value,
      oldValue: this.sendOldValues ? change.oldValue : null,
      isLatest: put === 'latest',
      timestamp: change.timestamp,
      headers: record.headers,
    });
  }

  private readonly onFlush = (key: unknown, value: unknown, oldValue: unknown, timestamp: number): void => {
    const headers = this.context.headers();
    const sent = this.sendOldValues ? oldValue : null;
    this.context.forward({ key, value, oldValue: sent, isLatest: true, timestamp, headers });
  };
}

export interface Change {
  readonly key: unknown;
  readonly value: unknown;
  readonly oldValue: unknown;
  readonly timestamp: number;
}

const isCaching = (store: StoreReader): store is StoreReader & CachingStore => 'setFlushListener' in store;
