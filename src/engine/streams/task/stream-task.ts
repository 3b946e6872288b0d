import { ensure, InvariantError } from '../../base/assert.ts';
import type { Bytes } from '../../base/bytes.ts';
import type { StreamsConfig } from '../config.ts';
import type { TableChange } from '../serdes/table-change.ts';
import { bindStore } from '../state-stores/stores.ts';
import type { Store, StoreChange, StoreContext } from '../state-stores/store.ts';
import {
  sourceOfTopic,
  type NodeSpec,
  type ProcessorTopology,
  type SinkSpec,
  type SourceSpec,
} from '../topology/processor-topology.ts';
import { FailedProcessing } from './failed-processing.ts';
import { deserializationFailed, processingFailed } from './failed-record.ts';
import type { OutgoingRecord } from './outgoing-record.ts';
import { ProcessorNode } from './processor-node.ts';
import type { Processor, PunctuationType, RecordContext, RecordMetadata } from './processor.ts';
import { firstDue, nextTick } from './punctuation.ts';
import { SinkProcessor } from './sink.ts';
import { StreamsError } from './streams-error.ts';
import { NO_HEADERS, type Headers, type StreamRecord } from './stream-record.ts';
import type { PunctuationSchedule, TaskState } from './task-state.ts';
import { takesValidTime, timestampExtractor, type TimestampExtractor } from './timestamp-extractor.ts';

/** A record of a source topic, as the consumer got it. */
export interface InputRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds. */
  readonly timestamp: number;
  readonly key: Bytes | null;
  readonly value: Bytes | null;
  readonly headers: Headers;
}

/** A record that has been deserialised and has its time: ready to be processed. */
export interface PreparedRecord {
  readonly record: StreamRecord;
  /** Where it came from, and its bytes; they are null if it never left this process. */
  readonly input: InputRecord;
  readonly entrance: Entrance;
}

/** Where a task's effects go, and the time it lives in. Not part of its state. */
export interface TaskEnvironment {
  readonly taskId: string;
  readonly config: StreamsConfig;
  /** Milliseconds. */
  wallClock(): number;
  /** A record for a topic: of the user, or a repartition topic. */
  emit(record: OutgoingRecord): void;
  /** A write to a store that is logged. The changelog topic: `topology.changelogOf(change.store.name)`. */
  changelog(change: StoreChange): void;
  /** Stores of global tables, which all tasks read. */
  globalStore(name: string): Store | undefined;
}

/** Where records of one partition enter. */
export interface Entrance {
  readonly source: SourceSpec;
  readonly extractor: TimestampExtractor;
  /** The extractor takes any valid timestamp as it is. */
  readonly takesTime: boolean;
  readonly node: ProcessorNode;
  /** Topic and number. */
  readonly partition: string;
}

/** What processors threw, as the StreamsException that the caller of Kafka Streams would see. */
function asStreamsError(error: unknown, describe: (node: string) => string): unknown {
  return error instanceof FailedProcessing
    ? new StreamsError('StreamsException', describe(error.node), error.cause)
    : error;
}

/** What no processor stood above to handle: the way from a source straight to a sink threw it. */
const isUnhandled = (error: unknown): error is Error =>
  error instanceof Error &&
  !(error instanceof FailedProcessing || error instanceof InvariantError) &&
  !(error instanceof StreamsError && error.className === 'StreamsException');

/**
 * Runs the processors of one task over its state. Synchronous: every effect of a record has gone to the environment
 * when `process` returns, except what caching stores hold back until `commit`.
 */
export class StreamTask implements StoreContext {
  readonly topology: ProcessorTopology;
  readonly state: TaskState;
  readonly environment: TaskEnvironment;
  /** Origin of the record at work; undefined in a punctuation. */
  metadata: RecordMetadata | undefined = undefined;
  recordTimestamp = -1;
  recordHeaders: Headers = NO_HEADERS;
  private readonly nodes = new Map<string, ProcessorNode>();
  private readonly stores = new Map<string, Store>();
  private readonly storeList: Store[] = [];
  /** Topic → its partitions' entrances into the topology. */
  private readonly entrances = new Map<string, Entrance[]>();
  /** The record at work; undefined in a punctuation. */
  current: PreparedRecord | undefined = undefined;

