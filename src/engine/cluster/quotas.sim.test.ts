import { expect, test } from 'vitest';
import type { ProducerEntity } from '../api/entities/producer.ts';
import { QUOTA_KEYS } from '../api/quota.ts';
import type { Scenario } from '../api/scenario.ts';
import type { BrokerMemory } from '../broker/broker-memory.ts';
import { leanScenario, leanTape } from '../testing/lean-scenario.ts';
import { ClusterSimulation } from './simulation.ts';

const SECOND = 1_000_000;

const plain = (scenario: Scenario): Scenario => ({ ...scenario, applications: [], groups: [] });

function acknowledged(simulation: ClusterSimulation): number {
  const producers = simulation
    .frame()
    .changed.filter((entity): entity is ProducerEntity => entity.kind === 'producer');
  return producers[0]?.acknowledged ?? -1;
}

const until = (simulation: ClusterSimulation, at: number): void =>
  void simulation.advance({ until: at, eventsMax: Infinity });

test('a quota of the scenario holds from the start, and one that a person takes away holds no more', () => {
  const free = new ClusterSimulation(plain(leanScenario(3)), { p1: leanTape() });
  until(free, 20 * SECOND);
  const without = acknowledged(free);
  const quotas = [{ clientId: 'p1', key: 'producer_byte_rate', value: 100 }] as const;
  const held = new ClusterSimulation({ ...plain(leanScenario(3)), quotas }, { p1: leanTape() });
  until(held, 20 * SECOND);
  const within = acknowledged(held);
  expect(within).toBeGreaterThan(0);
  expect(within).toBeLessThan(without * 0.8);
  expect(held.act({ type: 'set-quota', clientId: 'p1', key: 'producer_byte_rate', value: null }).ok).toBe(
    true,
  );
  until(held, 60 * SECOND);
  until(free, 60 * SECOND);
  expect(acknowledged(held)).toBe(acknowledged(free));
});

test('a quota that a person sets in the middle of a run slows its client', () => {
  const simulation = new ClusterSimulation(plain(leanScenario(3)), { p1: leanTape() });
  until(simulation, 5 * SECOND);
  const before = acknowledged(simulation);
  expect(simulation.act({ type: 'set-quota', user: null, key: 'producer_byte_rate', value: 20 }).ok).toBe(
    true,
  );
  until(simulation, 20 * SECOND);
  expect(acknowledged(simulation) - before).toBeLessThan(before);
  expect(simulation.act({ type: 'set-quota', key: 'producer_byte_rate', value: 20 })).toEqual({
    ok: false,
    error: 'A quota must say whose it is: of a user, a clientId, or both.',
  });
});

/** The quotas of a cluster, by whose they are. */
const quotasOf = (simulation: ClusterSimulation): unknown[] => {
  const { memory } = simulation.kernelState().nodes.get('b1') ?? {};
  return [...(memory as BrokerMemory).image.quotas.values()].map(({ values }) => values);
};

test.each(QUOTA_KEYS)(
  '%s can be set, changed and taken away, and each is undone to the last event',
  (key) => {
    const owner = key === 'connection_creation_rate' ? { ip: 'p1' } : { clientId: 'p1' };
    const simulation = new ClusterSimulation(plain(leanScenario(3)), { p1: leanTape() });
    const acts = [40, 900, null].map((value) => ({ type: 'set-quota', ...owner, key, value }) as const);
    const commands = acts.map((act, i) => ({ id: i + 1, at: (i + 2) * SECOND, act }));
    const wanted = [[], [{ [key]: 40 }], [{ [key]: 900 }], []];
    const standing = wanted.map((quotas, done) => {
      expect(simulation.replaceCommands(commands.slice(0, done)).ok).toBe(true);
      until(simulation, 6 * SECOND);
      expect(quotasOf(simulation)).toEqual(quotas);
      return simulation.stateHash();
    });
    expect(new Set(standing).size).toBe(standing.length);
    for (const done of [2, 1, 0]) {
      expect(simulation.replaceCommands(commands.slice(0, done)).ok).toBe(true);
      until(simulation, 6 * SECOND);
      expect(simulation.stateHash()).toBe(standing[done]);
    }
  },
);

test('a broker tells whom it holds to a quota of time, and for how long they are silent', () => {
  const quotas = [{ clientId: 'p1', key: 'request_percentage', value: 0.5 }] as const;
  const requestMicros = { produce: 20_000 };
  const scenario = { ...plain(leanScenario(3)), quotas, requestMicros };
  const simulation = new ClusterSimulation(scenario, { p1: leanTape() });
  until(simulation, 3 * SECOND);
  const facts = simulation
    .frame()
    .changed.flatMap((entity) => (entity.kind === 'node' ? (entity.broker?.quotas ?? []) : []));
  const [first] = facts.filter(({ silentFor }) => silentFor > 0);
  expect(first).toMatchObject({ key: 'request_percentage', clientId: 'p1', limit: 0.5 });
  expect(first?.rate).toBeGreaterThan(0.5);
  expect(first?.silentFor).toBeLessThanOrEqual(SECOND);
});
