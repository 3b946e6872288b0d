import { expect, test } from 'vitest';
import type { CommandAct } from '../api/command.ts';
import type { ConfigOverrides } from '../api/config/config-key.ts';
import type { Ledger } from '../api/frame.ts';
import type { Processing } from '../api/entities/group.ts';
import type { GroupSpec, ProducerSpec, Scenario } from '../api/scenario.ts';
import { millis, type SimTime } from '../base/time.ts';
import type { ConsumerMemory } from '../client/programs/consumer-memory.ts';
import type { Kernel } from '../sim/kernel.ts';
import { LEAN_ROWS, leanScenario, leanTape } from '../testing/lean-scenario.ts';
import { buildCluster } from './cluster-builder.ts';
import { applyAct } from './commands.ts';
import { Guard } from './guard.ts';
import { internal } from './prelude.ts';
import { RunView } from './view/run-view.ts';

// What else a configuration gives up is shown by the exhibits of the museum, then and today: an unclean election,
// idempotence (duplicates, another order), transaction version 1, retention that overtakes a slow reader.

type Plan = readonly (readonly [ms: number, act: CommandAct])[];

/** A leader dies for twelve seconds. */
const DEAD_LEADER: Plan = [
  [4_000, { type: 'crash', node: 'b1' }],
  [16_000, { type: 'start', node: 'b1' }],
];

/** A leader is alone until nobody else counts as in sync, and loses its power. */
const LONELY_LEADER: Plan = [
  [4_000, { type: 'cut-link', a: 'b1', b: 'b2' }],
  [4_000, { type: 'cut-link', a: 'b1', b: 'b3' }],
  [12_000, { type: 'power-off', node: 'b1' }],
  [12_000, { type: 'heal-link', a: 'b1', b: 'b2' }],
  [12_000, { type: 'heal-link', a: 'b1', b: 'b3' }],
  [14_000, { type: 'start', node: 'b1' }],
];

interface Run {
  readonly guard: Guard;
  readonly kernel: Kernel;
}

/** A rule that is promised and broken throws. */
function run(scenario: Scenario, plan: Plan, ms = 75_000): Run {
  const kernel = buildCluster(scenario, { p1: leanTape() });
  const guard = new Guard(kernel, scenario);
  guard.expect(plan.map(([, act]) => act));
  const runTo = (end: SimTime): void => {
    for (let at = kernel.nextAt(); at !== undefined && at <= end; at = kernel.nextAt()) {
      kernel.step();
      guard.afterEvent();
    }
    if (end > kernel.state.now) kernel.jumpTo(end);
  };
  for (const [at, act] of plan) {
    runTo(Math.max(internal(millis(at)), kernel.state.now + 1));
    applyAct(kernel, act);
    guard.afterEvent();
  }
  runTo(internal(millis(ms)));
  guard.atQuiescence();
  return { guard, kernel };
}

interface Outcome extends Ledger {
  readonly broken: readonly number[];
}

/** Without readers. */
function outcomeOf(plan: Plan, config: { brokers?: ConfigOverrides; producer?: ConfigOverrides }): Outcome {
  const lean = leanScenario(1);
  const scenario: Scenario = {
    ...lean,
    applications: [],
    groups: [],
    brokerConfig: { ...lean.brokerConfig, 'replica.lag.time.max.ms': '3000', ...config.brokers },
    producers: lean.producers.map((producer) => ({ ...producer, config: config.producer ?? {} })),
  };
  const { guard } = run(scenario, plan);
  return { ...guard.ledger(), broken: guard.violations.map(({ invariant }) => invariant) };
}

const ACKS = (acks: string): ConfigOverrides => ({ acks, 'enable.idempotence': 'false' });

test.each([
  ['acks=0: nobody confirms anything', DEAD_LEADER, { producer: ACKS('0') }],
  ['acks=1: the leader alone is waited for', LONELY_LEADER, { producer: ACKS('1') }],
  ['min.insync.replicas=1: one may be enough', LONELY_LEADER, { brokers: { 'min.insync.replicas': '1' } }],
] as const)('%s, and what was acknowledged is lost; by default it is not', (_, plan, given) => {
  const { lost, broken } = outcomeOf(plan, given);
  expect(lost).toBeGreaterThan(10);
  expect(broken).toContain(21);
  expect(outcomeOf(plan, {})).toMatchObject({ acknowledged: 240, lost: 0, broken: [] });
});

interface Readers extends Partial<GroupSpec> {
  readonly brokers?: ConfigOverrides;
  readonly producer?: Partial<ProducerSpec>;
}

/** One member that reads what the tape is played into. */
function withReader({ brokers = {}, producer = {}, config = {}, ...group }: Readers): Scenario {
  const lean = leanScenario(1);
  const reader = { id: 'readers', topic: 'clicks', members: 1, workMicros: 0, ...group };
  return {
    ...lean,
    applications: [],
    brokerConfig: { ...lean.brokerConfig, ...brokers },
    producers: lean.producers.map((one) => ({ ...one, ...producer })),
    groups: [
      {
        ...reader,
        config: { 'auto.offset.reset': 'earliest', 'session.timeout.ms': '10000', ...config },
      },
    ],
  };
}