  constructor(topology: ProcessorTopology, state: TaskState, environment: TaskEnvironment) {
    this.topology = topology;
    this.state = state;
    this.environment = environment;
    for (const store of topology.stores) {
      const content = ensure(state.stores.get(store.name), `state of store ${store.name}`);
      const bound = bindStore(store, content, this);
      this.stores.set(store.name, bound);
      this.storeList.push(bound);
    }
    for (const spec of topology.nodes) this.addNode(spec);
    for (const spec of topology.nodes) this.node(spec.name).bind(this.processorOf(spec));
    if (!state.started) this.start();
  }

  /** Deserialises and finds the time. Undefined if the record is dropped. Throws a {@link StreamsError}. */
  prepare(input: InputRecord): PreparedRecord | undefined {
    const entrance = this.entrance(input.topic, input.partition);
    const { source } = entrance;
    let key: unknown;
    let value: unknown;
    try {
      key = input.key === null ? null : source.key.deserialize(input.key);
      value = input.value === null ? null : source.value.deserialize(input.value);
    } catch (error) {
      deserializationFailed(this, input, error);
      return undefined;
    }
    return this.prepareAt(entrance, input, key, value);
  }

  /** As `prepare`, for a record whose values never became bytes. `input.key` and `input.value` are not looked at. */
  prepareValues(input: InputRecord, key: unknown, value: unknown): PreparedRecord | undefined {
    return this.prepareAt(this.entrance(input.topic, input.partition), input, key, value);
  }

  private prepareAt(
    entrance: Entrance,
    input: InputRecord,
    key: unknown,
    value: unknown,
  ): PreparedRecord | undefined {
    const { headers } = input;
    const timestamp =
      entrance.takesTime && input.timestamp >= 0 ? input.timestamp : this.timeOf(entrance, input, value);
    if (timestamp < 0) {
      this.state.metrics.dropped++;
      return undefined;
    }
    if (entrance.source.carriesChanges === true) {
      const { newValue, oldValue, isLatest } = value as TableChange;
      return { record: { key, value: newValue, oldValue, isLatest, timestamp, headers }, input, entrance };
    }
    return { record: { key, value, oldValue: null, isLatest: true, timestamp, headers }, input, entrance };
  }

  private timeOf({ extractor, partition: name }: Entrance, input: InputRecord, value: unknown): number {
    const { topic, partition, offset, timestamp } = input;
    const partitionTime = this.state.partitionTimes.get(name) ?? -1;
    return extractor({ topic, partition, offset, timestamp, value }, partitionTime, this.environment);
  }

  /** Sends one record through the topology. Throws a {@link StreamsError} if that ends the task. */
  process(prepared: PreparedRecord): void {
    const { record, input, entrance } = prepared;
    const { state } = this;
    const { timestamp } = record;
    if (timestamp > (state.partitionTimes.get(entrance.partition) ?? -1))
      state.partitionTimes.set(entrance.partition, timestamp);
    if (timestamp > state.streamTime) state.streamTime = timestamp;
    state.metrics.processed++;
    this.current = prepared;
    this.metadata = input;
    this.recordTimestamp = timestamp;
    this.recordHeaders = record.headers;
    try {
      entrance.node.forward(record);
    } catch (error) {
      const origin = `topic=${input.topic}, partition=${input.partition}, offset=${input.offset}`;
      const { taskId } = this.environment;
      throw asStreamsError(
        isUnhandled(error) ? new FailedProcessing(entrance.node.name, error) : error,
        (node) => `Exception caught in process. taskId=${taskId}, processor=${node}, ${origin}`,
      );
    }
    this.current = undefined;
  }

  /** Calls the processors whose schedules on this clock are due. True if there were any. */
  punctuate(type: PunctuationType): boolean {
    const now = type === 'streamTime' ? this.state.streamTime : this.environment.wallClock();
    if (type === 'streamTime' && now < 0) return false;
    const { punctuations, metrics } = this.state;
    if (punctuations.length === 0) return false;
    let due = firstDue(punctuations, type, now);
    const any = due !== undefined;
    while (due !== undefined) {
      due.next = nextTick(due, now);
      metrics.punctuated++;
      this.punctuateOne(due, now);
      due = firstDue(punctuations, type, now);
    }
    return any;
  }

  /** Sends on what caching stores hold back (`flushCache`), store by store. Throws a {@link StreamsError}. */
  flush(): void {
    let at = 0;
    try {
      for (; at < this.storeList.length; at++) (this.storeList[at] as Store).flush();
    } catch (error) {
      if (!(error instanceof FailedProcessing)) throw error;
      const text = `Failed to flush cache of store ${this.storeList[at]?.definition.name ?? ''}`;
      throw new StreamsError('ProcessorStateException', text, error.cause);
    }
  }

