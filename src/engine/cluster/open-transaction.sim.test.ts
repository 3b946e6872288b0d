import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Entity } from '../api/frame.ts';
import { parseScenarioText } from '../api/scenario-parse.ts';
import type { Scenario, Tape } from '../api/scenario.ts';
import { millis } from '../base/time.ts';
import type { ConsumerMemory } from '../client/programs/consumer-memory.ts';
import { ClusterSimulation } from './simulation.ts';

const TEXT = readFileSync('public/scenarios/open-transaction.json', 'utf8');

function scenario(): Scenario {
  const parsed = parseScenarioText(TEXT);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

const tapeOf = (name: string): Tape => {
  const rows = Array.from({ length: 400 }, (_, row) => row);
  return Object.freeze({
    count: rows.length,
    timestamps: rows.map((row) => 1_431_857_100_000 + row),
    keys: rows.map((row) => `k${row % 5}`),
    values: rows.map((row) => JSON.stringify({ row, name })),
  });
};

function begin(): ClusterSimulation {
  const bundled = scenario();
  const tapes = { p1: tapeOf('request'), p2: tapeOf('temperature') };
  const simulation = new ClusterSimulation({ ...bundled, commands: [] }, tapes);
  expect(simulation.replaceCommands(bundled.commands).ok).toBe(true);
  return simulation;
}

const run = (simulation: ClusterSimulation, ms: number): void =>
  void simulation.advance({ until: millis(ms), eventsMax: Infinity });

/** Records that a group's one member has worked on. */
function readBy(simulation: ClusterSimulation, group: string): number {
  const { memory } = simulation.kernelState().nodes.get(`${group}-1`) ?? {};
  return (memory as ConsumerMemory).processed;
}

test('a reader of what is committed waits for a dead producer, and neither it nor the ledger counts a row twice', () => {
  const simulation = begin();
  run(simulation, 16_000);
  const stopped = readBy(simulation, 'settled');
  run(simulation, 25_000);
  expect(readBy(simulation, 'settled'), 'the transaction of the dead producer is open').toBe(stopped);
  expect(readBy(simulation, 'hasty')).toBeGreaterThan(stopped + 15);
  run(simulation, 31_500);
  const { acknowledged: before } =
    simulation.frame().changed.flatMap((e) => (e.kind === 'cluster' ? [e.ledger] : []))[0] ?? {};
  expect(readBy(simulation, 'settled'), 'its coordinator has aborted it').toBe(before);
  run(simulation, 42_040);
  const { asked, acknowledged, lost, duplicated, failed } = simulation.atQuiescence();
  expect({ lost, duplicated, failed }).toEqual({ lost: 0, duplicated: 0, failed: 0 });
  expect(acknowledged).toBeGreaterThan(asked - 10);
  expect(readBy(simulation, 'hasty')).toBeGreaterThan(acknowledged + 20);
});

test('a frame tells of the open transaction, of its coordinator, and of what became of the others', () => {
  const simulation = begin();
  run(simulation, 20_000);
  simulation.watch([{ id: 'partition:events-0', what: 'records' }]);
  const { changed, details } = simulation.frame();
  const of = <K extends Entity['kind']>(kind: K) =>
    changed.filter((entity): entity is Extract<Entity, { kind: K }> => entity.kind === kind);
  const [partition] = of('partition');
  const leading = partition?.states.find(({ broker }) => broker === partition.leader);
  const [hanging] = partition?.openTransactions ?? [];
  expect(leading?.lastStable).toBe(hanging?.firstOffset);
  expect(leading?.lastStable).toBeLessThan((leading?.highWatermark ?? 0) - 10);
  const requests = of('transaction').find(({ name }) => name === 'requests');
  expect(requests).toMatchObject({ state: 'Ongoing', partitions: ['events-0'], timeoutMs: 12_000 });
  expect(requests?.producerId).toBe(hanging?.producerId);
  expect(requests?.startedAt).toBeGreaterThan(millis(12_000));
  expect(requests?.startedAt).toBeLessThan(millis(14_000));
  const records = details.find((detail) => detail.what === 'records');
  const cells = records?.replicas.find(({ broker }) => broker === partition?.leader)?.cells ?? [];
  const count = (fate: string, marker: boolean): number =>
    cells.filter((c) => c.transaction?.fate === fate && (c.marker !== undefined) === marker).length;
  expect(count('aborted', true)).toBeGreaterThan(0);
  expect(count('aborted', false)).toBe(5 * count('aborted', true));
  expect(cells.filter((c) => c.transaction?.fate === 'open').map((c) => c.offset)).toContain(
    hanging?.firstOffset,
  );
  expect(of('producer').map(({ transactions }) => transactions?.transactionalId)).toEqual([
    undefined,
    'temperatures',
  ]);
});

test('transactions of a producer without a name are refused', () => {
  const parsed = parseScenarioText(TEXT.replace(', "transactional.id": "requests"', ''));
  expect(parsed).toMatchObject({
    ok: false,
    error: {
      path: 'producers[0].transactions',
      message: expect.stringContaining('transactional.id') as string,
    },
  });
});

test('a reader that is told to read everything at its next start may be given what was aborted', () => {
  const simulation = begin();
  const node = 'settled-1';
  run(simulation, 2_000);
  const target = { kind: 'client', node } as const;
  const value = 'read_uncommitted';
  expect(simulation.act({ type: 'set-config', target, key: 'isolation.level', value }).ok).toBe(true);
  expect(simulation.act({ type: 'shut-down', node }).ok).toBe(true);
  run(simulation, 4_000);
  expect(simulation.act({ type: 'start', node }).ok).toBe(true);
  run(simulation, 13_000);
  expect(simulation.violations).toEqual([]);
  expect(readBy(simulation, 'settled')).toBeGreaterThan(20);
});
