import type { Scenario, Tape } from '../../src/engine/api/scenario.ts';
import { millis } from '../../src/engine/base/time.ts';
import { ClusterSimulation } from '../../src/engine/cluster/simulation.ts';
import { cpuSeconds, quantile, type BenchRow } from './bench-row.ts';

const TOPICS = 10;
const PER_SECOND = 1_000;
/** Simulated. */
const WARM_MS = 300;
const PLAY_MS = 700;
const names = Array.from({ length: TOPICS }, (_, i) => `t${i + 1}`);

/** Twelve brokers, a thousand partitions of three replicas, ten producers of a thousand records a second, ten groups. */
const SCENARIO: Scenario = {
  format: 'millrace-scenario',
  version: 1,
  id: 'large',
  name: 'Large',
  question: 'Is a large cluster still usable?',
  seed: 1,
  startMs: 1_700_000_000_000,
  lengthMs: 60_000,
  brokers: Array.from({ length: 12 }, (_, i) => ({ id: i + 1, rack: null, config: {} })),
  brokerConfig: {},
  topics: names.map((name) => ({
    name,
    partitions: 100,
    replicationFactor: 3,
    config: { 'min.insync.replicas': '2' },
  })),
  producers: names.map((topic, i) => ({
    id: `p${i + 1}`,
    topic,
    tape: {
      file: 'large.csv',
      origin: 'own' as const,
      digest: '0',
      format: 'csv' as const,
      timeColumn: 'time',
      keyColumn: null,
      limit: 0,
    },
    pace: { kind: 'rate' as const, perSecond: PER_SECOND },
    config: {},
  })),
  applications: [],
  groups: names.map((topic) => ({ id: `g-${topic}`, topic, members: 2, workMicros: 1, config: {} })),
  commands: [],
};

const TAPE: Tape = Object.freeze({
  count: 100_000,
  timestamps: Array.from({ length: 100_000 }, (_, i) => 1_700_000_000_000 + i),
  keys: Array.from({ length: 100_000 }, (_, i) => `k${i % 997}`),
  values: Array.from({ length: 100_000 }, (_, i) => String(i).padStart(100, '.')),
});

/** Whether twelve brokers with a thousand partitions can be played, and looked at. */
export function largeBench(): readonly BenchRow[] {
  let simulation: ClusterSimulation | undefined;
  const boot = cpuSeconds(() => {
    simulation = new ClusterSimulation(
      SCENARIO,
      Object.fromEntries(SCENARIO.producers.map(({ id }) => [id, TAPE])),
    );
  });
  if (simulation === undefined) throw new Error('nothing was built');
  const run = simulation;
  run.advance({ until: millis(WARM_MS), eventsMax: Infinity });
  const before = run.eventCount();
  const playing = cpuSeconds(() => {
    run.advance({ until: millis(WARM_MS + PLAY_MS), eventsMax: Infinity });
  });
  const events = run.eventCount() - before;
  run.frame();
  const frames = Array.from({ length: 30 }, (_, i) => {
    run.advance({ until: millis(WARM_MS + PLAY_MS + (i + 1) * 10), eventsMax: Infinity });
    return cpuSeconds(() => run.frame()) * 1_000;
  });
  const row = { bench: 'large', unit: 'ms of CPU' };
  return [
    { ...row, what: 'booting 12 brokers with 1,000 partitions', value: boot * 1_000 },
    {
      bench: 'large',
      what: 'simulated time of 10,000 records a second',
      value: PLAY_MS / 1_000 / playing,
      unit: 's/s of CPU',
    },
    { bench: 'large', what: 'events', value: events / playing, unit: 'events/s of CPU' },
    { ...row, what: 'building a frame, p95', value: quantile(frames, 0.95) },
  ];
}
