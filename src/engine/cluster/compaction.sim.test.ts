import { describe, expect, test } from 'vitest';
import type { Scenario } from '../api/scenario.ts';
import { millis } from '../base/time.ts';
import { LEAN_FAULTS, REST_MS } from '../testing/lean-runs.ts';
import { LEAN_ROWS, leanScenario, leanTape } from '../testing/lean-scenario.ts';
import { groupMembers, safeFaults } from '../testing/random-faults.ts';
import { ClusterSimulation } from './simulation.ts';

const SEEDS = Array.from({ length: 20 }, (_, i) => 30_001 + i);

/** Everything so small and impatient that offsets, changelog and output are cleaned again and again. */
function compactingScenario(seed: number): Scenario {
  const lean = leanScenario(seed);
  return {
    ...lean,
    brokerConfig: {
      ...lean.brokerConfig,
      'log.cleaner.backoff.ms': '500',
      'log.cleaner.min.cleanable.ratio': '0.01',
      'log.cleaner.delete.retention.ms': '2000',
      'log.roll.ms': '3000',
    },
    topics: lean.topics.map((topic) =>
      topic.name === 'views' ? { ...topic, config: { 'cleanup.policy': 'compact' } } : topic,
    ),
  };
}

/** Bytes that cleaning saved, by topic. */
function runToRest(simulation: ClusterSimulation): ReadonlyMap<string, number> {
  const saved = new Map<string, number>();
  for (let ms = 1_000; ms <= REST_MS; ms += 1_000) {
    simulation.advance({ until: millis(ms), eventsMax: Infinity });
    for (const { data } of simulation.frame().events) {
      if (data.type !== 'log-cleaned') continue;
      const topic = data.partition.slice(0, data.partition.lastIndexOf('-'));
      saved.set(topic, (saved.get(topic) ?? 0) + data.bytesBefore - data.bytesAfter);
    }
  }
  return saved;
}

describe('compacted logs under random faults', () => {
  test.each(SEEDS)('seed %i: what is promised holds though old values go', (seed) => {
    const scenario = compactingScenario(seed);
    const simulation = new ClusterSimulation(scenario, { p1: leanTape() });
    const victims = [...groupMembers(scenario), 'counter-1'];
    const replaced = simulation.replaceCommands(safeFaults(scenario, seed, { ...LEAN_FAULTS, victims }));
    expect(replaced.ok).toBe(true);
    const saved = runToRest(simulation);
    const { lost, counted } = simulation.atQuiescence();
    expect(lost).toBe(0);
    expect(counted).toBeGreaterThanOrEqual(LEAN_ROWS);
    for (const topic of ['__consumer_offsets', 'views', 'counter-counts-changelog'])
      expect(saved.get(topic) ?? 0, topic).toBeGreaterThan(0);
  });
});
