import { ensure } from '../../base/assert.ts';
import type { Bytes } from '../../base/bytes.ts';
import type { StreamsConfig } from '../config.ts';
import type { Store, StoreChange } from '../state-stores/store.ts';
import { globalTask, updateGlobal } from '../task/global-task.ts';
import { keyBytes, valueBytes, type OutgoingRecord } from '../task/outgoing-record.ts';
import { StreamsError } from '../task/streams-error.ts';
import { NO_HEADERS, type Headers } from '../task/stream-record.ts';
import {
  StreamTask,
  type InputRecord,
  type PreparedRecord,
  type TaskEnvironment,
} from '../task/stream-task.ts';
import { newTaskState, type TaskState } from '../task/task-state.ts';
import type { BuiltTopology } from '../topology/build-topology.ts';
import { JavaPriorityQueue } from '../topology/java-priority-queue.ts';
import { sourceOfTopic } from '../topology/processor-topology.ts';
import { Held } from './held.ts';
import { SourceQueue } from './source-queue.ts';

/** What the driver saw: what it processed, and what was produced, in order, once the task had committed. */
export interface DriverListener {
  /** A record of this topic is about to go into its source. */
  processing?(topic: string): void;
  produced(record: OutgoingRecord): void;
  changelog(change: StoreChange, topic: string): void;
}

export interface PipedRecord {
  readonly topic: string;
  readonly key: Bytes | null;
  readonly value: Bytes | null;
  /** Milliseconds. */
  readonly timestamp: number;
  readonly headers?: Headers;
}

/** All of a driver that survives a checkpoint. Between two calls nothing is queued. */
export interface DriverState {
  readonly task: TaskState;
  readonly globals: readonly TaskState[];
  /** Topic → offset of the next record. */
  readonly offsets: Map<string, { next: number }>;
  wallClock: number;
}

export function newDriverState(topology: BuiltTopology, startTime: number): DriverState {
  return {
    task: newTaskState(topology.whole.stores),
    globals: topology.globalStores.map(({ stores }) => newTaskState(stores)),
    offsets: new Map(),
    wallClock: startTime,
  };
}

/** Where records of a topic go. */
interface Route {
  readonly topic: string;
  /** Part of the driver's state. */
  readonly offset: { next: number };
  readonly queue: SourceQueue | undefined;
  readonly global: StreamTask | undefined;
  /** Names of the types it is read with: values of the same types need not become bytes. */
  readonly keeps: { readonly key: string; readonly value: string } | undefined;
}

/**
 * Runs a topology without brokers or threads (`org.apache.kafka.streams.TopologyTestDriver`): one task runs all
 * sub-topologies over one partition per topic, and commits after every record.
 */
export class TopologyTestDriver {
  readonly task: StreamTask;
  readonly state: DriverState;
  private readonly topology: BuiltTopology;
  private readonly listener: DriverListener;
  private readonly globals = new Map<string, StreamTask>();
  private readonly routes = new Map<string, Route>();
  /** The route that was asked for last. */
  private recent: Route | undefined = undefined;
  private readonly nonEmpty = new JavaPriorityQueue<SourceQueue>((a, b) => a.headTime - b.headTime);
  private readonly captured = new Held<OutgoingRecord>();
  private readonly changes = new Held<StoreChange>();

  constructor(topology: BuiltTopology, state: DriverState, listener: DriverListener) {
    this.topology = topology;
    this.state = state;
    this.listener = listener;
    topology.globalStores.forEach((part, i) =>
      this.globals.set(
        part.topic,
        globalTask(
          part,
          ensure(state.globals[i], 'state of a global store'),
          this.environment(topology.config),
        ),
      ),
    );
    this.task = new StreamTask(topology.whole, state.task, this.environment(topology.config));
  }

  /** One record arrives; all that follows from it has happened on return. Throws a {@link StreamsError}. */
  pipe({ topic, key, value, timestamp, headers = NO_HEADERS }: PipedRecord): void {
    const route = this.routeOf(topic);
    const offset = route.offset.next++;
    const input: InputRecord = { topic, partition: 0, offset, timestamp, key, value, headers };
    if (route.queue !== undefined) this.accept(route.queue, input);
    else if (route.global === undefined)
      throw new StreamsError('IllegalArgumentException', `Unknown topic: ${topic}`);
    else this.completeAllWork();
    if (route.global !== undefined) updateGlobal(route.global, input);
  }

  /** The clock moves at once by the whole amount. */
  advanceWallClock(ms: number): void {
    this.state.wallClock += ms;
    this.task.punctuate('wallClock');
    this.task.flush();
    this.completeAllWork();
  }

