import { expect, test } from 'vitest';
import type { Command, CommandAct } from '../api/command.ts';
import type { Entity, EntityId, Ledger } from '../api/frame.ts';
import type { PartitionEntity } from '../api/entities/partition.ts';
import type { Scenario } from '../api/scenario.ts';
import { millis } from '../base/time.ts';
import { LEAN_ROWS, leanScenario, leanTape } from '../testing/lean-scenario.ts';
import { ClusterSimulation } from './simulation.ts';

/** The tape is over, and what was started again is in sync. */
const END_MS = 90_000;

interface Outcome {
  readonly ledger: Ledger | undefined;
  readonly partitions: readonly PartitionEntity[];
}

function run(scenario: Scenario, acts: readonly (readonly [number, CommandAct])[]): Outcome {
  const simulation = new ClusterSimulation(scenario, { p1: leanTape() });
  const commands = acts.map(([ms, act], i): Command => ({ id: i + 1, at: millis(ms) + 1, act }));
  expect(simulation.replaceCommands(commands)).toMatchObject({ ok: true });
  simulation.advance({ until: millis(END_MS), eventsMax: Infinity });
  const entities = new Map<EntityId, Entity>(simulation.frame().changed.map((entity) => [entity.id, entity]));
  const all = [...entities.values()];
  return {
    ledger: all.find((entity) => entity.kind === 'cluster')?.ledger,
    partitions: all.filter((entity) => entity.kind === 'partition'),
  };
}

const lost = (node: string): readonly (readonly [number, CommandAct])[] => [
  [12_000, { type: 'wipe-disk', node }],
  [20_000, { type: 'start', node }],
];

/** One copy of everything; what a leader has is nowhere else. */
const unreplicated = (scenario: Scenario): Scenario => ({
  ...scenario,
  brokerConfig: { ...scenario.brokerConfig, 'default.replication.factor': '1', 'min.insync.replicas': '1' },
  topics: scenario.topics.map((topic) => ({ ...topic, replicationFactor: 1 })),
  applications: [],
  groups: [],
});

test.each(['b1', 'b3'])(
  'with three copies nothing is lost with the disk of %s: the broker comes back with nothing and copies all of it',
  (node) => {
    const { ledger, partitions } = run(leanScenario(1), lost(node));
    expect(ledger).toMatchObject({ acknowledged: LEAN_ROWS, lost: 0, duplicated: 0 });
    for (const { isr } of partitions) expect([...isr].sort()).toEqual([1, 2, 3]);
  },
);

test('an application whose machine is lost takes its state from the changelog', () => {
  const { ledger } = run(leanScenario(1), lost('counter-1'));
  expect(ledger).toMatchObject({ acknowledged: LEAN_ROWS, lost: 0 });
});

test('with one copy what was acknowledged is lost with the disk', () => {
  const { ledger } = run(unreplicated(leanScenario(1)), lost('b1'));
  expect(ledger?.lost).toBeGreaterThan(10);
});

test('a controller’s disk cannot be replaced, and a producer keeps nothing', () => {
  const simulation = new ClusterSimulation(leanScenario(1), { p1: leanTape() });
  for (const node of ['controller', 'p1'])
    expect(simulation.act({ type: 'wipe-disk', node })).toEqual({
      ok: false,
      error: `Only the disk of a broker or of an instance of an application can be replaced, and ${node} is none.`,
    });
});
