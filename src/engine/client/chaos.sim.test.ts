import { expect, test } from 'vitest';
import type { Tape } from '../api/scenario.ts';
import { below, pick, prngStream, type PrngState } from '../base/prng.ts';
import { millis } from '../base/time.ts';
import { readLog } from '../log/read.ts';
import { offsetAt } from '../protocol/record-batch.ts';
import type { Program } from '../sim/node-context.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';
import type { ConsumerMemory } from './programs/consumer-memory.ts';
import { consumerProgram } from './programs/consumer-program.ts';
import { producerProgram, type ProducerMemory } from './programs/producer-program.ts';

const BROKERS = ['b1', 'b2', 'b3'];
const MEMBERS = ['c1', 'c2', 'c3'];
const PARTITIONS = 4;
const ROWS = 2_000;
const BOOTSTRAP = { 1: 'b1', 2: 'b2', 3: 'b3' };
const GROUP = {
  'auto.offset.reset': 'earliest',
  'enable.auto.commit': 'false',
  'session.timeout.ms': '8000',
  'heartbeat.interval.ms': '2000',
  'max.poll.interval.ms': '20000',
};

const rows = Array.from({ length: ROWS }, (_, row) => row);
const TAPE: Tape = Object.freeze({
  count: ROWS,
  timestamps: rows.map((row) => 1_700_000_000_000 + row),
  keys: rows.map((row) => `key-${row % 37}`),
  values: rows.map((row) => String(row)),
});

class Ordeal {
  readonly cluster: BrokerCluster;
  /** `partition@offset` of what any member has processed. */
  readonly read = new Set<string>();
  private readonly prng: PrngState;
  private readonly cursors = new Map<string, { incarnation: number; at: number }>();

  constructor(seed: number) {
    this.prng = prngStream(seed, 'ordeal');
    const programs = [producerProgram, consumerProgram] as unknown as Program[];
    this.cluster = new BrokerCluster({ seed, programs });
    this.cluster.boot();
    const assignment = Array.from({ length: PARTITIONS }, (_, p) => [0, 1, 2].map((i) => ((p + i) % 3) + 1));
    this.cluster.createTopic('t', assignment, { 'min.insync.replicas': '2' });
    const pace = { kind: 'rate', perSecond: 60 };
    const player = { id: 'p1', bootstrap: BOOTSTRAP, topic: 't', tape: TAPE, pace, overrides: {} };
    this.cluster.kernel.addNode('p1', 'producer', player, this.cluster.now);
    for (const id of MEMBERS) {
      const reader = {
        id,
        bootstrap: BOOTSTRAP,
        groupId: 'g',
        topics: ['t'],
        workMicros: 3_000,
        overrides: GROUP,
      };
      this.cluster.kernel.addNode(id, 'consumer', reader, this.cluster.now);
    }
    this.runFor(4_000);
  }

  get player(): ProducerMemory {
    return this.cluster.kernel.slot('p1').memory as ProducerMemory;
  }

  runFor(ms: number): void {
    const until = this.cluster.now + millis(ms);
    while ((this.cluster.kernel.nextAt() ?? Infinity) <= until) {
      this.cluster.kernel.step();
      this.harvest();
    }
    this.cluster.runUntil(until);
  }

  /** Writes down what members have processed, before their memory may be gone. */
  private harvest(): void {
    for (const id of MEMBERS) {
      const { memory, incarnation } = this.cluster.kernel.slot(id);
      if (memory === undefined) continue;
      const { ranges } = memory as ConsumerMemory;
      let cursor = this.cursors.get(id);
      if (cursor?.incarnation !== incarnation) cursor = { incarnation, at: 0 };
      this.cursors.set(id, cursor);
      for (; cursor.at < ranges.end; cursor.at++) {
        const { name, from, last } = ranges.at(cursor.at);
        for (let offset = from; offset <= last; offset++) this.read.add(`${name}@${offset}`);
      }
    }
  }

