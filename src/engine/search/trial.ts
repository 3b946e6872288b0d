import type { ClusterView } from '../api/cluster-view.ts';
import type { Scenario, Tape } from '../api/scenario.ts';
import type { Found, GoalId, Trial, TrialFacts } from '../api/search.ts';
import type { TraceEvent } from '../api/trace-event.ts';
import { InvariantError } from '../base/assert.ts';
import { millis, type SimTime } from '../base/time.ts';
import { Checker } from '../checker/checker.ts';
import { expectations, type Expectation } from '../checker/expectations.ts';
import { buildCluster } from '../cluster/cluster-builder.ts';
import { applyAct } from '../cluster/commands.ts';
import { internal, PRELUDE, shown } from '../cluster/prelude.ts';
import { groupSizes, Rest } from '../cluster/view/rest.ts';
import { RunView } from '../cluster/view/run-view.ts';
import type { Kernel } from '../sim/kernel.ts';
import { judge } from './goals.ts';

/** How often a run is asked, in simulated ms. The moment of a finding is then looked for event by event. */
const LOOK_MS = 500;
/** How long a run that is healed may take to come to rest before it counts as stuck, in simulated ms. */
const REST_MS = 240_000;

/** Runs a plan, judges it by the goals, and ends at the first that is met. */
export function trial(
  plan: Scenario,
  tapes: Readonly<Record<string, Tape>>,
  goals: readonly GoalId[],
): Trial {
  const coarse = new Attempt(plan, tapes, goals).run(Infinity);
  if (coarse.verdict !== 'found' || coarse.found.goal === 'stuck') return coarse;
  const fine = new Attempt(plan, tapes, goals).run(coarse.found.at - millis(LOOK_MS));
  return fine.verdict === 'found' ? fine : coarse;
}

class Attempt {
  private readonly plan: Scenario;
  private readonly goals: readonly GoalId[];
  private readonly kernel: Kernel;
  private readonly view: ClusterView;
  private readonly checker: Checker;
  private readonly rest: Rest;
  private readonly expected: (invariant: number) => Expectation;
  private readonly reached = new Set<string>();
  private seenTrace = 0;
  private done = 0;

  constructor(plan: Scenario, tapes: Readonly<Record<string, Tape>>, goals: readonly GoalId[]) {
    this.plan = plan;
    this.goals = goals;
    this.kernel = buildCluster(plan, tapes);
    this.view = new RunView(this.kernel, plan);
    this.checker = new Checker(this.view);
    this.rest = new Rest(this.view, plan, groupSizes(plan));
    this.expected = expectations(
      plan,
      plan.commands.map(({ act }) => act),
    );
  }

  /** Looks every {@link LOOK_MS}, and from `fineFrom` on after every event. */
  run(fineFrom: SimTime): Trial {
    try {
      return this.watch(fineFrom);
    } catch (error) {
      if (error instanceof InvariantError)
        return { verdict: 'broken', sentence: error.message, facts: this.facts() };
      throw error;
    }
  }

  private watch(fineFrom: SimTime): Trial {
    this.stepsTo(PRELUDE);
    const lengthMs = Math.max(this.plan.lengthMs, this.lastActMs());
    for (let ms = LOOK_MS; ms <= lengthMs + REST_MS; ms += LOOK_MS) {
      const fine = millis(ms) > fineFrom;
      const found = this.stepsTo(internal(millis(ms)), fine) ?? this.look();
      if (found !== null) return { verdict: 'found', found, facts: this.facts() };
      if (ms >= lengthMs && ms % 2_000 < LOOK_MS && this.rests()) break;
    }
    return this.end();
  }

  private end(): Trial {
    const waits = this.waits();
    if (waits === null) this.checker.atQuiescence();
    const found = this.look();
    if (found !== null) return { verdict: 'found', found, facts: this.facts() };
    if (waits !== null && this.goals.includes('stuck') && this.isHealed()) {
      const sentence = `${REST_MS / 1_000} s after everything was healed ${waits}.`;
      return {
        verdict: 'found',
        found: { goal: 'stuck', at: shown(this.kernel.state.now), sentence },
        facts: this.facts(),
      };
    }
    return { verdict: 'right', facts: this.facts() };
  }

  private lastActMs(): number {
    return (this.plan.commands.at(-1)?.at ?? 0) / 1_000;
  }

  private stepsTo(end: SimTime, fine = false): Found | null {
    const { kernel, checker } = this;
    for (;;) {
      const command = this.plan.commands[this.done];
      const commandAt = command === undefined ? Infinity : internal(command.at);
      const eventAt = kernel.nextAt() ?? Infinity;
      if (Math.min(commandAt, eventAt) > end) break;
      if (command !== undefined && commandAt <= eventAt) {
        this.done += 1;
        kernel.jumpTo(commandAt);
        if (command.disabled !== true) applyAct(kernel, command.act);
      } else kernel.step();
      checker.afterEvent();
      this.noteTraces();
      if (!fine) continue;
      const found = this.look();
      if (found !== null) return found;
    }
    if (end > kernel.state.now) kernel.jumpTo(end);
    return null;
  }

  private look(): Found | null {
    const { checker, plan, goals, expected } = this;
    const broken = checker.violations.find(({ invariant }) => expected(invariant) === 'must-hold');
    if (broken !== undefined)
      throw new InvariantError(
        `Invariant ${broken.invariant} (${broken.name}) is broken: ${broken.sentence}`,
        {},
      );
    return judge({ checker, scenario: plan, goals, now: shown(this.kernel.state.now) });
  }

  private noteTraces(): void {
    const { view } = this;
    if (view.newestTrace === this.seenTrace) return;
    view.visitTraces(this.seenTrace, ({ data }) => this.reached.add(nameOf(data)));
    this.seenTrace = view.newestTrace;
  }

  private rests(): boolean {
    return this.waits() === null;
  }

  /** What is still to be done; producers have an answer for all that they were to send. */
  private waits(): string | null {
    const { asked, acknowledged, failed } = this.checker.ledger();
    const open = asked - acknowledged - failed;
    const unplayed = this.view.producers.find(
      ({ tape, played, status }) => status === 'up' && played < tape.count,
    );
    if (unplayed !== undefined) return `${unplayed.node} has not played all of its tape`;
    return open > 0 ? `${open} records wait for an answer` : this.rest.waitsFor();
  }

  /** Every machine is up and every link whole. */
  private isHealed(): boolean {
    const { nodes, network } = this.kernel.state;
    return (
      [...nodes.values()].every(({ status }) => status === 'up') &&
      [...network.links.values()].every(({ cut }) => !cut)
    );
  }

  private facts(): TrialFacts {
    const { now, eventCount } = this.kernel.state;
    return {
      ledger: this.checker.ledger(),
      at: shown(now),
      events: eventCount,
      reached: [...this.reached].sort(),
    };
  }
}

/** What happened, by name; of acts and steps, which. */
function nameOf(data: TraceEvent['data']): string {
  if (data.type === 'command') return `act: ${data.act.type}`;
  if (data.type === 'crashed-at') return `crash at ${data.anchor}`;
  if (data.type === 'transaction-changed') return `transaction: ${data.state}`;
  return data.type;
}
