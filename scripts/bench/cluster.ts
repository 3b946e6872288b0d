import type { Scenario, Tape } from '../../src/engine/api/scenario.ts';
import { millis } from '../../src/engine/base/time.ts';
import { ClusterSimulation } from '../../src/engine/cluster/simulation.ts';
import { cpuSeconds, quantile, type BenchRow } from './bench-row.ts';

const RECORDS = 300_000;
const PASSES = 5;

/** Three brokers, twelve partitions of three replicas, one producer at full speed with acks=all, two readers. */
const SCENARIO: Scenario = {
  format: 'millrace-scenario',
  version: 1,
  id: 'throughput',
  name: 'Throughput',
  question: 'How many records pass in a second?',
  seed: 1,
  startMs: 1_700_000_000_000,
  lengthMs: 10_000,
  brokers: [1, 2, 3].map((id) => ({ id, rack: null, config: {} })),
  brokerConfig: {},
  topics: [{ name: 'in', partitions: 12, replicationFactor: 3, config: { 'min.insync.replicas': '2' } }],
  producers: [
    {
      id: 'p1',
      topic: 'in',
      tape: {
        file: 'throughput.csv',
        origin: 'own',
        digest: '0',
        format: 'csv',
        timeColumn: 'time',
        keyColumn: null,
        limit: 0,
      },
      pace: { kind: 'max' },
      config: {},
    },
  ],
  applications: [],
  groups: [{ id: 'readers', topic: 'in', members: 2, workMicros: 1, config: {} }],
  commands: [],
};

export function tapeOf(count: number): Tape {
  const rows = Array.from({ length: count }, (_, row) => row);
  return Object.freeze({
    count,
    timestamps: rows.map((row) => 1_700_000_000_000 + Math.floor(row / 1_000)),
    keys: rows.map(() => null),
    values: rows.map((row) => String(row).padStart(100, '.')),
  });
}

/** Records through the whole cluster: produced, replicated, acknowledged and read. */
export function clusterBench(): readonly BenchRow[] {
  const tape = tapeOf(RECORDS);
  const passes = Array.from({ length: PASSES + 1 }, () => pass(tape)).slice(1);
  const [best, median] = [0, 0.5].map((share) =>
    quantile(
      passes.map(({ cpu }) => cpu),
      share,
    ),
  );
  const events = passes[0]?.events ?? 0;
  const row = { bench: 'cluster', unit: 'records/s of CPU' };
  return [
    {
      ...row,
      what: 'records through the cluster, best pass',
      value: RECORDS / (best ?? 0),
      target: 1_000_000,
    },
    { ...row, what: 'records through the cluster, median pass', value: RECORDS / (median ?? 0) },
    { bench: 'cluster', what: 'records for each event', value: RECORDS / events, unit: 'records' },
  ];
}

function pass(tape: Tape): { readonly cpu: number; readonly events: number } {
  const simulation = new ClusterSimulation(SCENARIO, { p1: tape });
  const before = simulation.eventCount();
  const cpu = cpuSeconds(() => playOut(simulation, tape.count));
  return { cpu, events: simulation.eventCount() - before };
}

/** The cluster after all records of a tape have passed through it. */
export function clusterRun(tape: Tape): ClusterSimulation {
  const simulation = new ClusterSimulation(SCENARIO, { p1: tape });
  playOut(simulation, tape.count);
  return simulation;
}

function playOut(simulation: ClusterSimulation, records: number): void {
  for (let ms = 100; !isRead(simulation, records); ms += 100) {
    if (ms > 20_000) throw new Error('the records do not arrive');
    simulation.advance({ until: millis(ms), eventsMax: Infinity });
  }
}

/** Whether the readers have had every record. */
function isRead(simulation: ClusterSimulation, records: number): boolean {
  let read = 0;
  for (const { memory } of simulation.kernelState().nodes.values()) {
    const { processed } = (memory ?? {}) as { readonly processed?: number };
    read += processed ?? 0;
  }
  return read >= records;
}
