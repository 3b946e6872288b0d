import type { ValueJoiner } from '../functions/joiners.ts';
import type { JoinSide, OuterJoinBuffer, OuterJoinEntry } from '../state-stores/outer-join-buffer.ts';
import type { WindowEntry } from '../state-stores/window-reads.ts';
import type { WindowStore } from '../state-stores/window-store.ts';
import type { Processor, ProcessorContext, ProcessorSupplier } from '../task/processor.ts';
import { withValue, withValueAt, type StreamRecord } from '../task/stream-record.ts';
import type { JoinWindows } from './join-windows.ts';

export interface StreamJoinOptions {
  readonly side: JoinSide;
  /** Store of the other side's records. */
  readonly otherStore: string;
  /** Store of the records that wait for a partner; undefined for an inner join. */
  readonly bufferStore: string | undefined;
  /** Records of this side come out alone if they find no partner. */
  readonly outer: boolean;
  readonly windows: JoinWindows;
  /** Takes left before right, whichever side this is. */
  readonly joiner: ValueJoiner;
  /** Name under which both sides share their clock. */
  readonly clock: string;
}

/** The clock of a join, which both sides advance. Plain data. */
interface JoinClock {
  streamTime: number;
  /** Earliest time of any record that waits, as far as known. */
  minTime: number;
  /** Wall clock before which waiting records are not looked at. */
  nextLook: number;
}

const newClock = (): JoinClock => ({ streamTime: -1, minTime: Number.MAX_SAFE_INTEGER, nextLook: 0 });

/** One side of a stream-stream join (`KStreamKStreamJoin`). */
export class StreamStreamJoinSupplier implements ProcessorSupplier {
  private readonly options: StreamJoinOptions;

  constructor(options: StreamJoinOptions) {
    this.options = options;
  }

  create(context: ProcessorContext): Processor {
    return new StreamStreamJoin(context, this.options);
  }
}

class StreamStreamJoin implements Processor {
  private readonly context: ProcessorContext;
  private readonly options: StreamJoinOptions;
  private readonly other: WindowStore;
  private readonly buffer: OuterJoinBuffer | undefined;
  private readonly clock: JoinClock;
  /** How far before and after a record of this side its partners lie. */
  private readonly before: number;
  private readonly after: number;

  constructor(context: ProcessorContext, options: StreamJoinOptions) {
    const { windows, side, bufferStore } = options;
    this.context = context;
    this.options = options;
    this.other = context.store<WindowStore>(options.otherStore);
    this.buffer = bufferStore === undefined ? undefined : context.store<OuterJoinBuffer>(bufferStore);
    this.clock = context.state(options.clock, newClock);
    this.before = side === 'left' ? windows.before : windows.after;
    this.after = side === 'left' ? windows.after : windows.before;
  }

  process(record: StreamRecord): void {
    const { clock, options } = this;
    const { key, value, timestamp } = record;
    if (timestamp > clock.streamTime) clock.streamTime = timestamp;
    if (options.outer && key === null && value !== null) {
      this.forwardAlone(record);
      return;
    }
    if (key === null || value === null) {
      this.context.dropped();
      return;
    }
    if (this.buffer !== undefined && timestamp === clock.streamTime) this.emitUnmatched(this.buffer, record);
    const to = Math.max(0, timestamp + this.after);
    const partners = this.other.fetch(key, Math.max(0, timestamp - this.before), to);
    for (const partner of partners) this.emitMatch(record, partner);
    if (options.outer && partners.length === 0) this.waitOrForward(record, to);
  }

  private emitMatch(record: StreamRecord, partner: WindowEntry): void {
    const otherSide = this.options.side === 'left' ? 'right' : 'left';
    this.buffer?.remove(record.key, partner.start, otherSide);
    const joined = this.join(record.key, record.value, partner.value);
    this.context.forward(withValueAt(record, joined, Math.max(record.timestamp, partner.start)));
  }

  /** A record without partner waits while one may still come. */
  private waitOrForward(record: StreamRecord, latestPartner: number): void {
    if (this.buffer === undefined || latestPartner < this.clock.streamTime) {
      this.forwardAlone(record);
      return;
    }
    this.clock.minTime = Math.min(this.clock.minTime, record.timestamp);
    this.buffer.add(record.key, record.timestamp, this.options.side, record.value);
  }

  private forwardAlone(record: StreamRecord): void {
    this.context.forward(withValue(record, this.join(record.key, record.value, null)));
  }

  private join(key: unknown, own: unknown, other: unknown): unknown {
    const { joiner, side } = this.options;
    return side === 'left' ? joiner(key, own, other) : joiner(key, other, own);
  }

  /** Forwards the records whose partners can no longer come, and stops waiting for them. */
  private emitUnmatched(buffer: OuterJoinBuffer, record: StreamRecord): void {
    const { clock } = this;
    if (clock.minTime + this.after + this.options.windows.grace >= clock.streamTime) return;
    const now = this.context.wallClock();
    if (now < clock.nextLook) return;
    clock.nextLook = now + this.context.config.emitInterval;
    clock.minTime = Number.MAX_SAFE_INTEGER;
    const open = { left: false, right: false };
    for (const entry of buffer.all()) {
      clock.minTime = entry.timestamp;
      if (open.left && open.right) break;
      if (!this.isOpen(entry)) this.release(buffer, entry, record);
      else {
        open[entry.side] = true;
        // Each value counts as an entry: the second one of a key and time is where the look ends.
        if (open.left && open.right && entry.values.length > 1) break;
      }
    }
  }

  private isOpen({ timestamp, side }: OuterJoinEntry): boolean {
    const { windows } = this.options;
    const ahead = side === 'left' ? windows.after : windows.before;
    return timestamp + ahead + windows.grace >= this.clock.streamTime;
  }

  private release(buffer: OuterJoinBuffer, entry: OuterJoinEntry, record: StreamRecord): void {
    const { key, timestamp, side, values } = entry;
    const { joiner } = this.options;
    for (const value of values) {
      const joined = side === 'left' ? joiner(key, value, null) : joiner(key, null, value);
      this.context.forward({ ...withValueAt(record, joined, timestamp), key });
    }
    buffer.remove(key, timestamp, side);
  }
}