/** The reader dies while the tape is played. */
const DEAD_READER: Plan = [
  [14_500, { type: 'crash', node: 'readers-1' }],
  [16_000, { type: 'start', node: 'readers-1' }],
];

const processed = (readers: Readers, plan: Plan, ms?: number): Processing | undefined =>
  run(withReader(readers), plan, ms).guard.processingOf('readers');

const EACH_ONCE: Processing = { processed: LEAN_ROWS, repeated: 0, disordered: 0, skipped: 0 };

/** Five records a second, where eight come. */
const SLOW = { workMicros: 200_000 };

test('offsets that are committed before their work is done: some of it is never done; and else nothing is left out', () => {
  const early = processed({ ...SLOW, work: 'in-worker' }, DEAD_READER);
  expect(early?.skipped).toBeGreaterThan(10);
  expect(early?.processed).toBe(LEAN_ROWS - (early?.skipped ?? 0));
  expect(processed(SLOW, DEAD_READER)).toMatchObject({ processed: LEAN_ROWS, skipped: 0 });
});

test('offsets that are committed after the work: some of it is done twice; in one transaction with what comes of it each counts once', () => {
  const late = processed({}, DEAD_READER);
  expect(late).toMatchObject({ processed: LEAN_ROWS, skipped: 0 });
  expect(late?.repeated).toBeGreaterThan(10);
  const output = { topic: 'views', config: {} };
  const config = { 'enable.auto.commit': 'false', 'isolation.level': 'read_committed' };
  expect(processed({ workMicros: 50_000, output, config }, DEAD_READER)).toEqual(EACH_ONCE);
  const both = { ...config, 'enable.auto.commit': 'true', 'auto.commit.interval.ms': '200' };
  expect(processed({ workMicros: 50_000, output, config: both }, DEAD_READER)).toEqual(EACH_ONCE);
});

test('an act that makes no sense at its time has no effect, and says why', () => {
  const set = (key: string, value: string): CommandAct => ({
    type: 'set-config',
    target: { kind: 'client', node: 'p1' },
    key,
    value,
  });
  const { kernel } = run({ ...leanScenario(1), applications: [], groups: [] }, [
    [1_000, { type: 'start', node: 'b1' }],
    [2_000, set('acks', '1')],
    [2_000, set('enable.idempotence', 'true')],
  ]);
  const { trace } = kernel.state;
  const told = Array.from({ length: trace.end - trace.start }, (_, i) => trace.at(trace.start + i).data)
    .filter(({ type }) => type === 'act-refused')
    .map((data) => data as { type: string; why?: string });
  expect(told.map(({ why }) => why)).toEqual([
    'b1 is already running.',
    'Kafka would refuse to start p1 with it: Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.',
  ]);
  expect((kernel.slot('p1').config as { overrides: ConfigOverrides }).overrides).toMatchObject({ acks: '1' });
});

/** What the reader was given of aborted transactions, and what became of the rows. */
function readOfAborted(config: ConfigOverrides): { readonly given: number; readonly repeated: number } {
  const producer: Readers['producer'] = {
    transactions: { records: 20, abortEvery: 2 },
    config: { 'transactional.id': 'tx' },
  };
  const scenario = withReader({ producer, config });
  const { kernel, guard } = run(scenario, []);
  const aborted = new RunView(kernel, scenario).brokers.flatMap(({ replicas }) =>
    replicas
      .filter(({ role }) => role === 'leader')
      .flatMap(({ name, aborted: those }) => those.map((one) => ({ name, ...one }))),
  );
  expect(aborted.length).toBeGreaterThan(3);
  const { ranges } = kernel.slot('readers-1').memory as ConsumerMemory;
  const given = [...ranges].filter(({ name, batch, from }) =>
    aborted.some(
      (one) =>
        one.name === name &&
        one.producerId === batch.producerId &&
        from >= one.firstOffset &&
        from < one.lastOffset,
    ),
  );
  return {
    given: given.reduce((sum, { count }) => sum + count, 0),
    repeated: guard.processingOf('readers')?.repeated ?? 0,
  };
}

test('isolation.level=read_uncommitted: a reader is given aborted records, which come again; with read_committed it is not', () => {
  const { given, repeated } = readOfAborted({});
  expect(given).toBeGreaterThan(20);
  expect(repeated).toBe(given);
  expect(readOfAborted({ 'isolation.level': 'read_committed' })).toEqual({ given: 0, repeated: 0 });
});

test('offsets that are forgotten after a minute: a reader that was away longer leaves out what it had not read', () => {
  const away: Plan = [
    [16_000, { type: 'crash', node: 'readers-1' }],
    [100_000, { type: 'start', node: 'readers-1' }],
  ];
  const config = { 'auto.offset.reset': 'latest' };
  const brokers = { 'offsets.retention.minutes': '1', 'offsets.retention.check.interval.ms': '1000' };
  expect(processed({ config, brokers }, away, 140_000)?.skipped).toBeGreaterThan(50);
  expect(processed({ config }, away, 140_000)).toMatchObject({ processed: LEAN_ROWS, skipped: 0 });
});
