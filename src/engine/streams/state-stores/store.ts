import type { Bytes } from '../../base/bytes.ts';
import type { Serde } from '../serdes/serde.ts';
import type { RecordContext } from '../task/processor.ts';
import type { Headers } from '../task/stream-record.ts';

export type StoreKind =
  | 'keyValue'
  | 'timestampedKeyValue'
  | 'lru'
  | 'window'
  | 'timestampedWindow'
  | 'session'
  | 'versioned'
  | 'outerJoinBuffer'
  | 'suppressBuffer'
  | 'graceBuffer'
  | 'subscription';

/** Which of Kafka's two families of stores is imitated, where they differ in what they forget and when. */
export type StoreBackend = 'rocksDB' | 'inMemory';

/** A store as the topology describes it. */
export interface StoreDefinition {
  readonly name: string;
  readonly kind: StoreKind;
  readonly key: Serde;
  readonly value: Serde;
  readonly backend: StoreBackend;
  /** Updates are held back until commit, the last per key wins. */
  readonly caching: boolean;
  /** Size of the cache that all stores of a thread share. */
  readonly cacheMaxBytes: number;
  readonly logging: boolean;
  /** Milliseconds that a windowed store remembers. */
  readonly retention: number;
  /** Length of a segment of a persistent windowed store, in milliseconds. */
  readonly segmentInterval: number;
  /** Windowed stores: length of a window in milliseconds. */
  readonly windowSize: number;
  /** Windowed aggregates: how long after its end a window may still change, in milliseconds. */
  readonly grace: number;
  /** Window stores of stream-stream joins keep several values per key and time. */
  readonly retainDuplicates: boolean;
  /** The store can be read by time, as emitting at window close needs (KIP-825). */
  readonly timeOrdered: boolean;
  /** LRU: most entries kept. */
  readonly maxEntries: number;
  /** Versioned: how long old versions stay, in milliseconds. */
  readonly historyRetention: number;
}

/** One write to a store, as its changelog topic records it. Bytes are made only when someone asks for them. */
export interface StoreChange {
  readonly store: StoreDefinition;
  /** The key; of stores whose layout is their own, its bytes. */
  readonly key: unknown;
  /** Window stores: start of the window. Sessions: their start. Otherwise −1. */
  readonly start: number;
  /** Sessions: their end. Otherwise −1. */
  readonly end: number;
  /** Window stores: tells duplicates apart, 0 where there are none. Otherwise −1. */
  readonly sequence: number;
  /** Null deletes. */
  readonly value: unknown;
  readonly timestamp: number;
  /** Headers of the record that wrote; absent in stores that do not keep them. */
  readonly headers?: Headers;
}

/** What a store may know of, or do to, the task around it. */
export interface StoreContext {
  /** Time of the record at work. */
  timestamp(): number;
  /** Headers of the record at work. */
  headers(): Headers;
  recordContext(): RecordContext;
  changelog(change: StoreChange): void;
  /** A put that came too late for the store's retention. */
  dropped(): void;
  /** Runs as if the record of this context were the one at work. */
  runAs(context: RecordContext, action: () => void): void;
}

/** Gets what a caching store held back, when it is flushed. The context is that of the last write of the key. */
export type FlushListener = (key: unknown, value: unknown, oldValue: unknown, timestamp: number) => void;

export interface StoreReader {
  readonly definition: StoreDefinition;
}

/** A store at work in a task: code bound to plain state. */
export interface Store extends StoreReader {
  /** Sends everything held back to the changelog and to the flush listener. */
  flush(): void;
  /** Applies one record of the changelog. */
  restore(key: Bytes, value: Bytes | null, timestamp: number): void;
}

/** A value and the time of the record that made it. Immutable. */
export interface Stamped {
  readonly value: unknown;
  /** Milliseconds. */
  readonly timestamp: number;
}