  /** One fault of brokers, clients or links between them; healed before the next. */
  fault(): void {
    const { kernel } = this.cluster;
    const broker = pick(this.prng, BROKERS);
    const client = pick(this.prng, [...MEMBERS, 'p1']);
    const member = pick(this.prng, MEMBERS);
    const [hurt, heal] = [
      [() => kernel.stop(broker, { powerLoss: below(this.prng, 2) === 0 }), () => kernel.start(broker)],
      [() => kernel.pause(broker), () => kernel.resume(broker)],
      [() => kernel.signal(broker, { type: 'terminate' }), () => kernel.start(broker)],
      [() => kernel.setLinkCut(broker, client, true), () => kernel.setLinkCut(broker, client, false)],
      [() => kernel.pause(client), () => kernel.resume(client)],
      [() => kernel.stop(member, { powerLoss: false }), () => kernel.start(member)],
      [() => kernel.signal(member, { type: 'terminate' }), () => kernel.start(member)],
      [
        () => BROKERS.forEach((node) => kernel.setLinkCut(node, client, true)),
        () => BROKERS.forEach((node) => kernel.setLinkCut(node, client, false)),
      ],
    ][below(this.prng, 8)] as [() => void, () => void];
    hurt();
    this.runFor(200 + below(this.prng, 20_000));
    heal();
    this.runFor(3_000 + below(this.prng, 8_000));
  }

  /** Lets everything come to rest: the tape ends, and members catch up. */
  rest(): void {
    for (let i = 0; i < 60 && !this.player.ended; i++) this.runFor(5_000);
    this.runFor(40_000);
  }

  /** Rows by partition and offset, as the leaders have them. */
  logs(): Map<string, number> {
    const found = new Map<string, number>();
    for (let p = 0; p < PARTITIONS; p++) {
      const { leader } = this.cluster.partition('t', p);
      const log = this.cluster.replica(leader, `t-${p}`)?.log;
      if (log === undefined) continue;
      const range = { offset: 0, maxBytes: 1e9, upTo: log.logEndOffset, minOneMessage: true };
      for (const batch of readLog(log, this.cluster.contextOf(leader), range).batches)
        batch.records.values.forEach((value, i) => found.set(`t-${p}@${offsetAt(batch, i)}`, Number(value)));
    }
    return found;
  }
}

test.each([1, 2, 3])(
  'whatever fails (seed %i), what is acknowledged is there once, in order of its key, and is read',
  (seed) => {
    const ordeal = new Ordeal(seed);
    for (let i = 0; i < 4; i++) ordeal.fault();
    ordeal.rest();
    expect(ordeal.player.ended).toBe(true);
    const logs = ordeal.logs();
    const inLogs = [...logs.values()];
    expect(new Set(inLogs).size).toBe(inLogs.length);
    for (const { partition, baseOffset, rows: ofBatch, outcome } of ordeal.player.outcomes)
      ofBatch.forEach((row, i) => {
        if (outcome === 'acknowledged') expect(logs.get(`t-${partition}@${baseOffset + i}`)).toBe(row);
        else if (outcome === 'failed') expect(inLogs).not.toContain(row);
      });
    const newest = new Map<string, number>();
    for (const row of inLogs) {
      const key = TAPE.keys[row] ?? '';
      if (row <= (newest.get(key) ?? -1)) expect.fail(`row ${row} stands after row ${newest.get(key)}`);
      newest.set(key, row);
    }
    expect([...logs.keys()].filter((place) => !ordeal.read.has(place))).toEqual([]);
  },
);

test('a run goes on from a checkpoint as it went on before, in the middle of trouble', () => {
  const ordeal = new Ordeal(9);
  ordeal.cluster.kernel.stop('b1', { powerLoss: true });
  ordeal.runFor(5_000);
  const checkpoint = ordeal.cluster.kernel.checkpoint();
  ordeal.runFor(20_000);
  const hash = ordeal.cluster.kernel.stateHash();
  ordeal.cluster.kernel.restore(checkpoint);
  ordeal.runFor(20_000);
  expect(ordeal.cluster.kernel.stateHash()).toBe(hash);
});
