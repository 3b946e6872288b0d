import { expect, test } from 'vitest';
import type { GroupEntity } from '../api/entities/group.ts';
import type { GroupSpec, Scenario } from '../api/scenario.ts';
import { millis } from '../base/time.ts';
import { LEAN_FAULTS, REST_MS } from '../testing/lean-runs.ts';
import { leanScenario, leanTape, LEAN_ROWS } from '../testing/lean-scenario.ts';
import { groupMembers, safeFaults } from '../testing/random-faults.ts';
import { ClusterSimulation } from './simulation.ts';

const SEEDS = Array.from({ length: 30 }, (_, i) => 20_001 + i);
const PARTITIONS = 6;

const groupOf = (id: string, members: number, config: GroupSpec['config']): GroupSpec => ({
  id,
  topic: 'clicks',
  members,
  workMicros: 500,
  config: { 'auto.offset.reset': 'earliest', ...config },
});

const COOPERATIVE = 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor';

/** A group of each kind, all reading the same topic. */
const GROUPS: readonly GroupSpec[] = [
  groupOf('eager', 2, { 'session.timeout.ms': '10000' }),
  groupOf('cooperative', 3, { 'session.timeout.ms': '10000', 'partition.assignment.strategy': COOPERATIVE }),
  groupOf('uniform', 3, { 'group.protocol': 'consumer' }),
  groupOf('range', 2, {
    'group.protocol': 'consumer',
    'group.remote.assignor': 'range',
    'enable.auto.commit': 'false',
  }),
];

function scenarioOf(seed: number): Scenario {
  const lean = leanScenario(seed);
  return {
    ...lean,
    brokerConfig: {
      ...lean.brokerConfig,
      'group.consumer.min.session.timeout.ms': '10000',
      'group.consumer.session.timeout.ms': '10000',
    },
    topics: [{ name: 'clicks', partitions: PARTITIONS, replicationFactor: 3, config: {} }],
    applications: [],
    groups: GROUPS,
  };
}

function runOf(seed: number): ClusterSimulation {
  const scenario = scenarioOf(seed);
  const simulation = new ClusterSimulation(scenario, { p1: leanTape() });
  const faults = safeFaults(scenario, seed, { ...LEAN_FAULTS, victims: groupMembers(scenario) });
  const replaced = simulation.replaceCommands(faults);
  if (!replaced.ok) throw new Error(replaced.error);
  return simulation;
}

const groupsOf = (simulation: ClusterSimulation): GroupEntity[] =>
  simulation.frame().changed.filter((entity): entity is GroupEntity => entity.kind === 'group');

/** What is promised while it runs (nobody owns what another member owns, offsets do not go back) is judged on the way. */
test.each(SEEDS)(
  'seed %i: groups of both protocols converge, and their offsets agree with the log',
  (seed) => {
    const simulation = runOf(seed);
    simulation.advance({ until: millis(REST_MS), eventsMax: Infinity });
    const { lost } = simulation.atQuiescence();
    expect(lost).toBe(0);
    const groups = groupsOf(simulation);
    expect(groups.map(({ name, state, members }) => [name, state, members.length])).toEqual(
      GROUPS.map(({ id, members }) => [id, 'Stable', members]),
    );
    for (const { partitions } of groups) {
      expect(partitions.map(({ committed, position }) => [committed, position])).toEqual(
        partitions.map(({ end }) => [end, end]),
      );
      expect(partitions.reduce((sum, { end }) => sum + end, 0)).toBeGreaterThanOrEqual(LEAN_ROWS);
    }
  },
);
