import { expect, test } from 'vitest';
import type { Tape } from '../api/scenario.ts';
import { below, pick, prngStream, type PrngState } from '../base/prng.ts';
import { millis } from '../base/time.ts';
import { COORDINATOR_TOPIC, TRANSACTION_TOPIC } from '../broker/coordinator-topic.ts';
import { partitionForGroup } from '../coordinator/group/group-request.ts';
import { partitionForTransaction } from '../coordinator/transaction/coordinator-state.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import { readLog } from '../log/read.ts';
import { offsetAt } from '../protocol/record-batch.ts';
import type { Program } from '../sim/node-context.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';
import { copierProgram, type CopierMemory } from '../testing/transactional-copier.ts';
import type { TxnState } from './producer/transaction-state.ts';
import type { ConsumerMemory } from './programs/consumer-memory.ts';
import { consumerProgram } from './programs/consumer-program.ts';
import { producerProgram, type ProducerMemory } from './programs/producer-program.ts';

const BROKERS = ['b1', 'b2', 'b3'];
const COPIERS = ['c1', 'c2'];
const BOOTSTRAP = { 1: 'b1', 2: 'b2', 3: 'b3' };
const PARTITIONS = [0, 1];
const ROWS = 100;

const rows = Array.from({ length: ROWS }, (_, row) => row);
const TAPE: Tape = Object.freeze({
  count: ROWS,
  timestamps: rows.map((row) => 1_700_000_000_000 + row),
  keys: rows.map((row) => `key-${row % 7}`),
  values: rows.map(String),
});

const BROKER_OVERRIDES = {
  'replica.lag.time.max.ms': '4000',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '1000',
  'offsets.topic.num.partitions': '2',
  'transaction.state.log.num.partitions': '2',
};
const CONSUMER_OVERRIDES = {
  'auto.offset.reset': 'earliest',
  'enable.auto.commit': 'false',
  'isolation.level': 'read_committed',
  'max.poll.records': '8',
  'session.timeout.ms': '8000',
  'heartbeat.interval.ms': '2000',
};

/** Records are copied in transactions from `in` to `out`, and read there, while machines and links fail. */
class Ordeal {
  readonly cluster: BrokerCluster;
  /** Of `out`, what the reader of committed records was given: `partition@offset`. */
  private readonly read = new Set<string>();
  private readonly prng: PrngState;
  private cursor = 0;

  constructor(seed: number, transactionVersion: number) {
    this.prng = prngStream(seed, 'ordeal');
    const programs = [producerProgram, consumerProgram, copierProgram] as unknown as Program[];
    const features = { 'transaction.version': transactionVersion };
    this.cluster = new BrokerCluster({ seed, programs, features, overrides: BROKER_OVERRIDES });
    this.cluster.boot();
    const assignment = PARTITIONS.map((p) => [0, 1, 2].map((i) => ((p + i) % 3) + 1));
    for (const topic of ['in', 'out'])
      this.cluster.createTopic(topic, assignment, { 'min.insync.replicas': '2' });
    this.addClients();
    this.cluster.runFor(4_000);
  }

  private addClients(): void {
    const { kernel, now } = this.cluster;
    const known = { bootstrap: BOOTSTRAP, consumer: CONSUMER_OVERRIDES, overrides: CONSUMER_OVERRIDES };
    const pace = { kind: 'rate', perSecond: 5 };
    const player = { id: 'p1', topic: 'in', tape: TAPE, pace, bootstrap: BOOTSTRAP, overrides: {} };
    kernel.addNode('p1', 'producer', player, now);
    const copier = { ...known, groupId: 'copiers', from: 'in', to: 'out', partitions: PARTITIONS };
    for (const id of COPIERS)
      kernel.addNode(id, 'copier', { ...copier, id, transactionTimeoutMs: 6_000, workMs: 150 }, now);
    const reader = { ...known, id: 'r1', groupId: 'readers', topics: ['out'], workMicros: 10 };
    kernel.addNode('r1', 'consumer', reader, now);
  }

  /** Runs until a copier’s transaction is in this state, or a while. */
  private runInto(copier: string, state: TxnState): void {
    const { kernel } = this.cluster;
    const isThere = () =>
      (kernel.slot(copier).memory as CopierMemory | undefined)?.producer.transactions?.standing.state ===
      state;
    const until = this.cluster.now + millis(3_000);
    while (this.cluster.now < until && !isThere()) kernel.step();
    if (state === 'IN_TRANSACTION') this.cluster.runFor(100);
  }

  /** A copier dies, freezes or is cut off in the middle of a transaction, its records being in the log. */
  hurtCopier(): void {
    const { kernel } = this.cluster;
    const copier = pick(this.prng, COPIERS);
    const [hurt, heal] = [
      [() => kernel.stop(copier, { powerLoss: false }), () => kernel.start(copier)],
      [() => kernel.pause(copier), () => kernel.resume(copier)],
      [() => this.cutOff(copier, true), () => this.cutOff(copier, false)],
    ][below(this.prng, 3)] as [() => void, () => void];
    this.runInto(copier, 'IN_TRANSACTION');
    hurt();
    // Beyond the timeout of its transaction.
    this.cluster.runFor(8_000 + below(this.prng, 6_000));
    heal();
    this.cluster.runFor(below(this.prng, 2_000));
  }

  private cutOff(copier: string, isCut: boolean): void {
    for (const broker of BROKERS) this.cluster.kernel.setLinkCut(broker, copier, isCut);
  }

