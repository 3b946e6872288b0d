import { describe, expect, test } from 'vitest';
import type { Pace, Tape } from '../../api/scenario.ts';
import { millis } from '../../base/time.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import { Kernel } from '../../sim/kernel.ts';
import { DATA_CENTRE } from '../../sim/network.ts';
import {
  fakePartitionLeader,
  fakeLog,
  type FakeBrokerMemory,
  type ProducePlan,
} from '../../testing/fake-partition-leader.ts';
import { producerProgram, type ProducerMemory } from './producer-program.ts';
import { tapePlayerFacts } from './producer-entity.ts';

const BROKERS = [
  [1, 'b1'],
  [2, 'b2'],
] as const;
const TOPIC = { name: 't', topicId: 'tttttttttttttttttttttA', leaders: [1, 2, 1, 2] };

function tapeOf(count: number, keyed = true): Tape {
  const rows = Array.from({ length: count }, (_, row) => row);
  return Object.freeze({
    count,
    timestamps: rows.map((row) => 1_700_000_000_000 + row),
    keys: rows.map((row) => (keyed ? `key-${row % 17}` : null)),
    values: rows.map((row) => `{"row":${row}}`),
  });
}

interface Setting {
  readonly tape: Tape;
  readonly pace?: Pace;
  readonly overrides?: Record<string, string>;
  readonly plan?: readonly ProducePlan[];
}

function run({ tape, pace = { kind: 'max' }, overrides = {}, plan = [] }: Setting): Kernel {
  const kernel = new Kernel([fakePartitionLeader, producerProgram], {
    seed: 7,
    epochMs: 0,
    profile: DATA_CENTRE,
  });
  for (const [brokerId, node] of BROKERS)
    kernel.addNode(node, 'fake-partition-leader', { brokerId, brokers: BROKERS, topics: [TOPIC] });
  const bootstrap = { 1: 'b1', 2: 'b2' };
  kernel.addNode('p1', 'producer', { id: 'p1', bootstrap, topic: 't', tape, pace, overrides });
  kernel.start('b1');
  kernel.start('b2');
  broker(kernel, 'b1').plan = [...plan];
  kernel.start('p1');
  return kernel;
}

const broker = (kernel: Kernel, id: string): FakeBrokerMemory =>
  kernel.state.nodes.get(id)?.memory as FakeBrokerMemory;
const player = (kernel: Kernel): ProducerMemory => kernel.state.nodes.get('p1')?.memory as ProducerMemory;

function runFor(kernel: Kernel, ms: number): void {
  const until = kernel.state.now + millis(ms);
  while ((kernel.nextAt() ?? Infinity) <= until) kernel.step();
}

/** Rows in the logs of all partitions, by partition and in log order. */
function rowsInLogs(kernel: Kernel): number[][] {
  return TOPIC.leaders.map((leader, partition) =>
    fakeLog(broker(kernel, `b${leader}`), 't', partition).flatMap((batch) =>
      batch.records.values.map((value) => (JSON.parse(value ?? '') as { row: number }).row),
    ),
  );
}

const ascending = (rows: readonly number[]): boolean =>
  rows.every((row, i) => i === 0 || row > (rows[i - 1] ?? 0));

