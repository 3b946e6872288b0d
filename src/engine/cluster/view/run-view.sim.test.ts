import { describe, expect, test } from 'vitest';
import type { Command, CommandAct } from '../../api/command.ts';
import type { Scenario, Tape } from '../../api/scenario.ts';
import { ensure } from '../../base/assert.ts';
import { millis } from '../../base/time.ts';
import { Checker } from '../../checker/checker.ts';
import { expectations } from '../../checker/expectations.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { groupMembers, safeFaults } from '../../testing/random-faults.ts';
import { buildCluster } from '../cluster-builder.ts';
import { applyAct } from '../commands.ts';
import { PRELUDE } from '../prelude.ts';
import { RunView } from './run-view.ts';

const ROWS = 900;
const RATE = 60;

const TAPE: Tape = Object.freeze({
  count: ROWS,
  timestamps: Array.from({ length: ROWS }, (_, row) => 1_700_000_000_000 + row * 20),
  keys: Array.from({ length: ROWS }, (_, row) => `k${row % 37}`),
  values: Array.from({ length: ROWS }, (_, row) => `{"row":${row},"path":"/${row % 7}"}`),
});

const TOPOLOGY = [
  { op: 'stream', id: 'in', topic: 't', key: 'string', value: 'json' },
  { op: 'groupBy', id: 'by-path', of: 'in', keyFn: 'field:path' },
  {
    op: 'windowedBy',
    id: 'windows',
    of: 'by-path',
    window: { type: 'tumbling', size: 5_000, grace: 60_000 },
  },
  { op: 'count', id: 'counts', of: 'windows', as: 'counts' },
];

function scenarioOf(seed: number, producer: Record<string, string> = {}): Scenario {
  const config = { 'min.insync.replicas': '2' };
  return {
    format: 'millrace-scenario',
    version: 1,
    id: 'checked',
    name: 'Checked',
    question: 'Is every rule kept?',
    seed,
    startMs: 1_700_000_000_000,
    lengthMs: 60_000,
    brokers: [1, 2, 3].map((id) => ({ id, rack: null, config: {} })),
    brokerConfig: { ...config, 'offsets.topic.num.partitions': '5' },
    topics: [{ name: 't', partitions: 3, replicationFactor: 3, config }],
    producers: [
      {
        id: 'p1',
        topic: 't',
        tape: {
          file: '',
          origin: 'own',
          digest: '',
          format: 'csv',
          timeColumn: '',
          keyColumn: null,
          limit: 0,
        },
        pace: { kind: 'rate', perSecond: RATE },
        config: producer,
      },
    ],
    applications: [
      {
        id: 'views',
        instances: 2,
        topology: TOPOLOGY,
        workMicros: 300,
        config: { 'commit.interval.ms': '1000', 'statestore.cache.max.bytes': '0' },
      },
    ],
    groups: [
      { id: 'g', topic: 't', members: 2, workMicros: 300, config: { 'auto.offset.reset': 'earliest' } },
    ],
    commands: [],
  };
}

interface Checked {
  readonly kernel: Kernel;
  readonly checker: Checker;
  /** Numbers of the invariants that were broken. */
  readonly broken: readonly number[];
}

const act = (atMs: number, what: CommandAct): Command => ({ id: atMs, at: millis(atMs), act: what });

/** Runs for so many ms of the person's time, checks every event, and asks what is true at the end. */
function run(scenario: Scenario, commands: readonly Command[], untilMs: number): Checked {
  const kernel = buildCluster(scenario, { p1: TAPE });
  const checker = new Checker(new RunView(kernel, scenario));
  const runTo = (at: number): void => {
    while ((kernel.nextAt() ?? Infinity) <= at) {
      kernel.step();
      checker.afterEvent();
    }
    kernel.jumpTo(at);
  };
  for (const command of commands) {
    runTo(command.at + PRELUDE);
    applyAct(kernel, command.act);
    checker.afterEvent();
  }
  runTo(millis(untilMs) + PRELUDE);
  checker.atQuiescence();
  return { kernel, checker, broken: [...new Set(checker.violations.map(({ invariant }) => invariant))] };
}

const ALL = { asked: ROWS, acknowledged: ROWS, failed: 0, lost: 0 };

describe('a checked run', () => {
  test('keeps every rule, accounts for every row, and is not disturbed by being looked at', () => {
    const scenario = scenarioOf(1);
    const { kernel, checker } = run(scenario, [], 25_000);
    expect(checker.violations).toEqual([]);
    expect(checker.ledger()).toEqual({
      ...ALL,
      duplicated: 0,
      counted: ROWS,
      droppedLate: 0,
      droppedUnkeyed: 0,
    });
    const alone = buildCluster(scenario, { p1: TAPE });
    while ((alone.nextAt() ?? Infinity) <= kernel.state.now) alone.step();
    alone.jumpTo(kernel.state.now);
    expect(alone.stateHash()).toBe(kernel.stateHash());
  });

  test.each([1, 2, 3])('breaks no promise under random faults (seed %i)', (seed) => {
    const scenario = scenarioOf(seed);
    const budget = { fromMs: 1_000, untilMs: 40_000, faults: 4, victims: groupMembers(scenario) };
    const faults = safeFaults(scenario, seed, budget);
    const { checker } = run(scenario, faults, 130_000);
    const promised = expectations(
      scenario,
      faults.map((fault) => fault.act),
    );
    expect(checker.violations.filter(({ invariant }) => promised(invariant) === 'must-hold')).toEqual([]);
    expect(checker.ledger()).toMatchObject({ ...ALL, duplicated: 0 });
  });

  test('shows what a producer that starts anew sends twice', () => {
    const commands = [
      act(5_000, { type: 'cut-link', a: 'p1', b: 'b1' }),
      act(6_500, { type: 'crash', node: 'p1' }),
      act(6_600, { type: 'heal-link', a: 'p1', b: 'b1' }),
      act(7_000, { type: 'start', node: 'p1' }),
    ];
    const { checker, broken } = run(scenarioOf(4), commands, 40_000);
    const ledger = checker.ledger();
    expect(ledger).toMatchObject(ALL);
    expect(ledger.duplicated).toBeGreaterThan(0);
    expect(ledger.counted).toBe(ROWS + ledger.duplicated);
    expect(broken).toEqual([]);
  });

  test('finds what acks=1 loses when the leader is left behind', () => {
    const leader = leaderOf(run(scenarioOf(5), [], 1_000).kernel);
    const node = `b${leader}`;
    const others = [1, 2, 3].filter((id) => id !== leader).map((id) => `b${id}`);
    const links = [...others, 'controller'].map((b) => ({ a: node, b }));
    const commands = [
      ...links.map(({ a, b }) => act(5_000, { type: 'cut-link', a, b })),
      ...links.map(({ a, b }) => act(25_000, { type: 'heal-link', a, b })),
    ];
    const { checker, broken } = run(scenarioOf(5, { acks: '1' }), commands, 60_000);
    const ledger = checker.ledger();
    expect(ledger.lost).toBeGreaterThan(0);
    expect(ledger).toMatchObject({ acknowledged: ROWS, counted: ROWS - ledger.lost });
    expect(broken).toContain(21);
    const promised = expectations(
      scenarioOf(5, { acks: '1' }),
      commands.map((command) => command.act),
    );
    expect(broken.filter((id) => promised(id) === 'must-hold')).toEqual([]);
  });
});

/** Leader of partition 0. */
function leaderOf(kernel: Kernel): number {
  const registration = new RunView(kernel, scenarioOf(5)).partition('t', 0);
  return ensure(registration, 'partition').leader;
}
