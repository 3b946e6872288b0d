import type { OutcomeList, ProducerView } from '../../api/views/client.ts';
import type { NodeStatus } from '../../api/entities/node.ts';
import type { NodeId } from '../../api/ids.ts';
import type { Tape } from '../../api/scenario.ts';
import { producerConfig } from '../../api/config/client-checks.ts';
import type { ProducerConfig } from '../../api/config/client-config.ts';
import { assert } from '../../base/assert.ts';
import { millis, type SimDuration, type SimTime } from '../../base/time.ts';
import type { ProducerBatch } from '../../client/producer/producer-batch.ts';
import { allQueues } from '../../client/producer/record-accumulator.ts';
import type { ProducerMemory, ProducerProgramConfig } from '../../client/programs/producer-program.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { oldestUnderWayAt } from './under-way.ts';

/** A live look at a node that plays a tape. */
export class ProducerFigure implements ProducerView {
  readonly node: NodeId;
  readonly topic: string;
  readonly tape: Tape;
  private readonly kernel: Kernel;

  constructor(kernel: Kernel, node: NodeId) {
    const { topic, tape } = kernel.slot(node).config as ProducerProgramConfig;
    this.kernel = kernel;
    this.node = node;
    this.topic = topic;
    this.tape = tape;
  }

  private get memory(): ProducerMemory | undefined {
    return this.kernel.slot(this.node).memory as ProducerMemory | undefined;
  }

  get status(): NodeStatus {
    return this.kernel.slot(this.node).status;
  }

  get since(): SimTime {
    return this.kernel.slot(this.node).since;
  }

  get incarnation(): number {
    return this.kernel.slot(this.node).incarnation;
  }

  /** In force for the running process; else for the next one. */
  get acks(): number {
    return this.memory?.producer.acks ?? Number(this.nextConfig.acks);
  }

  get deliveryTimeout(): SimDuration {
    const config = this.memory?.producer.config ?? this.nextConfig;
    return millis(config['delivery.timeout.ms']);
  }

  private get nextConfig(): ProducerConfig {
    const { overrides } = this.kernel.slot(this.node).config as ProducerProgramConfig;
    const parsed = producerConfig(overrides);
    assert(parsed.ok, 'a producer was given a configuration that nobody checked');
    return parsed.value;
  }

  get played(): number {
    return this.memory?.position.row ?? 0;
  }

  get outcomes(): OutcomeList | undefined {
    return this.memory?.outcomes;
  }

  get oldestOpenAt(): SimTime | undefined {
    const { memory } = this;
    if (memory === undefined) return undefined;
    let oldest: SimTime | undefined;
    const look = ({ createdAt }: ProducerBatch): void => {
      if (oldest === undefined || createdAt < oldest) oldest = createdAt;
    };
    for (const queue of allQueues(memory.producer.accumulator)) {
      queue.inFlight.forEach(look);
      queue.waiting.forEach(look);
    }
    return oldest;
  }

  oldestUnderWayAt(): SimTime {
    return oldestUnderWayAt(this.kernel, this.node);
  }
}
