import type { ValueJoiner } from '../functions/joiners.ts';
import type { WindowStore } from '../state-stores/window-store.ts';
import type { Processor, ProcessorContext, ProcessorSupplier } from '../task/processor.ts';
import { withValueAt, type StreamRecord } from '../task/stream-record.ts';
import type { JoinWindows } from './join-windows.ts';

interface SelfJoinOptions {
  readonly storeName: string;
  readonly windows: JoinWindows;
  readonly joiner: ValueJoiner;
}

/** A stream joined with itself over one store (`KStreamKStreamSelfJoin`, KIP-862). */
export class StreamSelfJoinSupplier implements ProcessorSupplier {
  private readonly options: SelfJoinOptions;

  constructor(options: SelfJoinOptions) {
    this.options = options;
  }

  create(context: ProcessorContext): Processor {
    return new StreamSelfJoin(context, this.options);
  }
}

class StreamSelfJoin implements Processor {
  private readonly context: ProcessorContext;
  private readonly options: SelfJoinOptions;
  private readonly store: WindowStore;
  private readonly state: { streamTime: number };

  constructor(context: ProcessorContext, options: SelfJoinOptions) {
    this.context = context;
    this.options = options;
    this.store = context.store<WindowStore>(options.storeName);
    this.state = context.state(context.name, () => ({ streamTime: -1 }));
  }

  /** First as the left side, then as the right side; the pair with itself comes where its time belongs. */
  process(record: StreamRecord): void {
    const { key, value, timestamp } = record;
    if (key === null || value === null) {
      this.context.dropped();
      return;
    }
    const { joiner, windows } = this.options;
    this.state.streamTime = Math.max(this.state.streamTime, timestamp);
    const retention = windows.before + windows.after + windows.grace;
    let emitsSelf = timestamp > this.state.streamTime - retention + 1;
    const forwardSelf = (): void => {
      if (emitsSelf) this.context.forward(withValueAt(record, joiner(key, value, value), timestamp));
      emitsSelf = false;
    };
    for (const other of this.partners(record, windows.before, windows.after))
      this.forward(record, joiner(key, value, other.value), other.start);
    for (const other of this.partners(record, windows.after, windows.before)) {
      if (timestamp < other.start) forwardSelf();
      this.forward(record, joiner(key, other.value, value), other.start);
    }
    forwardSelf();
  }

  private partners(
    { key, timestamp }: StreamRecord,
    before: number,
    after: number,
  ): ReturnType<WindowStore['fetch']> {
    return this.store.fetch(key, Math.max(0, timestamp - before), Math.max(0, timestamp + after));
  }

  private forward(record: StreamRecord, value: unknown, otherTime: number): void {
    this.context.forward(withValueAt(record, value, Math.max(record.timestamp, otherTime)));
  }
}
