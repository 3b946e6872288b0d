import { expect, test } from 'vitest';
import type { ProducerEntity } from '../api/entities/producer.ts';
import type { Scenario } from '../api/scenario.ts';
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
