import { expect, test } from 'vitest';
import type { CommandAct } from '../api/command.ts';
import type { ConfigOverrides } from '../api/config/config-key.ts';
import type { Ledger } from '../api/frame.ts';
import type { Scenario } from '../api/scenario.ts';
import { millis, type SimTime } from '../base/time.ts';
import { leanScenario, leanTape } from '../testing/lean-scenario.ts';
import { buildCluster } from './cluster-builder.ts';
import { applyAct } from './commands.ts';
import { Guard } from './guard.ts';
import { internal } from './prelude.ts';

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

interface Outcome extends Ledger {
  readonly broken: readonly number[];
}

/** Without readers. A rule that is promised and broken throws. */
function outcomeOf(plan: Plan, config: { brokers?: ConfigOverrides; producer?: ConfigOverrides }): Outcome {
  const lean = leanScenario(1);
  const scenario: Scenario = {
    ...lean,
    applications: [],
    groups: [],
    brokerConfig: { ...lean.brokerConfig, 'replica.lag.time.max.ms': '3000', ...config.brokers },
    producers: lean.producers.map((producer) => ({ ...producer, config: config.producer ?? {} })),
  };
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
  for (const [ms, act] of plan) {
    runTo(Math.max(internal(millis(ms)), kernel.state.now + 1));
    applyAct(kernel, act);
    guard.afterEvent();
  }
  runTo(internal(millis(75_000)));
  guard.atQuiescence();
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
