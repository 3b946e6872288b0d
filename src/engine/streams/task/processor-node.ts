import type { StreamsConfig } from '../config.ts';
import type { NodeSpec } from '../topology/processor-topology.ts';
import type { Store, StoreReader } from '../state-stores/store.ts';
import { FailedProcessing } from './failed-processing.ts';
import type {
  Processor,
  ProcessorContext,
  PunctuationType,
  RecordContext,
  RecordMetadata,
} from './processor.ts';
import { StreamsError } from './streams-error.ts';
import type { Headers, StreamRecord } from './stream-record.ts';
import type { StreamTask } from './stream-task.ts';

/** One node of a task's graph: an operator and the way from it to its children. */
export class ProcessorNode implements ProcessorContext {
  readonly name: string;
  readonly children: ProcessorNode[] = [];
  private readonly task: StreamTask;
  private readonly handlesErrors: boolean;
  private readonly stores: ReadonlySet<string>;
  private processor: Processor | undefined = undefined;

  constructor(spec: NodeSpec, task: StreamTask) {
    this.name = spec.name;
    this.task = task;
    this.handlesErrors = spec.kind === 'processor';
    this.stores = spec.kind === 'processor' ? spec.stores : new Set();
  }

  /** The operator that does the work. Made after all nodes, since it may look for stores at once. */
  bind(processor: Processor): void {
    this.processor = processor;
  }

  start(): void {
    this.processor?.start?.();
  }

  /** Sources and sinks leave what they throw to the processor above, if there is one. */
  process(record: StreamRecord): void {
    if (!this.handlesErrors) {
      (this.processor as Processor).process(record);
      return;
    }
    try {
      (this.processor as Processor).process(record);
    } catch (error) {
      this.failed(error);
    }
  }

  punctuate(schedule: string, timestamp: number): void {
    try {
      this.processor?.punctuate?.(schedule, timestamp);
    } catch (error) {
      this.failed(error);
    }
  }

  forward(record: StreamRecord): void {
    const { task, children } = this;
    const { recordTimestamp, recordHeaders } = task;
    task.recordTimestamp = record.timestamp;
    task.recordHeaders = record.headers;
    for (let i = 0; i < children.length; i++) (children[i] as ProcessorNode).process(record);
    task.recordTimestamp = recordTimestamp;
    task.recordHeaders = recordHeaders;
  }

  forwardTo(child: string, record: StreamRecord): void {
    for (const node of this.children) if (node.name === child) node.process(record);
  }

  state<T extends object>(name: string, initial: () => T): T {
    const { operators } = this.task.state;
    const known = operators.get(name) as T | undefined;
    if (known !== undefined) return known;
    const fresh = initial();
    operators.set(name, fresh);
    return fresh;
  }

  store<S extends StoreReader>(name: string): S {
    const store: Store | undefined = this.stores.has(name)
      ? this.task.store(name)
      : this.task.globalStore(name);
    if (store === undefined)
      throw new StreamsError(
        'StreamsException',
        `Processor ${this.name} has no access to StateStore ${name} as the store is not connected to the processor.`,
      );
    return store as unknown as S;
  }

  schedule(schedule: string, type: PunctuationType, intervalMs: number): void {
    this.task.schedule(this.name, schedule, type, intervalMs);
  }

  cancel(schedule: string): void {
    this.task.cancel(this.name, schedule);
  }

  dropped(): void {
    this.task.state.metrics.dropped++;
  }

  droppedLate(): void {
    this.task.state.metrics.dropped++;
    this.task.state.metrics.late++;
  }

  metadata(): RecordMetadata | undefined {
    return this.task.metadata;
  }

  streamTime(): number {
    return this.task.state.streamTime;
  }

  wallClock(): number {
    return this.task.environment.wallClock();
  }

  timestamp(): number {
    return this.task.recordTimestamp;
  }

  headers(): Headers {
    return this.task.recordHeaders;
  }

  recordContext(): RecordContext {
    return this.task.recordContext();
  }

  runAs(context: RecordContext, action: () => void): void {
    this.task.runAs(context, action);
  }

  get config(): StreamsConfig {
    return this.task.environment.config;
  }

  /** The exception of an operator: by configuration it ends the task, or the record alone. */
  private failed(error: unknown): void {
    if (error instanceof FailedProcessing || !(error instanceof Error) || this.task.isBug(error)) throw error;
    this.task.processingFailed(this.name, error);
  }
}
