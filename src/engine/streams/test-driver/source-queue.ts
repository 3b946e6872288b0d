import type { OutgoingRecord } from '../task/outgoing-record.ts';
import type { InputRecord, PreparedRecord, StreamTask } from '../task/stream-task.ts';
import { ensure } from '../../base/assert.ts';

interface Waiting {
  readonly input: InputRecord;
  /** Values that never became bytes. */
  readonly values: OutgoingRecord | undefined;
}

/** Records of one partition that wait to be processed (`RecordQueue`). Only the first one is deserialised. */
export class SourceQueue {
  private readonly task: StreamTask;
  private waiting: Waiting[] = [];
  private taken = 0;
  private head: PreparedRecord | undefined = undefined;
  private offered = false;

  constructor(task: StreamTask) {
    this.task = task;
  }

  add(input: InputRecord): void {
    if (this.head === undefined && this.waiting.length === 0) {
      this.head = this.task.prepare(input);
      return;
    }
    this.waiting.push({ input, values: undefined });
    this.updateHead();
  }

  addValues(input: InputRecord, values: OutgoingRecord): void {
    if (this.head === undefined && this.waiting.length === 0) {
      this.head = this.task.prepareValues(input, values.key, values.value);
      return;
    }
    this.waiting.push({ input, values });
    this.updateHead();
  }

  get hasNext(): boolean {
    return this.head !== undefined;
  }

  /** Time of the first record, in milliseconds. */
  get headTime(): number {
    return ensure(this.head, 'head of a queue').record.timestamp;
  }

  /** True once after the queue stopped being empty. */
  becameReady(): boolean {
    if (this.offered || this.head === undefined) return false;
    this.offered = true;
    return true;
  }

  /** Takes the first record out and prepares the next one. */
  take(): PreparedRecord {
    const record = ensure(this.head, 'head of a queue');
    this.head = undefined;
    this.updateHead();
    this.offered = this.head !== undefined;
    return record;
  }

  private updateHead(): void {
    while (this.head === undefined && this.taken < this.waiting.length) {
      const { input, values } = this.waiting[this.taken++] as Waiting;
      this.head =
        values === undefined
          ? this.task.prepare(input)
          : this.task.prepareValues(input, values.key, values.value);
    }
    if (this.taken === this.waiting.length && this.taken > 0) {
      this.waiting = [];
      this.taken = 0;
    }
  }
}
