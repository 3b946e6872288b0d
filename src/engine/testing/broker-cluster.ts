import { brokerNode, controllerPeers, type NodeId } from '../api/ids.ts';
import type { ConfigOverrides } from '../api/config/config-key.ts';
import type { RequestMicros } from '../api/scenario.ts';
import type { TraceEventData } from '../api/trace-event.ts';
import { assert, ensure } from '../base/assert.ts';
import { millis, type SimTime } from '../base/time.ts';
import { brokerProgram } from '../broker/broker.ts';
import type { BrokerMemory, BrokerProgramConfig } from '../broker/broker-memory.ts';
import { replicaFacts, type ReplicaFacts } from '../broker/facts.ts';
import { producerProgram } from '../client/programs/producer-program.ts';
import { controllerProgram } from '../controller/controller.ts';
import { knownImage } from '../cluster/known-image.ts';
import type { MetadataImage } from '../metadata/metadata-image.ts';
import type { PartitionRegistration } from '../metadata/partition-registration.ts';
import type { ApiName, RequestBody, ResponseBody } from '../protocol/message.ts';
import { Kernel } from '../sim/kernel.ts';
import { DATA_CENTRE } from '../sim/network.ts';
import type { NodeContext, Program, TraceEntry } from '../sim/node-context.ts';
import { WireClient, wireClientProgram, type SendOptions } from './wire-client.ts';

const CLIENT = 'client';
const CLUSTER_ID = 'broker-cluster';

export interface BrokerClusterOptions {
  readonly seed: number;
  readonly brokers?: number;
  /** One if it is not said. */
  readonly controllers?: 1 | 3;
  readonly overrides?: ConfigOverrides;
  /** By broker; whom it does not name is in none. */
  readonly racks?: Readonly<Record<number, string>>;
  readonly epochMs?: number;
  readonly requestMicros?: RequestMicros;
  readonly coordinatorLoadMicros?: number;
  /** Levels of features that are not the release's. */
  readonly features?: Readonly<Record<string, number>>;
  /** Programs of further nodes, which the test adds itself. */
  readonly programs?: readonly Program[];
}

/** Real brokers and a real controller on the real kernel, and a client in a test's hand. */
export class BrokerCluster {
  readonly kernel: Kernel;
  readonly client: WireClient;
  readonly controllers: readonly NodeId[];

  constructor(options: BrokerClusterOptions) {
    const { seed, brokers = 3, overrides = {}, epochMs = 1_700_000_000_000 } = options;
    const programs = [
      brokerProgram,
      controllerProgram,
      producerProgram,
      wireClientProgram,
    ] as unknown as Program[];
    this.kernel = new Kernel([...programs, ...(options.programs ?? [])], {
      seed,
      epochMs,
      profile: DATA_CENTRE,
    });
    const ids = Array.from({ length: brokers }, (_, i) => i + 1);
    const peers = Object.freeze(Object.fromEntries(ids.map((id) => [id, brokerNode(id)])));
    const controllers = Object.freeze(controllerPeers(options.controllers ?? 1));
    this.controllers = Object.values(controllers);
    for (const [id, node] of Object.entries(controllers)) {
      const place = { nodeId: Number(id), clusterId: CLUSTER_ID, voters: controllers };
      this.kernel.addNode(node, 'controller', { ...place, overrides, features: options.features ?? {} }, 0);
    }
    for (const brokerId of ids) {
      const place = { brokerId, clusterId: CLUSTER_ID, controllers };
      const config: BrokerProgramConfig = {
        ...place,
        peers,
        rack: options.racks?.[brokerId] ?? null,
        overrides,
        requestMicros: options.requestMicros,
        coordinatorLoadMicros: options.coordinatorLoadMicros,
      };
      this.kernel.addNode(brokerNode(brokerId), 'broker', config, 0);
    }
    this.kernel.addNode(CLIENT, 'wire-client', {}, 0);
    this.client = new WireClient(this.kernel, CLIENT);
  }

  get now(): SimTime {
    return this.kernel.state.now;
  }

  /** Executes everything up to and including this moment. */
  runUntil(at: SimTime): void {
    while ((this.kernel.nextAt() ?? Infinity) <= at) this.kernel.step();
    if (this.kernel.state.now < at) this.kernel.state.now = at;
  }

  runFor(ms: number): void {
    this.runUntil(this.now + millis(ms));
  }

  /** Runs until it is so; returns after how many ms. Throws after `withinMs`. */
  runUntilTrue(what: string, isSo: () => boolean, withinMs = 60_000): number {
    const begin = this.now;
    while (!isSo()) {
      assert(this.now - begin <= millis(withinMs), `did not happen: ${what}`, { withinMs });
      assert(this.kernel.step(), `nothing happens any more: ${what}`);
    }
    return (this.now - begin) / 1_000;
  }

