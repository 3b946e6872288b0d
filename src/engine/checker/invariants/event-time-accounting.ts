import type { ApplicationView } from '../../api/views/application.ts';
import type { Bytes } from '../../base/bytes.ts';
import { countPlan, visitCounts, visitExpected, type CountPlan } from '../count-plan.ts';
import type { Invariant, Scene } from '../invariant.ts';
import { hasOutcast } from '../outcasts.ts';
import { settledBatches } from '../settled-batches.ts';

/**
 * Each record that was committed is counted in exactly the windows that its time falls into, or said to have come too late
 * for it. The oracle counts the input again by itself. Exactly once, what a lost transaction found late may be found late
 * again.
 */
export const EVENT_TIME_ACCOUNTING: Invariant = {
  id: 47,
  name: 'EventTimeAccounting',
  source: 'Kafka Streams, TimeWindows',
  atQuiescence(scene) {
    for (const { plan, over, missing, late } of accounts(scene)) {
      if (over === 0 && (plan.exactlyOnce ? missing <= late : missing === late)) continue;
      scene.report(this, {
        subject: plan.application,
        sentence: `${plan.application} counts ${over} records more than there are in their windows, and ${missing} fewer, where ${late} came too late.`,
      });
    }
  },
};

/**
 * Counts may be higher than what was sent when work is done again, never lower, unless an instance wrote on after it was
 * put out.
 */
export const AT_LEAST_ONCE: Invariant = {
  id: 40,
  name: 'AtLeastOnce',
  source: 'Kafka Streams, processing.guarantee=at_least_once',
  atQuiescence(scene) {
    for (const { plan, application, missing, late } of accounts(scene)) {
      if (missing <= late || hasOutcast(scene.ghost.outcasts, application)) continue;
      scene.report(this, {
        subject: plan.application,
        sentence: `${plan.application} lacks ${missing} records in its windows, where only ${late} came too late.`,
      });
    }
  },
};

interface Account {
  readonly plan: CountPlan;
  readonly application: ApplicationView;
  /** Counted beyond what the input holds, and not counted though it holds them; summed over windows. */
  readonly over: number;
  readonly missing: number;
  readonly late: number;
}

function accounts(scene: Scene): Account[] {
  const found: Account[] = [];
  for (const application of scene.view.applications) {
    const plan = countPlan(application);
    const expected = plan === undefined ? undefined : expectedCounts(scene, plan);
    if (plan === undefined || expected === undefined) continue;
    const late = scene.ghost.late.get(application.id)?.drops ?? 0;
    found.push({ plan, application, ...compare(expected, actualCounts(scene, plan)), late });
  }
  return found;
}

/** Undefined where the oracle does not know what to expect, or no longer has all records. */
function expectedCounts({ ghost }: Scene, plan: CountPlan): Map<Bytes, number> | undefined {
  if (plan.inputs === null) return undefined;
  const counts = new Map<Bytes, number>();
  for (const { topic, committed } of ghost.partitions.values()) {
    if (topic !== plan.changelog && !plan.inputs.includes(topic)) continue;
    if (committed.start > 0) return undefined;
    if (topic === plan.changelog) continue;
    for (const batch of plan.exactlyOnce ? settledBatches(committed) : committed)
      visitExpected(plan, batch, (window) => counts.set(window, (counts.get(window) ?? 0) + 1));
  }
  return counts;
}

function actualCounts({ ghost }: Scene, plan: CountPlan): Map<Bytes, number> {
  const counts = new Map<Bytes, number>();
  for (const { topic, committed } of ghost.partitions.values())
    if (topic === plan.changelog)
      for (const batch of settledBatches(committed))
        visitCounts(batch, (window, count) => counts.set(window, count));
  return counts;
}

function compare(
  expected: ReadonlyMap<Bytes, number>,
  actual: ReadonlyMap<Bytes, number>,
): Pick<Account, 'over' | 'missing'> {
  let over = 0;
  let missing = 0;
  for (const [window, count] of actual) over += Math.max(0, count - (expected.get(window) ?? 0));
  for (const [window, count] of expected) missing += Math.max(0, count - (actual.get(window) ?? 0));
  return { over, missing };
}