describe('a producer that plays a tape', () => {
  test('puts every row exactly once and in order into the partition of its key', () => {
    const kernel = run({ tape: tapeOf(5_000) });
    runFor(kernel, 2_000);
    const rows = rowsInLogs(kernel);
    expect(rows.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 5_000 }, (_, row) => row));
    expect(rows.every(ascending)).toBe(true);
    const facts = tapePlayerFacts(player(kernel));
    expect(facts).toMatchObject({ sent: 5_000, acknowledged: 5_000, buffered: 0, inFlight: 0, ended: true });
    expect(facts.bufferBytes).toBe(0);
  });

  test('outcomes name the offset of every row', () => {
    const kernel = run({ tape: tapeOf(500) });
    runFor(kernel, 2_000);
    const logs = rowsInLogs(kernel);
    let named = 0;
    for (const { partition, baseOffset, rows } of player(kernel).outcomes)
      rows.forEach((row, i) => {
        expect(logs[partition]?.[baseOffset + i]).toBe(row);
        named++;
      });
    expect(named).toBe(500);
  });

  test.each<[string, ProducePlan[]]>([
    ['an answer is lost with its connection', [0, 'hang-up', 0]],
    ['a request is never answered', ['drop', 0, 'lose']],
    [
      'the leader has moved away',
      [ERROR_CODES.NOT_LEADER_OR_FOLLOWER, 0, ERROR_CODES.NOT_LEADER_OR_FOLLOWER],
    ],
    ['a broker lost the sequence in between', [ERROR_CODES.OUT_OF_ORDER_SEQUENCE_NUMBER, 0]],
    ['batches are too large', [ERROR_CODES.MESSAGE_TOO_LARGE, ERROR_CODES.MESSAGE_TOO_LARGE]],
  ])('idempotence leaves neither gap nor duplicate nor disorder when %s', (_, plan) => {
    const pace: Pace = { kind: 'rate', perSecond: 20_000 };
    const kernel = run({ tape: tapeOf(3_000), pace, plan });
    runFor(kernel, 60_000);
    const rows = rowsInLogs(kernel);
    expect(rows.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 3_000 }, (_, row) => row));
    expect(rows.every(ascending)).toBe(true);
    expect(tapePlayerFacts(player(kernel))).toMatchObject({ acknowledged: 3_000, failed: 0, unknown: 0 });
  });

  test('without idempotence a lost answer makes a duplicate', () => {
    const overrides = { 'enable.idempotence': 'false', acks: '1' };
    const kernel = run({ tape: tapeOf(200), overrides, plan: [0, 'hang-up'] });
    runFor(kernel, 5_000);
    const rows = rowsInLogs(kernel).flat();
    expect(rows.length).toBeGreaterThan(200);
    expect(new Set(rows).size).toBe(200);
  });

  test('a batch that expires while under way has an unknown outcome, and later ones go on under a new epoch', () => {
    const overrides = { 'delivery.timeout.ms': '3000', 'request.timeout.ms': '1000', 'linger.ms': '0' };
    const pace: Pace = { kind: 'rate', perSecond: 100 };
    const kernel = run({ tape: tapeOf(1_000), pace, overrides, plan: Array<ProducePlan>(40).fill('drop') });
    runFor(kernel, 30_000);
    const facts = tapePlayerFacts(player(kernel));
    expect(facts.unknown).toBeGreaterThan(0);
    expect(facts.acknowledged + facts.unknown + facts.failed).toBe(1_000);
    expect(player(kernel).producer.idempotence.producerEpoch).toBeGreaterThan(0);
    const acknowledged = [...player(kernel).outcomes].filter(({ outcome }) => outcome === 'acknowledged');
    const logs = rowsInLogs(kernel);
    for (const { partition, rows } of acknowledged)
      for (const row of rows) expect(logs[partition]).toContain(row);
  });

  test('rows without keys fill one partition after the other', () => {
    const kernel = run({ tape: tapeOf(20_000, false) });
    runFor(kernel, 3_000);
    const rows = rowsInLogs(kernel);
    expect(rows.flat()).toHaveLength(20_000);
    expect(rows.every((list) => list.length > 1_000)).toBe(true);
  });

  test('memory that is full holds the player back until answers free it', () => {
    const overrides = { 'buffer.memory': '65536', 'linger.ms': '1000' };
    const kernel = run({ tape: tapeOf(4_000), overrides });
    let most = 0;
    while (!player(kernel).ended && kernel.step())
      most = Math.max(most, tapePlayerFacts(player(kernel)).bufferBytes);
    expect(most).toBe(65_536);
    expect(tapePlayerFacts(player(kernel)).acknowledged).toBe(4_000);
  });

  test('with acks=0 nobody is asked, and what is lost counts as sent', () => {
    const overrides = { acks: '0' };
    const kernel = run({ tape: tapeOf(1_000), overrides, plan: ['lose', 'lose'] });
    runFor(kernel, 2_000);
    expect(tapePlayerFacts(player(kernel))).toMatchObject({ acknowledged: 1_000, inFlight: 0, ended: true });
    const rows = rowsInLogs(kernel).flat();
    expect(rows.length).toBeLessThan(1_000);
    expect([...player(kernel).outcomes].every(({ baseOffset }) => baseOffset === -1)).toBe(true);
  });

  test('a row beyond max.request.size is refused, and the next one goes on', () => {
    const kernel = run({ tape: tapeOf(12), overrides: { 'max.request.size': '100' } });
    runFor(kernel, 2_000);
    expect(tapePlayerFacts(player(kernel))).toMatchObject({ sent: 10, acknowledged: 10, refused: 2 });
    const failed = [...player(kernel).outcomes].filter(({ outcome }) => outcome === 'failed');
    expect(failed.map(({ partition, rows }) => [partition, rows])).toEqual([
      [-1, [10]],
      [-1, [11]],
    ]);
  });

  test('without a cluster send() gives up after max.block.ms, row by row', () => {
    const kernel = run({ tape: tapeOf(3), overrides: { 'max.block.ms': '5000' } });
    for (const id of ['b1', 'b2']) kernel.stop(id, { powerLoss: true });
    runFor(kernel, 12_000);
    expect(tapePlayerFacts(player(kernel))).toMatchObject({ sent: 0, refused: 2, ended: false });
    runFor(kernel, 6_000);
    expect(tapePlayerFacts(player(kernel))).toMatchObject({ refused: 3, ended: true });
  });

  test('the tape’s own time is kept, with long gaps cut short', () => {
    const timestamps = [0, 1_000, 3_600_000, 3_601_000];
    const tape = Object.freeze({ ...tapeOf(4), timestamps });
    const pace: Pace = { kind: 'times', factor: 2, gapMaxMs: 10_000 };
    const kernel = run({ tape, pace, overrides: { 'linger.ms': '0' } });
    runFor(kernel, 30_000);
    const sent = [...kernel.state.trace].filter(({ data }) => data.type === 'batch-sent').map(({ at }) => at);
    const begun = sent[0] ?? 0;
    const gaps = sent.map((at) => Math.round((at - begun) / 1_000));
    expect(gaps.map((gap, i) => Math.abs(gap - ([0, 500, 5_500, 6_000][i] ?? 0)) < 5)).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  test('a new life begins with the first row without an outcome', () => {
    const pace: Pace = { kind: 'rate', perSecond: 10_000 };
    const kernel = run({ tape: tapeOf(5_000), pace });
    runFor(kernel, 200);
    const acknowledged = tapePlayerFacts(player(kernel)).acknowledged;
    expect(acknowledged).toBeGreaterThan(500);
    kernel.stop('p1', { powerLoss: false });
    kernel.start('p1');
    expect(player(kernel).position.firstRow).toBeLessThanOrEqual(acknowledged);
    expect(player(kernel).position.firstRow).toBeGreaterThan(500);
    runFor(kernel, 5_000);
    expect(new Set(rowsInLogs(kernel).flat()).size).toBe(5_000);
  });

  test('SIGTERM sends what was taken and then exits', () => {
    const kernel = run({
      tape: tapeOf(5_000),
      pace: { kind: 'rate', perSecond: 10_000 },
      overrides: { 'linger.ms': '500' },
    });
    runFor(kernel, 100);
    const taken = tapePlayerFacts(player(kernel)).sent;
    kernel.signal('p1', { type: 'terminate' });
    runFor(kernel, 1_000);
    expect(kernel.state.nodes.get('p1')?.status).toBe('down');
    expect(rowsInLogs(kernel).flat()).toHaveLength(taken);
  });

  test('a fork of the run goes on as the run itself', () => {
    const kernel = run({ tape: tapeOf(3_000), plan: [0, 'hang-up', ERROR_CODES.NOT_ENOUGH_REPLICAS] });
    runFor(kernel, 3);
    const checkpoint = kernel.checkpoint();
    runFor(kernel, 3_000);
    const hash = kernel.stateHash();
    kernel.restore(checkpoint);
    runFor(kernel, 3_000);
    expect(kernel.stateHash()).toBe(hash);
  });
});
