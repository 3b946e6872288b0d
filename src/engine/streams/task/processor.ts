import type { StreamsConfig } from '../config.ts';
import type { StoreReader } from '../state-stores/store.ts';
import type { Headers, StreamRecord } from './stream-record.ts';

/** Stream time advances with records, wall clock by itself. */
export type PunctuationType = 'streamTime' | 'wallClock';

/** One operator at work in one task. Compiled from the topology: it owns no state that must survive a checkpoint. */
export interface Processor {
  process(record: StreamRecord): void;
  /** Called once when the task is created for the first time; schedules punctuation. */
  start?(): void;
  /** A schedule of this processor is due. `timestamp`: stream time or wall clock, in milliseconds. */
  punctuate?(schedule: string, timestamp: number): void;
}

/** Where a record that is being processed came from. */
export interface RecordMetadata {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** What an operator may know of the record at work: kept with what is held back, and put back when it is let go. */
export interface RecordContext {
  readonly timestamp: number;
  readonly headers: Headers;
  /** Undefined in a punctuation. */
  readonly metadata: RecordMetadata | undefined;
}

/** All that an operator may know of, or do to, the task around it. */
export interface ProcessorContext {
  readonly name: string;
  /** Sends to every child, in order of declaration. */
  forward(record: StreamRecord): void;
  /** Sends to one child. */
  forwardTo(child: string, record: StreamRecord): void;
  /**
   * Plain data that survives a checkpoint, made by `initial` when the task is created. Processors that ask with the
   * same name share it.
   */
  state<T extends object>(name: string, initial: () => T): T;
  /** A store this processor is connected to. Throws a `StreamsError` if it is not. */
  store<S extends StoreReader>(name: string): S;
  /** Asks for `punctuate(schedule)` every so many milliseconds. */
  schedule(schedule: string, type: PunctuationType, intervalMs: number): void;
  cancel(schedule: string): void;
  /** One record was dropped, as Kafka's `dropped-records-total` counts. */
  dropped(): void;
  /** A record was dropped because its window had closed. Also counts as dropped. */
  droppedLate(): void;
  /** Undefined in a punctuation. */
  metadata(): RecordMetadata | undefined;
  /** Largest timestamp the task has seen; −1 before the first record. */
  streamTime(): number;
  /** Milliseconds. */
  wallClock(): number;
  /** Time of the record (or punctuation) at work. */
  timestamp(): number;
  /** Headers of the record at work. */
  headers(): Headers;
  recordContext(): RecordContext;
  /** Runs as if a record that was held back were the one at work. */
  runAs(context: RecordContext, action: () => void): void;
  readonly config: StreamsConfig;
}

/** What the topology holds of an operator: makes its processor for a task. */
export interface ProcessorSupplier {
  create(context: ProcessorContext): Processor;
}
