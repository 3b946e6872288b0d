import { ensure } from '../base/assert.ts';
import { memberNode } from '../api/ids.ts';
import type { ConfigOverrides } from '../api/config/config-key.ts';
import type { ApplicationSpec, Pace, Tape, TopologyNode } from '../api/scenario.ts';
import { settledBatches } from '../checker/settled-batches.ts';
import { producerProgram } from '../client/programs/producer-program.ts';
import { readLog } from '../log/read.ts';
import { offsetAt, timestampAt } from '../protocol/record-batch.ts';
import type { Program } from '../sim/node-context.ts';
import { livingThreads, tasksOf, type StreamsMemory } from '../streams/runtime/instance-memory.ts';
import type { RuntimeTask } from '../streams/runtime/runtime-task.ts';
import type { StreamThread } from '../streams/runtime/stream-thread.ts';
import { streamsInstanceProgram } from '../streams/runtime/streams-instance.ts';
import { BrokerCluster, type BrokerClusterOptions } from './broker-cluster.ts';

const BOOTSTRAP = Object.freeze({ 1: 'b1', 2: 'b2', 3: 'b3' });

export interface TestApplication {
  readonly id: string;
  readonly instances: number;
  readonly topology: readonly TopologyNode[];
  readonly workMicros?: number;
  readonly config?: ConfigOverrides;
  readonly onUncaughtException?: ApplicationSpec['onUncaughtException'];
}

export interface LoggedRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
}

/** A real cluster with tape players and Kafka Streams applications on it. For tests only. */
export class StreamsCluster extends BrokerCluster {
  private readonly applications = new Map<string, TestApplication>();

  constructor(options: BrokerClusterOptions) {
    const programs = [producerProgram, streamsInstanceProgram] as unknown as Program[];
    super({ ...options, programs });
  }

  addTape(id: string, topic: string, tape: Tape, pace: Pace = { kind: 'max' }): void {
    const config = Object.freeze({ id, bootstrap: BOOTSTRAP, topic, tape, pace, overrides: {} });
    this.kernel.addNode(id, 'producer', config, this.now);
  }

  addApplication(application: TestApplication): void {
    this.applications.set(application.id, application);
    for (let instance = 1; instance <= application.instances; instance++)
      this.addInstance(application.id, instance);
  }

  /** One more instance of an application that was added before. `own`: settings of this one alone. */
  addInstance(id: string, instance: number, own: ConfigOverrides = {}): void {
    const { config = {}, ...application } = ensure(this.applications.get(id), 'application');
    const { topology, workMicros = 100, onUncaughtException } = application;
    const settings = {
      applicationId: id,
      instance,
      bootstrap: BOOTSTRAP,
      topology,
      workMicros,
      onUncaughtException,
      overrides: { ...config, ...own },
    };
    this.kernel.addNode(memberNode(id, instance), 'streams-instance', Object.freeze(settings), this.now);
  }

  instance(node: string): StreamsMemory | undefined {
    return this.kernel.slot(node).memory as StreamsMemory | undefined;
  }

  /** A stream thread of an instance; the first one that was made and lives if no index is given. */
  thread(node: string, index?: number): StreamThread | undefined {
    const memory = this.instance(node);
    const living = memory === undefined ? [] : livingThreads(memory);
    return index === undefined ? living[0] : living.find((thread) => thread.index === index);
  }

  /** The tasks of an instance, thread by thread. */
  tasks(node: string): RuntimeTask[] {
    const memory = this.instance(node);
    return memory === undefined ? [] : tasksOf(memory);
  }

  /** All records of a topic on its leaders, partition by partition, as a reader sees them that reads what is committed. */
  records(topic: string, partitions: number): LoggedRecord[] {
    return Array.from({ length: partitions }, (_, partition) => this.recordsOf(topic, partition)).flat();
  }

  private recordsOf(topic: string, partition: number): LoggedRecord[] {
    const { leader } = this.partition(topic, partition);
    const log = this.replica(leader, `${topic}-${partition}`)?.log;
    if (log === undefined) return [];
    const range = { offset: log.logStartOffset, maxBytes: 1e9, upTo: log.logEndOffset, minOneMessage: true };
    return settledBatches(readLog(log, this.contextOf(leader), range).batches).flatMap((batch) =>
      Array.from({ length: batch.records.count }, (_, i): LoggedRecord => ({
        partition,
        offset: offsetAt(batch, i),
        timestamp: timestampAt(batch, i),
        key: batch.records.keys[i] ?? null,
        value: batch.records.values[i] ?? null,
      })),
    );
  }
}