  memory(brokerId: number): BrokerMemory {
    return this.kernel.slot(brokerNode(brokerId)).memory as BrokerMemory;
  }

  contextOf(brokerId: number): NodeContext {
    return this.kernel.context(brokerNode(brokerId));
  }

  /** The cluster as the controllers have it; while all are down, as a broker has it. */
  private image(): MetadataImage {
    const brokers = this.brokerIds.map((id) => brokerNode(id));
    return knownImage(this.kernel, this.controllers, brokers);
  }

  get brokerIds(): number[] {
    const nodes = [...this.kernel.state.nodes.values()].filter(({ program }) => program === 'broker');
    return nodes.map(({ config }) => (config as BrokerProgramConfig).brokerId);
  }

  /** Whether its process runs. */
  isUp(brokerId: number): boolean {
    return this.kernel.slot(brokerNode(brokerId)).status === 'up';
  }

  /** Whether its process runs, and clients are sent to it. */
  isAlive(brokerId: number): boolean {
    const memory = this.memory(brokerId) as BrokerMemory | undefined;
    const registration = this.image().brokers.get(brokerId);
    if (memory === undefined || !this.isUp(brokerId) || registration === undefined) return false;
    return !registration.fenced && registration.brokerEpoch === memory.lifecycle.brokerEpoch;
  }

  /** A partition as the controller has it. */
  partition(topic: string, partition = 0): PartitionRegistration {
    return ensure(this.image().topics.get(topic)?.partitions[partition], `${topic}-${partition}`);
  }

  topicId(topic: string): string {
    return ensure(this.image().topics.get(topic), topic).topicId;
  }

  topicIds(): ReadonlyMap<string, string> {
    return new Map([...this.image().topics.values()].map(({ name, topicId }) => [name, topicId]));
  }

  /** Makes the coordinators' topics and hands out a first producer id, as any cluster that was used has. */
  warmUp(): void {
    for (const keyType of [0, 1]) {
      const coordinator = { keyType, coordinatorKeys: ['warm'] };
      while (this.ask(1, 'FindCoordinator', coordinator).coordinators[0]?.errorCode !== 0) this.runFor(50);
    }
    const producer = { transactionalId: null, transactionTimeoutMs: 0, producerId: -1, producerEpoch: -1 };
    while (this.ask(1, 'InitProducerId', producer).errorCode !== 0) this.runFor(50);
  }

  /** A replica as its broker has it; undefined while the broker is down or does not have it. */
  replica(brokerId: number, name: string): ReplicaFacts | undefined {
    const memory = this.memory(brokerId) as BrokerMemory | undefined;
    return memory === undefined ? undefined : replicaFacts(memory).find((facts) => facts.name === name);
  }

  /** Sends to a broker and runs until the answer is there. */
  ask<A extends ApiName>(
    brokerId: number,
    api: A,
    body: RequestBody<A>,
    how: SendOptions = {},
  ): ResponseBody<A> {
    const id = this.client.send(brokerNode(brokerId), api, body, how);
    this.runUntilTrue(`answer to ${api}`, () => this.client.answer(id) !== undefined);
    return ensure(this.client.body<A>(id), `answer to ${api}`);
  }

  /** Waits until all brokers are unfenced. */
  boot(): void {
    const alive = () => [...this.image().brokers.values()].filter(({ fenced }) => !fenced).length;
    const wanted = [...this.kernel.state.nodes.values()].filter(({ program }) => program === 'broker').length;
    this.runUntilTrue('all brokers unfenced', () => alive() === wanted);
    this.runFor(600);
  }

  /** Makes a topic whose partition p is on the p-th list of brokers, and waits until its leaders know. */
  createTopic(name: string, assignment: readonly (readonly number[])[], configs: ConfigOverrides = {}): void {
    const assignments = assignment.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds }));
    const written = Object.keys(configs).map((key) => ({ name: key, value: configs[key] ?? null }));
    const topic = { name, numPartitions: -1, replicationFactor: -1, assignments, configs: written };
    const answer = this.ask(1, 'CreateTopics', { topics: [topic], timeoutMs: 5_000, validateOnly: false });
    assert(answer.topics[0]?.errorCode === 0, 'topic was not created', { ...answer.topics[0] });
    this.runUntilTrue('leaders know', () =>
      assignment.every((ids, p) => this.replica(ids[0] ?? -1, `${name}-${p}`)?.role === 'leader'),
    );
    this.runFor(50);
  }

  /** All that was said of this type, oldest first. */
  traces<T extends TraceEventData['type']>(
    type: T,
  ): (TraceEntry & { readonly data: Extract<TraceEventData, { type: T }> })[] {
    const all = [...this.kernel.state.trace] as TraceEntry[];
    return all.filter(({ data }) => data.type === type) as ReturnType<typeof this.traces<T>>;
  }
}
