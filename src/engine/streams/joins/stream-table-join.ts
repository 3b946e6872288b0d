import type { KeyMapper } from '../functions/key-functions.ts';
import type { ValueJoiner } from '../functions/joiners.ts';
import type { ValueGetter, ValueGetterSupplier } from '../operators/table-supplier.ts';
import type { GraceBuffer } from '../state-stores/grace-buffer.ts';
import type { Processor, ProcessorContext, ProcessorSupplier } from '../task/processor.ts';
import { StreamsError } from '../task/streams-error.ts';
import { withValue, type StreamRecord } from '../task/stream-record.ts';

export interface StreamTableJoinOptions {
  readonly table: ValueGetterSupplier;
  readonly joiner: ValueJoiner;
  readonly left: boolean;
  /** The table's key for a record of the stream. */
  readonly keyOf: KeyMapper;
  /** Records wait so long, in milliseconds, for the table to catch up. Only with a versioned table. */
  readonly grace: { readonly ms: number; readonly bufferStore: string } | undefined;
}

/** Looks a table (`KStreamKTableJoin`) or a global table (`KStreamGlobalKTableJoin`) up for each record of a stream. */
export class StreamTableJoinSupplier implements ProcessorSupplier {
  private readonly options: StreamTableJoinOptions;

  constructor(options: StreamTableJoinOptions) {
    this.options = options;
  }

  create(context: ProcessorContext): Processor {
    return new StreamTableJoin(context, this.options);
  }
}

class StreamTableJoin implements Processor {
  private readonly context: ProcessorContext;
  private readonly options: StreamTableJoinOptions;
  private readonly table: ValueGetter;
  private readonly buffer: GraceBuffer | undefined;

  constructor(context: ProcessorContext, options: StreamTableJoinOptions) {
    this.context = context;
    this.options = options;
    this.table = options.table.get(context);
    this.buffer =
      options.grace === undefined ? undefined : context.store<GraceBuffer>(options.grace.bufferStore);
  }

  process(record: StreamRecord): void {
    if (this.drops(record)) this.context.dropped();
    else if (this.buffer === undefined || this.options.grace === undefined) this.join(record);
    else this.hold(this.buffer, record, this.options.grace.ms);
  }

  private drops(record: StreamRecord): boolean {
    const { left, keyOf } = this.options;
    if (left && record.key === null && record.value !== null) return false;
    return record.value === null || keyOf(record.key, record.value) === null;
  }

  private hold(buffer: GraceBuffer, record: StreamRecord, grace: number): void {
    // A null key has no bytes to wait under: the real buffer fails on it.
    if (record.key === null) throw new NullPointerError();
    const { key, value } = record;
    const held = { key, value, prior: null, oldValue: null, context: this.context.recordContext() };
    if (!buffer.put(held, grace)) this.join(record);
    else
      buffer.evict(grace, (due) => {
        const { timestamp, headers } = due.context;
        const letGo = { key: due.key, value: due.value, oldValue: null, isLatest: true, timestamp, headers };
        this.context.runAs(due.context, () => this.join(letGo));
      });
  }

  private join(record: StreamRecord): void {
    const { left, joiner, keyOf } = this.options;
    const key = keyOf(record.key, record.value);
    const found = key === null ? undefined : this.lookUp(key, record.timestamp);
    if (left || found !== undefined)
      this.context.forward(withValue(record, joiner(record.key, record.value, found?.value ?? null)));
  }

  private lookUp(key: unknown, timestamp: number): ReturnType<ValueGetter['get']> {
    return this.table.versioned ? this.table.getAsOf(key, timestamp) : this.table.get(key);
  }
}

/** What Java throws where a null is used. */
class NullPointerError extends Error {
  constructor() {
    super('null key in a buffered join');
    this.name = 'NullPointerException';
  }
}

/** The table must be able to tell what was valid earlier. */
export function notVersioned(): StreamsError {
  return new StreamsError(
    'IllegalArgumentException',
    'KTable must be versioned to use a grace period in a stream table join.',
  );
}
