import { beforeEach, describe, expect, test } from 'vitest';
import type { Pace, Tape } from '../api/scenario.ts';
import type { ConfigOverrides } from '../api/config/config-key.ts';
import { millis } from '../base/time.ts';
import type { Program, TraceEntry } from '../sim/node-context.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';
import { consumerFacts } from './consumer/consumer-facts.ts';
import type { ConsumerMemory } from './programs/consumer-memory.ts';
import { consumerProgram } from './programs/consumer-program.ts';
import { tapePlayerFacts } from './programs/producer-entity.ts';
import { producerProgram, type ProducerMemory } from './programs/producer-program.ts';

const BOOTSTRAP = { 1: 'b1', 2: 'b2', 3: 'b3' };
const PARTITIONS = 6;
const ASSIGNMENT = Array.from({ length: PARTITIONS }, (_, p) => [1, 2, 3].map((i) => ((p + i - 1) % 3) + 1));

function tapeOf(count: number): Tape {
  const rows = Array.from({ length: count }, (_, row) => row);
  return Object.freeze({
    count,
    timestamps: rows.map((row) => 1_700_000_000_000 + row),
    keys: rows.map((row) => `key-${row % 101}`),
    values: rows.map((row) => `{"row":${row}}`),
  });
}

class Laboratory {
  readonly cluster: BrokerCluster;

  constructor(seed: number) {
    const programs = [producerProgram, consumerProgram] as unknown as Program[];
    this.cluster = new BrokerCluster({ seed, programs });
    this.cluster.boot();
    this.cluster.createTopic('t', ASSIGNMENT, { 'min.insync.replicas': '2' });
  }

  produce(id: string, count: number, options: { pace?: Pace; overrides?: ConfigOverrides } = {}): void {
    const { pace = { kind: 'max' }, overrides = {} } = options;
    const config = { id, bootstrap: BOOTSTRAP, topic: 't', tape: tapeOf(count), pace, overrides };
    this.cluster.kernel.addNode(id, 'producer', config, this.cluster.now);
  }

  consume(id: string, overrides: ConfigOverrides = {}, workMicros = 5): void {
    const settings = { 'auto.offset.reset': 'earliest', ...overrides };
    const config = { id, bootstrap: BOOTSTRAP, groupId: 'g', topics: ['t'], workMicros, overrides: settings };
    this.cluster.kernel.addNode(id, 'consumer', config, this.cluster.now);
  }

  producer(id: string): ProducerMemory {
    return this.cluster.kernel.slot(id).memory as ProducerMemory;
  }

  consumer(id: string): ConsumerMemory {
    return this.cluster.kernel.slot(id).memory as ConsumerMemory;
  }

  /** Partitions of a member; none while it is down. */
  owned(id: string): string[] {
    const memory = this.consumer(id) as ConsumerMemory | undefined;
    return memory === undefined ? [] : [...memory.consumer.subscriptions.assigned.keys()];
  }

  ended(id: string): boolean {
    const memory = this.producer(id) as ProducerMemory | undefined;
    return memory !== undefined && memory.ended;
  }

  /** `partition@offset` of everything that a node has processed in this life. */
  processed(id: string, memory = this.consumer(id)): string[] {
    return [...memory.ranges].flatMap(({ name, from, last }) =>
      Array.from({ length: last - from + 1 }, (_, i) => `${name}@${from + i}`),
    );
  }

  logEnds(): number[] {
    return ASSIGNMENT.map((ids, p) => this.cluster.replica(ids[0] ?? -1, `t-${p}`)?.logEnd ?? -1);
  }
}

let lab: Laboratory;
beforeEach(() => {
  lab = new Laboratory(11);
});

const total = (ends: readonly number[]): number => ends.reduce((sum, end) => sum + end, 0);

