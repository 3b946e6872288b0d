import type { CommandAct } from '../api/command.ts';
import type { Ledger } from '../api/frame.ts';
import type { Processing, ServiceFacts } from '../api/entities/group.ts';
import type { TopicPartitionName } from '../api/ids.ts';
import type { Scenario } from '../api/scenario.ts';
import { InvariantError } from '../base/assert.ts';
import { Checker, type CheckerCheckpoint } from '../checker/checker.ts';
import { expectations } from '../checker/expectations.ts';
import type { Violation } from '../checker/violation.ts';
import type { Kernel } from '../sim/kernel.ts';
import type { Watcher } from './run.ts';
import { RunView } from './view/run-view.ts';

/**
 * The checker at work in a run. A rule that the configuration promises under the faults so far, and that is broken
 * all the same, is a bug of the simulator: it throws. A rule that may fail is a lesson, and is kept.
 */
export class Guard implements Watcher {
  private readonly checker: Checker;
  private readonly scenario: Scenario;
  private acts: readonly CommandAct[] = [];
  private seen = 0;

  constructor(kernel: Kernel, scenario: Scenario) {
    this.scenario = scenario;
    this.checker = new Checker(new RunView(kernel, scenario));
  }

  /** These are the acts of the run from now on, those to come included: they decide what is promised. */
  expect(acts: readonly CommandAct[]): void {
    this.acts = acts;
  }

  afterEvent(): void {
    this.checker.afterEvent();
    if (this.checker.violations.length > this.seen) this.judge();
  }

  private judge(): void {
    const fresh = this.checker.violations.slice(this.seen);
    const expected = expectations(this.scenario, this.acts);
    this.seen = this.checker.violations.length;
    const broken = fresh.find(({ invariant }) => expected(invariant) === 'must-hold');
    if (broken === undefined) return;
    const { invariant, name, sentence, evidence } = broken;
    throw new InvariantError(`Invariant ${invariant} (${name}) is broken: ${sentence}`, { evidence });
  }

  /** Everything is healed and has come to rest: judges what was promised in the end. */
  atQuiescence(): void {
    this.checker.atQuiescence();
    if (this.checker.violations.length > this.seen) this.judge();
  }

  get violations(): readonly Violation[] {
    return this.checker.violations;
  }

  lostOf(partition: TopicPartitionName): number {
    return this.checker.lostOf(partition);
  }

  serviceOf(name: string): ServiceFacts {
    return this.checker.serviceOf(name);
  }

  processingOf(group: string): Processing | undefined {
    return this.checker.processingOf(group);
  }

  ledger(): Ledger {
    return this.checker.ledger();
  }

  checkpoint(older?: CheckerCheckpoint): CheckerCheckpoint {
    return this.checker.checkpoint(older);
  }

  restore(checkpoint: CheckerCheckpoint): void {
    this.checker.restore(checkpoint);
    this.seen = this.checker.violations.length;
  }
}
