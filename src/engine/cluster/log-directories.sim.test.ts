import { expect, test } from 'vitest';
import type { Command, CommandAct } from '../api/command.ts';
import type { BrokerFacts } from '../api/entities/node.ts';
import type { Entity, EntityId } from '../api/frame.ts';
import type { PartitionEntity } from '../api/entities/partition.ts';
import type { Scenario } from '../api/scenario.ts';
import type { TraceEventData } from '../api/trace-event.ts';
import { millis } from '../base/time.ts';
import { LEAN_ROWS, leanScenario, leanTape } from '../testing/lean-scenario.ts';
import { ClusterSimulation } from './simulation.ts';

const NODE = 'b3';
const BROKER = 3;
/** The tape is over, and what was started again is in sync. */
const END_MS = 45_000;

/**
 * Brokers with two directories each, a producer, and nobody who reads. A leader waits for a replica that was caught up
 * until it lags, whatever became of its directory: for 3 s here.
 */
const scenarioOf = (config: Readonly<Record<string, string>> = {}): Scenario => {
  const scenario = leanScenario(1);
  const brokerConfig = {
    ...scenario.brokerConfig,
    'log.dirs': '/disk/a,/disk/b',
    'replica.lag.time.max.ms': '3000',
    ...config,
  };
  const topics = scenario.topics.map((topic) => ({ ...topic, partitions: 6 }));
  return { ...scenario, topics, brokerConfig, applications: [], groups: [] };
};

class Lab {
  readonly simulation: ClusterSimulation;
  private readonly entities = new Map<EntityId, Entity>();

  constructor(scenario: Scenario, acts: readonly (readonly [number, CommandAct])[]) {
    this.simulation = new ClusterSimulation(scenario, { p1: leanTape() });
    const commands = acts.map(([ms, act], i): Command => ({ id: i + 1, at: millis(ms) + 1, act }));
    expect(this.simulation.replaceCommands(commands)).toMatchObject({ ok: true });
  }

  runTo(ms: number): void {
    this.simulation.advance({ until: millis(ms), eventsMax: Infinity });
    for (const entity of this.simulation.frame().changed) this.entities.set(entity.id, entity);
  }

  partitions(): PartitionEntity[] {
    return [...this.entities.values()].filter((entity) => entity.kind === 'partition');
  }

  /** Who leads each partition in which epoch, and who is in sync. */
  standing(): Map<string, string> {
    return new Map(
      this.partitions().map(({ name, leader, leaderEpoch, isr }) => [
        name,
        `${leader}/${leaderEpoch} ${[...isr].sort().join()}`,
      ]),
    );
  }

  broker(): BrokerFacts | undefined {
    const node = this.entities.get(NODE);
    return node?.kind === 'node' ? node.broker : undefined;
  }

  status(): string | undefined {
    const node = this.entities.get(NODE);
    return node?.kind === 'node' ? node.status : undefined;
  }

  isStopping(): boolean | undefined {
    const node = this.entities.get(NODE);
    return node?.kind === 'node' ? node.stopping : undefined;
  }

  printed(): readonly Extract<TraceEventData, { readonly type: 'tool-answered' }>[] {
    const { trace } = this.simulation.kernelState();
    return Array.from(
      { length: trace.end - trace.start },
      (_, i) => trace.at(trace.start + i).data as TraceEventData,
    ).filter((data) => data.type === 'tool-answered');
  }

  /** The partitions in the second directory. */
  inSecond(): readonly string[] {
    return this.broker()?.directories?.[1]?.partitions ?? [];
  }
}

const fail = (directory: number): CommandAct => ({ type: 'fail-log-dir', node: NODE, directory });
const repair = (directory: number, empty: boolean): CommandAct => ({
  type: 'repair-log-dir',
  node: NODE,
  directory,
  empty,
});

const moveTo = (name: string, path: string): CommandAct => ({
  type: 'alter-replica-log-dir',
  topic: name.slice(0, -2),
  partition: Number(name.slice(-1)),
  broker: BROKER,
  path,
});

test('a broker spreads its replicas, and only those in a failed directory move away', () => {
  const lab = new Lab(scenarioOf(), [[4_000, fail(1)]]);
  lab.runTo(3_900);
  const before = lab.standing();
  const there = lab.inSecond();
  expect(there).toHaveLength(before.size / 2);
  expect(lab.partitions().some(({ name, leader }) => leader === BROKER && there.includes(name))).toBe(true);
  lab.runTo(8_000);
  expect(lab.status()).toBe('up');
  for (const { name, isr, leader, states } of lab.partitions()) {
    const hit = there.includes(name);
    expect(isr.includes(BROKER)).toBe(!hit);
    expect(states.find(({ broker }) => broker === BROKER)?.role === 'none').toBe(hit);
    if (hit) expect(leader).not.toBe(BROKER);
    else expect(lab.standing().get(name)).toBe(before.get(name));
  }
  lab.runTo(END_MS);
  expect(lab.simulation.atQuiescence()).toMatchObject({ acknowledged: LEAN_ROWS, lost: 0 });
});

