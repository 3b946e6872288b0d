import type { DropReason } from '../../api/topology-driver.ts';
import type { StreamsConfig } from '../config.ts';
import type { StoreReader } from '../state-stores/store.ts';
import type {
  Processor,
  ProcessorContext,
  PunctuationType,
  RecordContext,
  RecordMetadata,
} from '../task/processor.ts';
import type { Headers, StreamRecord } from '../task/stream-record.ts';
import type { BuiltTopology } from '../topology/build-topology.ts';
import type { NodeSpec, ProcessorSpec, ProcessorTopology } from '../topology/processor-topology.ts';

/** Hears of the way that records take through a topology. */
export interface Trace {
  passed(from: string, to: string): void;
  dropped(node: string, reason: DropReason): void;
  /** An operator threw; whether that drops the record or ends the task is the handler's to say. */
  failed(node: string): void;
}

/** The same topology, whose processors also tell what they pass on and drop. It answers as the topology itself does. */
export const traced = (topology: BuiltTopology, trace: Trace): BuiltTopology => ({
  ...topology,
  whole: tracedPart(topology.whole, trace),
  globalStores: topology.globalStores.map((part) => ({ ...part, ...tracedPart(part, trace) })),
});

function tracedPart<T extends ProcessorTopology>(part: T, trace: Trace): T {
  const children = childrenOf(part.nodes);
  return {
    ...part,
    nodes: part.nodes.map((spec) =>
      spec.kind === 'processor' ? tracedSpec(spec, children.get(spec.name) ?? [], trace) : spec,
    ),
  };
}

/** Names of the nodes below each node, in order of addition: the order in which they get a record. */
export function childrenOf(nodes: readonly NodeSpec[]): ReadonlyMap<string, readonly string[]> {
  const children = new Map<string, string[]>(nodes.map(({ name }) => [name, []]));
  for (const { name, predecessors } of nodes)
    for (const above of predecessors) children.get(above)?.push(name);
  return children;
}

function tracedSpec(spec: ProcessorSpec, children: readonly string[], trace: Trace): ProcessorSpec {
  return {
    ...spec,
    supplier: {
      create(context) {
        const traced = new TracedContext(context, children, trace);
        return tracedProcessor(spec.supplier.create(traced), traced, trace);
      },
    },
  };
}

function tracedProcessor(processor: Processor, context: TracedContext, trace: Trace): Processor {
  const telling = (record: StreamRecord | undefined, work: () => void): void => {
    const above = context.record;
    context.record = record;
    try {
      work();
    } catch (error) {
      trace.failed(context.name);
      throw error;
    } finally {
      context.record = above;
    }
  };
  return {
    process(record) {
      telling(record, () => processor.process(record));
    },
    ...(processor.start !== undefined && { start: () => processor.start?.() }),
    ...(processor.punctuate !== undefined && {
      punctuate: (schedule: string, timestamp: number) =>
        telling(undefined, () => processor.punctuate?.(schedule, timestamp)),
    }),
  };
}

/** Hands everything on to the context of the task, and tells what passes. */
class TracedContext implements ProcessorContext {
  readonly name: string;
  /** The record at work; none in a punctuation. */
  record: StreamRecord | undefined = undefined;
  private readonly inner: ProcessorContext;
  private readonly children: readonly string[];
  private readonly trace: Trace;

  constructor(inner: ProcessorContext, children: readonly string[], trace: Trace) {
    this.name = inner.name;
    this.inner = inner;
    this.children = children;
    this.trace = trace;
  }

  forward(record: StreamRecord): void {
    for (const child of this.children) this.trace.passed(this.name, child);
    this.inner.forward(record);
  }

  forwardTo(child: string, record: StreamRecord): void {
    this.trace.passed(this.name, child);
    this.inner.forwardTo(child, record);
  }

  dropped(): void {
    this.trace.dropped(this.name, this.reason());
    this.inner.dropped();
  }

  droppedLate(): void {
    this.trace.dropped(this.name, 'late');
    this.inner.droppedLate();
  }

  private reason(): DropReason {
    if (this.record?.key === null) return 'null-key';
    return this.record?.value === null ? 'null-value' : 'refused';
  }

  state<T extends object>(name: string, initial: () => T): T {
    return this.inner.state(name, initial);
  }

  store<S extends StoreReader>(name: string): S {
    return this.inner.store<S>(name);
  }

  schedule(schedule: string, type: PunctuationType, intervalMs: number): void {
    this.inner.schedule(schedule, type, intervalMs);
  }

  cancel(schedule: string): void {
    this.inner.cancel(schedule);
  }

  metadata(): RecordMetadata | undefined {
    return this.inner.metadata();
  }

  streamTime(): number {
    return this.inner.streamTime();
  }

  wallClock(): number {
    return this.inner.wallClock();
  }

  timestamp(): number {
    return this.inner.timestamp();
  }

  headers(): Headers {
    return this.inner.headers();
  }

  recordContext(): RecordContext {
    return this.inner.recordContext();
  }

  runAs(context: RecordContext, action: () => void): void {
    this.inner.runAs(context, action);
  }

  get config(): StreamsConfig {
    return this.inner.config;
  }
}