  store(name: string): Store | undefined {
    return this.task.store(name) ?? this.globalStore(name);
  }

  /** Names of all stores, global ones last. */
  storeNames(): string[] {
    const globals = this.topology.globalStores.map(({ store }) => store.name);
    return [...this.topology.whole.stores.map(({ name }) => name), ...globals];
  }

  /** `dropped-records-total`: sum over the task and the global stores. */
  droppedRecords(): number {
    const { task, globals } = this.state;
    return globals.reduce((sum, { metrics }) => sum + metrics.dropped, task.metrics.dropped);
  }

  /** `punctuate-total` as Kafka's metric shows it: recorded only if `metrics.recording.level` is DEBUG. */
  punctuateTotal(): number {
    return this.topology.config.recordsDebugMetrics ? this.state.task.metrics.punctuated : 0;
  }

  /** A record from outside. As a rule nothing waits: then it need not go through the queue. */
  private accept(queue: SourceQueue, input: InputRecord): void {
    if (this.nonEmpty.size > 0 || this.captured.size > 0 || this.changes.size > 0) this.enqueue(queue, input);
    else {
      const record = this.task.prepare(input);
      if (record !== undefined) this.processOne(record);
    }
    this.completeAllWork();
  }

  private completeAllWork(): void {
    this.capture();
    for (let queue = this.nonEmpty.poll(); queue !== undefined; queue = this.nonEmpty.poll()) {
      const record = queue.take();
      if (queue.hasNext) this.nonEmpty.offer(queue);
      this.processOne(record);
      this.capture();
    }
  }

  private processOne(record: PreparedRecord): void {
    this.listener.processing?.(record.input.topic);
    this.task.process(record);
    this.task.punctuate('streamTime');
    this.task.flush();
  }

  /** Hands what was produced to the listener, and back into the topology where it reads it. */
  private capture(): void {
    const { captured, changes, listener } = this;
    for (let left = changes.size; left > 0; left--) {
      const change = changes.take();
      listener.changelog(change, this.topology.whole.changelogOf(change.store.name));
    }
    for (let left = captured.size; left > 0; left--) {
      const record = captured.take();
      listener.produced(record);
      this.pipeBack(record);
    }
  }

  private pipeBack(record: OutgoingRecord): void {
    const route = this.routeOf(record.topic);
    const { queue, global, keeps } = route;
    if (queue === undefined && global === undefined) return;
    const { topic, timestamp, headers } = record;
    const partition = 0;
    const offset = route.offset.next++;
    if (
      queue !== undefined &&
      keeps?.key === record.keySerde.name &&
      keeps.value === record.valueSerde.name
    ) {
      // The same types on both sides: the values need not become bytes in between.
      queue.addValues({ topic, partition, offset, timestamp, key: null, value: null, headers }, record);
      if (queue.becameReady()) this.nonEmpty.offer(queue);
      return;
    }
    const input = {
      topic,
      partition,
      offset,
      timestamp,
      key: keyBytes(record),
      value: valueBytes(record),
      headers,
    };
    if (queue !== undefined) this.enqueue(queue, input);
    else if (global !== undefined) updateGlobal(global, input);
  }

  private enqueue(queue: SourceQueue, input: InputRecord): void {
    queue.add(input);
    if (queue.becameReady()) this.nonEmpty.offer(queue);
  }

  private routeOf(topic: string): Route {
    if (this.recent?.topic === topic) return this.recent;
    this.recent = this.routes.get(topic) ?? this.newRoute(topic);
    return this.recent;
  }

  private newRoute(topic: string): Route {
    const { offsets } = this.state;
    const offset = offsets.get(topic) ?? { next: 0 };
    offsets.set(topic, offset);
    const { whole } = this.topology;
    const source = whole.sourceOf.get(topic);
    const isSource = sourceOfTopic(whole, topic) !== undefined;
    const route: Route = {
      topic,
      offset,
      queue: isSource ? new SourceQueue(this.task) : undefined,
      global: this.globals.get(topic),
      keeps: source === undefined ? undefined : { key: source.key.name, value: source.value.name },
    };
    this.routes.set(topic, route);
    return route;
  }

  private globalStore(name: string): Store | undefined {
    for (const task of this.globals.values()) {
      const store = task.store(name);
      if (store !== undefined) return store;
    }
    return undefined;
  }

  private environment(config: StreamsConfig): TaskEnvironment {
    return {
      taskId: '0_0',
      // Results are never held back by a throttle of the wall clock.
      config: { ...config, emitInterval: 0 },
      wallClock: () => this.state.wallClock,
      emit: (record) => this.captured.add(record),
      changelog: (change) => this.changes.add(change),
      globalStore: (name) => this.globalStore(name),
    };
  }
}