  /** A broker dies, freezes, goes or is cut off from another, wherever a transaction is. */
  hurtBroker(): void {
    const { kernel } = this.cluster;
    const broker = pick(this.prng, BROKERS);
    const other = BROKERS[(BROKERS.indexOf(broker) + 1) % 3] ?? '';
    const [hurt, heal] = [
      [() => kernel.stop(broker, { powerLoss: true }), () => kernel.start(broker)],
      [() => kernel.pause(broker), () => kernel.resume(broker)],
      [() => kernel.signal(broker, { type: 'terminate' }), () => kernel.start(broker)],
      [() => kernel.setLinkCut(broker, other, true), () => kernel.setLinkCut(broker, other, false)],
    ][below(this.prng, 4)] as [() => void, () => void];
    this.runInto(pick(this.prng, COPIERS), pick(this.prng, ['IN_TRANSACTION', 'COMMITTING_TRANSACTION']));
    hurt();
    this.cluster.runFor(200 + below(this.prng, 8_000));
    heal();
    this.cluster.runFor(below(this.prng, 3_000));
  }

  /**
   * A copier dies when its transaction is decided, and the markers cannot get from its coordinator to that of the group:
   * whoever takes over has to wait for the offsets. Returns whether the two are different brokers.
   */
  cutCoordinators(): boolean {
    const { kernel } = this.cluster;
    const copier = pick(this.prng, COPIERS);
    const ofTransaction = `b${this.cluster.partition(TRANSACTION_TOPIC, partitionForTransaction(copier, 2)).leader}`;
    const ofGroup = `b${this.cluster.partition(COORDINATOR_TOPIC, partitionForGroup('copiers', 2)).leader}`;
    if (ofTransaction === ofGroup) return false;
    this.runInto(copier, 'COMMITTING_TRANSACTION');
    kernel.setLinkCut(ofTransaction, ofGroup, true);
    this.cluster.runFor(30);
    kernel.stop(copier, { powerLoss: false });
    // Beyond its session timeout: the other copier takes its partitions over.
    this.cluster.runFor(12_000);
    kernel.setLinkCut(ofTransaction, ofGroup, false);
    kernel.start(copier);
    return true;
  }

  /** Lets everything come to rest. Copiers that were fenced begin a new life, as a supervisor would have it. */
  rest(): void {
    const { kernel } = this.cluster;
    const player = kernel.slot('p1').memory as ProducerMemory;
    for (let i = 0; i < 100 && !(player.ended && this.isRead()); i++) {
      for (const node of [...BROKERS, ...COPIERS])
        if (kernel.slot(node).status === 'down') kernel.start(node);
      this.cluster.runFor(1_000);
    }
  }

  private logOf(name: string): PartitionLog | undefined {
    const [topic, partition] = name.split('-') as [string, string];
    return this.cluster.replica(this.cluster.partition(topic, Number(partition)).leader, name)?.log;
  }

  private valuesOf(name: string): Map<string, string> {
    const values = new Map<string, string>();
    const log = this.logOf(name);
    if (log === undefined) return values;
    const range = { offset: 0, maxBytes: 1e9, upTo: log.logEndOffset, minOneMessage: true };
    const { leader } = this.cluster.partition(name.split('-')[0] ?? '', Number(name.split('-')[1]));
    for (const batch of readLog(log, this.cluster.contextOf(leader), range).batches)
      if (batch.control === undefined)
        batch.records.values.forEach((value, i) => values.set(`${name}@${offsetAt(batch, i)}`, value ?? ''));
    return values;
  }

  /** Whether no transaction is open, and at least as much was read as there should be. */
  private isRead(): boolean {
    const { ranges } = this.cluster.kernel.slot('r1').memory as ConsumerMemory;
    for (; this.cursor < ranges.end; this.cursor++) {
      const { name, from, last } = ranges.at(this.cursor);
      for (let offset = from; offset <= last; offset++) this.read.add(`${name}@${offset}`);
    }
    const logs = PARTITIONS.map((p) => this.logOf(`out-${p}`));
    if (logs.some((log) => log?.firstUnstableOffset !== null || log.highWatermark !== log.logEndOffset))
      return false;
    return this.read.size >= this.inputs().length * PARTITIONS.length;
  }

  /** Every record of `in`, in order. */
  inputs(): string[] {
    return PARTITIONS.flatMap((p) => [...this.valuesOf(`in-${p}`).keys()]).sort();
  }

  /** The inputs whose copies were read in this partition of `out`, in order. */
  effects(partition: number): string[] {
    const values = this.valuesOf(`out-${partition}`);
    const seen = [...this.read].filter((place) => place.startsWith(`out-${partition}@`));
    return seen.map((place) => values.get(place) ?? `nothing at ${place}`).sort();
  }

  /** Transactions that left records behind which count for nothing. */
  get aborted(): number {
    return PARTITIONS.reduce((sum, p) => sum + (this.logOf(`out-${p}`)?.aborted.length ?? 0), 0);
  }
}

const seeds = Array.from({ length: 30 }, (_, i) => ({ seed: i + 1, version: i % 3 === 0 ? 1 : 2 }));

test.each(seeds)(
  'whatever fails (seed $seed, transactions of version $version), the effect of each input is read exactly once',
  ({ seed, version }) => {
    const ordeal = new Ordeal(seed, version);
    ordeal.hurtCopier();
    ordeal.hurtBroker();
    if (seed % 2 === 0 || !ordeal.cutCoordinators()) ordeal.hurtBroker();
    ordeal.rest();
    const inputs = ordeal.inputs();
    expect(inputs).toHaveLength(ROWS);
    for (const partition of PARTITIONS) expect(ordeal.effects(partition)).toEqual(inputs);
    expect(ordeal.aborted).toBeGreaterThan(0);
  },
);
