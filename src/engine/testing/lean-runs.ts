import type { ClusterView } from '../api/cluster-view.ts';
import type { Command } from '../api/command.ts';
import type { Ledger } from '../api/frame.ts';
import type { NodeId } from '../api/ids.ts';
import type { Scenario } from '../api/scenario.ts';
import { millis, type SimTime } from '../base/time.ts';
import { buildCluster } from '../cluster/cluster-builder.ts';
import { applyAct } from '../cluster/commands.ts';
import { Guard } from '../cluster/guard.ts';
import { internal } from '../cluster/prelude.ts';
import { RunView } from '../cluster/view/run-view.ts';
import type { Kernel } from '../sim/kernel.ts';
import { leanScenario, leanTape } from './lean-scenario.ts';
import { safeFaults } from './random-faults.ts';

/** The tape and every fault are over by then (simulated ms). */
const FAULTS_UNTIL_MS = 34_000;
/** How many faults a run of the lean scenario has, and when. */
export const LEAN_FAULTS = { fromMs: 500, untilMs: FAULTS_UNTIL_MS, faults: 5 };
/** And by then everything has come to rest: sessions of 10 s have expired, members are back, lag is read. */
export const REST_MS = 75_000;
/** How often a healed run is asked whether it rests (simulated ms). */
const LOOK_MS = 2_000;

/** The faults of a seed of the lean scenario. */
export const leanFaults = (seed: number, victims: readonly NodeId[]): Command[] =>
  safeFaults(leanScenario(seed), seed, { ...LEAN_FAULTS, victims });

/** A run of the lean scenario with the faults of its seed, from its moment 0 to rest. */
export const leanRun = (seed: number, victims: readonly NodeId[]): JudgedRun =>
  new JudgedRun(leanScenario(seed), leanFaults(seed, victims));

/**
 * A run under its checker and nothing else: no checkpoints, samples or frames. It goes on until everything has come to
 * rest, or for {@link REST_MS}, and is then judged. Throws with the seed when a promise is broken.
 */
export class JudgedRun {
  readonly kernel: Kernel;
  readonly view: ClusterView;
  readonly ledger: Ledger;
  private readonly guard: Guard;
  private readonly scenario: Scenario;

  constructor(scenario: Scenario, faults: readonly Command[]) {
    this.scenario = scenario;
    this.kernel = buildCluster(scenario, { p1: leanTape() });
    this.view = new RunView(this.kernel, scenario);
    this.guard = new Guard(this.kernel, scenario);
    try {
      this.guard.expect(faults.map(({ act }) => act));
      this.runAll(faults);
      this.guard.atQuiescence();
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      throw new Error(`seed ${scenario.seed}: ${cause}`, { cause: error });
    }
    this.ledger = this.guard.ledger();
  }

  private runAll(faults: readonly Command[]): void {
    for (const { at, act } of faults) {
      this.runTo(internal(at) - 1);
      this.kernel.jumpTo(internal(at));
      applyAct(this.kernel, act);
      this.guard.afterEvent();
    }
    for (let ms = FAULTS_UNTIL_MS + LOOK_MS; ms <= REST_MS; ms += LOOK_MS) {
      this.runTo(internal(millis(ms)));
      if (this.rests()) return;
    }
  }

  private runTo(end: SimTime): void {
    for (let at = this.kernel.nextAt(); at !== undefined && at <= end; at = this.kernel.nextAt()) {
      this.kernel.step();
      this.guard.afterEvent();
    }
    this.kernel.jumpTo(end);
  }

  /** Everything that was asked for is counted and read by full groups, and every replica is in sync. */
  private rests(): boolean {
    const { asked, acknowledged, failed, counted } = this.guard.ledger();
    return asked === acknowledged + failed && counted === acknowledged && this.isInSync() && this.isRead();
  }

  private isInSync(): boolean {
    let inSync = true;
    this.view.visitPartitions((_, { isr, replicas }) => {
      if (isr.length < replicas.length) inSync = false;
    });
    return inSync;
  }

  private isRead(): boolean {
    const sizes = new Map(
      this.view
        .groups()
        .map(({ groupId, members, state }) => [groupId, state === 'Stable' ? members.length : 0]),
    );
    const full =
      this.scenario.groups.every(({ id, members }) => sizes.get(id) === members) &&
      this.scenario.applications.every(({ id, instances }) => sizes.get(id) === instances);
    return full && this.view.members().every(({ groupId }) => this.lags(groupId).every((lag) => lag === 0));
  }

  /** Records that the members of a group have yet to read, by partition that they own. */
  lags(group: string): readonly number[] {
    const members = this.view.members().filter(({ groupId }) => groupId === group);
    return members.flatMap(({ owned }) => owned.map(({ name, position }) => this.endOf(name) - position));
  }

  private endOf(name: string): number {
    for (const { replicas } of this.view.brokers)
      for (const replica of replicas)
        if (replica.role === 'leader' && replica.name === name) return replica.highWatermark;
    return -1;
  }
}