describe('producers and consumers on a real cluster', () => {
  test('a group of two reads every acknowledged record exactly once', () => {
    lab.consume('c1');
    lab.consume('c2');
    lab.cluster.runUntilTrue(
      'both own three',
      () => lab.owned('c1').length === 3 && lab.owned('c2').length === 3,
    );
    lab.produce('p1', 10_000);
    lab.cluster.runUntilTrue('the tape has ended', () => lab.ended('p1'));
    expect(tapePlayerFacts(lab.producer('p1'))).toMatchObject({
      acknowledged: 10_000,
      failed: 0,
      unknown: 0,
    });
    expect(total(lab.logEnds())).toBe(10_000);
    lab.cluster.runFor(2_000);
    const read = [...lab.processed('c1'), ...lab.processed('c2')];
    expect(read).toHaveLength(10_000);
    expect(new Set(read).size).toBe(10_000);
  });

  test('a killed member’s partitions go to the other after its session has expired', () => {
    const overrides = { 'session.timeout.ms': '10000' };
    lab.consume('c1', overrides);
    lab.consume('c2', overrides);
    lab.cluster.runUntilTrue(
      'both own three',
      () => lab.owned('c1').length === 3 && lab.owned('c2').length === 3,
    );
    lab.produce('p1', 1_500, { pace: { kind: 'rate', perSecond: 100 } });
    lab.cluster.runFor(6_000);
    lab.cluster.kernel.stop('c1', { powerLoss: false });
    const after = lab.cluster.runUntilTrue('c2 owns all', () => lab.owned('c2').length === PARTITIONS);
    expect(after).toBeGreaterThan(6_900);
    expect(after).toBeLessThan(13_100);
    lab.cluster.runUntilTrue('the tape has ended', () => lab.ended('p1'));
    lab.cluster.runFor(2_000);
    const last = lab.logEnds().map((end, p) => `t-${p}@${end - 1}`);
    expect(lab.processed('c2')).toEqual(expect.arrayContaining(last));
  });

  test('a member that closes hands over at once, and nothing is read twice', () => {
    const overrides = { 'enable.auto.commit': 'false' };
    lab.consume('c1', overrides);
    lab.consume('c2', overrides);
    lab.cluster.runUntilTrue(
      'both own three',
      () => lab.owned('c1').length === 3 && lab.owned('c2').length === 3,
    );
    lab.produce('p1', 3_000, { pace: { kind: 'rate', perSecond: 500 } });
    lab.cluster.runFor(2_000);
    const leaving = lab.consumer('c1');
    lab.cluster.kernel.signal('c1', { type: 'terminate' });
    const after = lab.cluster.runUntilTrue('c2 owns all', () => lab.owned('c2').length === PARTITIONS);
    expect(after).toBeLessThan(3_200);
    lab.cluster.runUntilTrue('the tape has ended', () => lab.ended('p1'));
    lab.cluster.runFor(1_000);
    const all = [...lab.processed('c1', leaving), ...lab.processed('c2')];
    expect(all).toHaveLength(3_000);
    expect(new Set(all).size).toBe(3_000);
  });

  test('a member that stops polling leaves, and comes back when it polls again', () => {
    const overrides = { 'max.poll.interval.ms': '6000', 'max.poll.records': '1' };
    lab.consume('c1', overrides, 20_000_000);
    lab.consume('c2', overrides);
    lab.cluster.runUntilTrue(
      'both own three',
      () => lab.owned('c1').length === 3 && lab.owned('c2').length === 3,
    );
    lab.produce('p1', 100);
    lab.cluster.runUntilTrue('c2 owns all', () => lab.owned('c2').length === PARTITIONS);
    expect(consumerFacts(lab.consumer('c1').consumer)).toMatchObject({ state: 'unjoined', generationId: -1 });
    lab.cluster.runUntilTrue('c1 is back', () => lab.owned('c2').length === 3);
  });

  test.each([1, 2, 3])('acknowledged records survive the death of broker %i, in order and once', (dead) => {
    lab.consume('c1');
    lab.produce('p1', 20_000, { pace: { kind: 'rate', perSecond: 2_000 } });
    lab.cluster.runFor(4_000);
    lab.cluster.kernel.stop(`b${dead}`, { powerLoss: dead === 2 });
    lab.cluster.runFor(30_000);
    lab.cluster.kernel.start(`b${dead}`);
    lab.cluster.runUntilTrue('the tape has ended', () => lab.ended('p1'), 120_000);
    expect(tapePlayerFacts(lab.producer('p1'))).toMatchObject({
      acknowledged: 20_000,
      failed: 0,
      unknown: 0,
    });
    lab.cluster.runFor(10_000);
    const read = lab.processed('c1');
    expect(new Set(read).size).toBe(20_000);
    expect(read).toHaveLength(20_000);
  });

  test('the same seed gives the same run, event by event', () => {
    const digests = [0, 1].map(() => {
      const other = new Laboratory(5);
      other.consume('c1');
      other.consume('c2');
      other.produce('p1', 2_000);
      other.cluster.runFor(8_000);
      return other.cluster.kernel.stateHash();
    });
    expect(digests[0]).toBe(digests[1]);
  });

  test('traces tell what clients did', () => {
    lab.consume('c1');
    lab.produce('p1', 1_000);
    lab.cluster.runFor(12_000);
    const said = (node: string): Set<string> =>
      new Set(
        [...lab.cluster.kernel.state.trace]
          .filter((e: TraceEntry) => e.node === node)
          .map(({ data }) => data.type),
      );
    expect([...said('p1')]).toEqual(
      expect.arrayContaining(['batch-sent', 'batch-acknowledged', 'tape-ended']),
    );
    expect([...said('c1')]).toEqual(
      expect.arrayContaining(['partitions-assigned', 'offset-reset', 'offsets-committed']),
    );
    expect(lab.cluster.now).toBeGreaterThan(millis(12_000));
  });
});
