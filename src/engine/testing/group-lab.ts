import type { ConfigOverrides } from '../api/config/config-key.ts';
import type { Pace, Tape } from '../api/scenario.ts';
import type { Consumer } from '../client/consumer/consumer-state.ts';
import type { ConsumerMemory } from '../client/programs/consumer-memory.ts';
import { consumerProgram } from '../client/programs/consumer-program.ts';
import { producerProgram, type ProducerMemory } from '../client/programs/producer-program.ts';
import type { Program } from '../sim/node-context.ts';
import { BrokerCluster } from './broker-cluster.ts';

const BOOTSTRAP = { 1: 'b1', 2: 'b2', 3: 'b3' };
const TOPIC = 't';
const RECORD_MICROS = 5;

/** Members of one group `g` on a real cluster, and what they read of a topic `t`. */
export class GroupLab {
  readonly cluster: BrokerCluster;
  private readonly partitions: number;

  constructor(seed: number, partitions = 6, overrides: ConfigOverrides = {}) {
    this.partitions = partitions;
    const programs = [producerProgram, consumerProgram] as unknown as Program[];
    this.cluster = new BrokerCluster({ seed, programs, overrides });
    this.cluster.boot();
    const assignment = Array.from({ length: partitions }, (_, p) =>
      [1, 2, 3].map((i) => ((p + i - 1) % 3) + 1),
    );
    this.cluster.createTopic(TOPIC, assignment, { 'min.insync.replicas': '2' });
  }

  produce(id: string, count: number, pace: Pace = { kind: 'max' }): void {
    const config = { id, bootstrap: BOOTSTRAP, topic: TOPIC, tape: tapeOf(count), pace, overrides: {} };
    this.cluster.kernel.addNode(id, 'producer', config, this.cluster.now);
  }

  consume(
    id: string,
    overrides: ConfigOverrides = {},
    workMicros = RECORD_MICROS,
    topicsPattern?: string,
  ): void {
    const settings = { 'auto.offset.reset': 'earliest', ...overrides };
    const group = { bootstrap: BOOTSTRAP, groupId: 'g', topics: [TOPIC] };
    const config = { id, ...group, topicsPattern, workMicros, overrides: settings };
    this.cluster.kernel.addNode(id, 'consumer', config, this.cluster.now);
  }

  /** Undefined while its process is down. */
  memory(id: string): ConsumerMemory | undefined {
    return this.cluster.kernel.slot(id).memory as ConsumerMemory | undefined;
  }

  consumer(id: string): Consumer | undefined {
    return this.memory(id)?.consumer;
  }

  /** Partitions of a member; none while it is down. */
  owned(id: string): string[] {
    return [...(this.consumer(id)?.subscriptions.assigned.keys() ?? [])].sort();
  }

  /** Whether each member owns as many, and together they own all. */
  isEven(...ids: readonly string[]): boolean {
    const counts = ids.map((id) => this.owned(id).length);
    const sum = counts.reduce((total, count) => total + count, 0);
    return sum === this.partitions && Math.max(...counts) - Math.min(...counts) <= 1;
  }

  ended(id: string): boolean {
    const memory = this.cluster.kernel.slot(id).memory as ProducerMemory | undefined;
    return memory?.ended === true;
  }

  /** `partition@offset` of everything that a member has processed in this life. */
  processed(id: string, memory = this.memory(id)): string[] {
    return [...(memory?.ranges ?? [])].flatMap(({ name, from, last }) =>
      Array.from({ length: last - from + 1 }, (_, i) => `${name}@${from + i}`),
    );
  }

  /** `partition@offset` of everything that is in the logs. */
  written(): string[] {
    return Array.from({ length: this.partitions }, (_, p) => {
      const leader = this.cluster.partition(TOPIC, p).leader;
      const end = this.cluster.replica(leader, `${TOPIC}-${p}`)?.logEnd ?? 0;
      return Array.from({ length: end }, (_ignored, offset) => `${TOPIC}-${p}@${offset}`);
    }).flat();
  }
}

function tapeOf(count: number): Tape {
  const rows = Array.from({ length: count }, (_, row) => row);
  return Object.freeze({
    count,
    timestamps: rows.map((row) => 1_700_000_000_000 + row),
    keys: rows.map((row) => `key-${row % 101}`),
    values: rows.map((row) => `{"row":${row}}`),
  });
}
