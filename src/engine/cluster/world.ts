import { brokerNode, controllerNodes, memberNode, type BrokerId, type NodeId } from '../api/ids.ts';
import type { Scenario } from '../api/scenario.ts';
import type { BrokerMemory } from '../broker/broker-memory.ts';
import type { Consumer } from '../client/consumer/consumer-state.ts';
import type { ConsumerMemory } from '../client/programs/consumer-memory.ts';
import type { ProducerMemory } from '../client/programs/producer-program.ts';
import type { ControllerMemory } from '../controller/controller-state.ts';
import type { MetadataImage } from '../metadata/metadata-image.ts';
import { livingThreads, type StreamsMemory } from '../streams/runtime/instance-memory.ts';
import { knownImage } from './known-image.ts';
import type { Kernel } from '../sim/kernel.ts';
import type { NodeSlot } from '../sim/kernel-state.ts';

export interface LivingConsumer {
  readonly node: NodeId;
  readonly consumer: Consumer;
  /** Index of the stream thread whose consumer it is; left out: it is no application's. */
  readonly thread?: number;
}

/** Typed, read-only looks into the memories of a scenario's programs. A node that is down has none. */
export class World {
  readonly kernel: Kernel;
  readonly scenario: Scenario;
  readonly controllers: readonly NodeId[];
  private readonly brokerNodes: readonly NodeId[];

  constructor(kernel: Kernel, scenario: Scenario) {
    this.kernel = kernel;
    this.scenario = scenario;
    this.controllers = controllerNodes(scenario.controllers ?? 1);
    this.brokerNodes = scenario.brokers.map(({ id }) => brokerNode(id));
  }

  private memory<T>(node: NodeId): T | undefined {
    return this.kernel.slot(node).memory as T | undefined;
  }

  slot(node: NodeId): NodeSlot {
    return this.kernel.slot(node);
  }

  controller(node: NodeId): ControllerMemory | undefined {
    return this.memory<ControllerMemory>(node);
  }

  /** The controller that decides; of two that believe so the newer one, and undefined while there is none. */
  activeController(): ControllerMemory | undefined {
    return this.controllers
      .map((node) => this.controller(node))
      .filter((memory) => memory !== undefined && memory.activeEpoch >= 0)
      .sort((a, b) => (b?.activeEpoch ?? 0) - (a?.activeEpoch ?? 0))[0];
  }

  /** Topics and partitions as the controllers have them; while all are down, as the best informed broker has them. */
  image(): MetadataImage {
    return knownImage(this.kernel, this.controllers, this.brokerNodes);
  }

  broker(id: BrokerId): BrokerMemory | undefined {
    return this.memory<BrokerMemory>(brokerNode(id));
  }

  producer(node: NodeId): ProducerMemory | undefined {
    return this.memory<ProducerMemory>(node);
  }

  instance(node: NodeId): StreamsMemory | undefined {
    return this.memory<StreamsMemory>(node);
  }

  private threadsOf(node: NodeId): LivingConsumer[] {
    const memory = this.instance(node);
    const threads = memory === undefined ? [] : livingThreads(memory);
    return threads.map(({ main, index }) => ({ node, consumer: main, thread: index }));
  }

  /** The consumers of those members of a group, or instances of an application, that live. */
  consumersOf(group: string): LivingConsumer[] {
    const { groups, applications } = this.scenario;
    const members = groups.find(({ id }) => id === group)?.members;
    const count = members ?? applications.find(({ id }) => id === group)?.instances ?? 0;
    return Array.from({ length: count }, (_, i) => memberNode(group, i + 1)).flatMap((node) => {
      if (members === undefined) return this.threadsOf(node);
      const consumer = this.memory<ConsumerMemory>(node)?.consumer;
      return consumer === undefined ? [] : [{ node, consumer }];
    });
  }
}