test.each([
  ['with what it held', false],
  ['as an empty disk', true],
])('a broker that starts without a directory serves the rest; repaired %s, all come back', (_, empty) => {
  const lab = new Lab(scenarioOf(), [
    [4_000, fail(1)],
    [9_000, { type: 'shut-down', node: NODE }],
    [12_000, { type: 'start', node: NODE }],
    [20_000, { type: 'crash', node: NODE }],
    [20_500, repair(1, empty)],
    [31_000, { type: 'start', node: NODE }],
  ]);
  lab.runTo(3_900);
  const there = lab.inSecond();
  lab.runTo(19_000);
  expect(lab.status()).toBe('up');
  for (const { name, isr } of lab.partitions()) expect(isr.includes(BROKER)).toBe(!there.includes(name));
  lab.runTo(20_900);
  expect(lab.inSecond()).toEqual(empty ? [] : there);
  lab.runTo(END_MS);
  for (const { isr } of lab.partitions()) expect(isr).toContain(BROKER);
  expect([...lab.inSecond()].sort()).toEqual([...there].sort());
  expect(lab.broker()?.directories?.map(({ state }) => state)).toEqual(['online', 'online']);
  expect(lab.simulation.atQuiescence()).toMatchObject({ acknowledged: LEAN_ROWS, lost: 0 });
});

test('a broker halts without its first directory, and again at each start until it is repaired', () => {
  const lab = new Lab(scenarioOf({ 'log.dirs': '/disk/a' }), [
    [4_000, fail(0)],
    [15_000, { type: 'start', node: NODE }],
    [16_000, repair(0, true)],
    [17_000, { type: 'start', node: NODE }],
  ]);
  lab.runTo(4_100);
  expect(lab.status()).toBe('down');
  lab.runTo(15_900);
  expect(lab.status()).toBe('down');
  lab.runTo(END_MS);
  for (const { isr } of lab.partitions()) expect(isr).toContain(BROKER);
  expect(lab.simulation.atQuiescence()).toMatchObject({ acknowledged: LEAN_ROWS, lost: 0 });
});

test('a broker that cannot tell the controller of a failure in time stops', () => {
  const lab = new Lab(scenarioOf({ 'log.dir.failure.timeout.ms': '3000' }), [
    [3_000, { type: 'cut-link', a: NODE, b: 'controller' }],
    [4_000, fail(1)],
  ]);
  lab.runTo(6_900);
  expect(lab.isStopping()).toBe(false);
  lab.runTo(7_200);
  expect(lab.isStopping()).toBe(true);
});

test('a tool moves a replica to another directory of its broker, and shows where all lie', () => {
  const lab = new Lab(scenarioOf(), [
    [4_000, { type: 'describe', what: 'log-dirs' }],
    [6_000, moveTo('clicks-0', '/disk/a')],
    [6_000, moveTo('clicks-0', '/disk/b')],
    [6_500, { type: 'crash', node: NODE }],
    [9_000, { type: 'start', node: NODE }],
    [20_000, moveTo('clicks-0', '/disk/a')],
    [22_000, moveTo('clicks-1', '/disk/c')],
  ]);
  lab.runTo(19_000);
  expect(lab.inSecond()).toContain('clicks-0');
  lab.runTo(END_MS);
  expect(lab.inSecond()).not.toContain('clicks-0');
  expect(lab.broker()?.directories?.map(({ arriving }) => arriving)).toEqual([[], []]);
  const [listed, ...moves] = lab.printed();
  expect(listed?.table?.rows.map((row) => row.slice(0, 3))).toContainEqual(['3', '/disk/a', 'clicks-0']);
  expect(new Set(listed?.table?.rows.map(([broker]) => broker))).toEqual(new Set(['1', '2', '3']));
  expect(moves.map(({ error }) => error)).toEqual([null, null, null, 'LOG_DIR_NOT_FOUND']);
  for (const { isr } of lab.partitions()) expect(isr).toContain(BROKER);
  expect(lab.simulation.violations).toEqual([]);
  expect(lab.simulation.atQuiescence()).toMatchObject({ acknowledged: LEAN_ROWS, lost: 0 });
});