  /** Applies one record of a store's changelog topic. */
  restore(store: string, key: Bytes, value: Bytes | null, timestamp: number): void {
    ensure(this.stores.get(store), `store ${store}`).restore(key, value, timestamp);
  }

  store(name: string): Store | undefined {
    return this.stores.get(name);
  }

  globalStore(name: string): Store | undefined {
    return this.environment.globalStore(name);
  }

  schedule(node: string, name: string, type: PunctuationType, interval: number): void {
    const { state } = this;
    const next = type === 'streamTime' ? 0 : this.environment.wallClock() + interval;
    state.punctuations.push({ node, name, type, interval, next, order: state.scheduled++, cancelled: false });
  }

  cancel(node: string, name: string): void {
    for (const schedule of this.state.punctuations)
      if (schedule.node === node && schedule.name === name) schedule.cancelled = true;
  }

  /** An operator threw: fails the task or drops the record, as configured. */
  processingFailed(node: string, error: Error): void {
    processingFailed(this, node, error);
  }

  /** A broken invariant, or a programming error of the engine itself: never handed to the user's handlers. */
  isBug(error: Error): boolean {
    return error instanceof InvariantError;
  }

  timestamp(): number {
    return this.recordTimestamp;
  }

  headers(): Headers {
    return this.recordHeaders;
  }

  changelog(change: StoreChange): void {
    this.environment.changelog(change);
  }

  dropped(): void {
    this.state.metrics.dropped++;
  }

  recordContext(): RecordContext {
    const { recordTimestamp: timestamp, recordHeaders: headers, metadata } = this;
    if (metadata === undefined) return { timestamp, headers, metadata };
    const { topic, partition, offset } = metadata;
    return { timestamp, headers, metadata: { topic, partition, offset } };
  }

  runAs({ timestamp, headers, metadata }: RecordContext, action: () => void): void {
    const saved = this.recordContext();
    this.recordTimestamp = timestamp;
    this.recordHeaders = headers;
    this.metadata = metadata;
    action();
    this.recordTimestamp = saved.timestamp;
    this.recordHeaders = saved.headers;
    this.metadata = saved.metadata;
  }

  private addNode(spec: NodeSpec): void {
    const node = new ProcessorNode(spec, this);
    this.nodes.set(spec.name, node);
    for (const predecessor of spec.predecessors) this.nodes.get(predecessor)?.children.push(node);
  }

  private processorOf(spec: NodeSpec): Processor {
    const node = this.node(spec.name);
    if (spec.kind === 'sink') return this.sinkOf(spec);
    if (spec.kind === 'source') return { process: (record) => node.forward(record) };
    try {
      return spec.supplier.create(node);
    } catch (error) {
      if (!(error instanceof StreamsError)) throw error;
      throw new StreamsError('StreamsException', `failed to initialize processor ${spec.name}`, error);
    }
  }

  private sinkOf(spec: SinkSpec): Processor {
    const { topology, environment } = this;
    return new SinkProcessor(spec, (topic) => topology.decorate(topic), environment);
  }

  private start(): void {
    this.state.started = true;
    for (const node of this.nodes.values()) node.start();
  }

  private node(name: string): ProcessorNode {
    return ensure(this.nodes.get(name), `node ${name}`);
  }

  entrance(topic: string, partition: number): Entrance {
    return this.entrances.get(topic)?.[partition] ?? this.newEntrance(topic, partition);
  }

  private newEntrance(topic: string, partition: number): Entrance {
    const source = ensure(sourceOfTopic(this.topology, topic), `source of topic ${topic}`);
    const extractor =
      source.extractor ?? timestampExtractor(this.environment.config.defaultTimestampExtractor);
    const takesTime = takesValidTime(extractor);
    const node = this.node(source.name);
    const entrance = { source, extractor, takesTime, node, partition: `${topic}-${partition}` };
    const known = this.entrances.get(topic) ?? [];
    known[partition] = entrance;
    this.entrances.set(topic, known);
    return entrance;
  }

  private punctuateOne(schedule: PunctuationSchedule, now: number): void {
    this.current = undefined;
    this.metadata = undefined;
    this.recordTimestamp = now;
    this.recordHeaders = NO_HEADERS;
    try {
      this.node(schedule.node).punctuate(schedule.name, now);
    } catch (error) {
      throw asStreamsError(error, (node) => `Exception caught while punctuating processor '${node}'`);
    }
  }
}
