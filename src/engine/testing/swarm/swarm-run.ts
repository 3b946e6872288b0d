import type { CommandAct } from '../../api/command.ts';
import type { NodeId } from '../../api/ids.ts';
import { millis, type SimTime } from '../../base/time.ts';
import { Checker } from '../../checker/checker.ts';
import { expectations } from '../../checker/expectations.ts';
import type { Violation } from '../../checker/violation.ts';
import { buildCluster } from '../../cluster/cluster-builder.ts';
import { internal } from '../../cluster/prelude.ts';
import { groupSizes, Rest } from '../../cluster/view/rest.ts';
import { RunView } from '../../cluster/view/run-view.ts';
import type { ProducerMemory } from '../../client/programs/producer-program.ts';
import type { Kernel } from '../../sim/kernel.ts';
import type { Scenario } from '../../api/scenario.ts';
import { copierProgram, type CopierConfig } from '../transactional-copier.ts';
import { featuresOf, type Features } from './features.ts';
import type { Aim } from './aims.ts';
import { Reach } from './reach.ts';
import { applySwarmAct, commandOf, type SwarmAct } from './swarm-acts.ts';
import { instances, swarmFaults, type SwarmFault } from './swarm-faults.ts';
import { COPIERS, SWARM_TAPE, swarmScenario } from './swarm-scenario.ts';

/**
 * When the first fault may begin, and how long it may take until everything has come to rest (simulated ms): a member whose
 * coordinator lost power while it was joining waits for `max.poll.interval.ms` and 5 s; then its application shares out
 * its tasks, twice if the others come later.
 */
const FIRST_FAULT_MS = 1_500;
const REST_MS = 360_000;
/** How often a run is asked whether it is in sync, or rests. */
const LOOK_MS = 500;
/** How long the system may take to be in sync again. */
const SYNC_MS = 40_000;
/** How long a moment to aim at is waited for. */
const AIM_MS = 8_000;

/** What was looked for is there. */
class Found extends Error {}

/** What happens to a run of the swarm instead of the faults of its seed. */
export type Script = (run: SwarmRun) => void;

/** A run of the swarm, from its beginning to rest, under its checker alone. */
export class SwarmRun {
  readonly features: Features;
  readonly scenario: Scenario;
  readonly kernel: Kernel;
  readonly view: RunView;
  readonly checker: Checker;
  readonly reach: Reach;
  private readonly rest: Rest;
  private readonly faults: readonly SwarmFault[];
  private readonly acts: CommandAct[] = [];
  private isEnough: ((violations: readonly Violation[]) => boolean) | undefined = undefined;

  constructor(seed: number, features = featuresOf(seed)) {
    this.features = features;
    this.scenario = swarmScenario(seed, features);
    this.faults = swarmFaults(this.scenario, features);
    this.kernel = buildCluster(this.scenario, { p1: SWARM_TAPE }, [copierProgram]);
    const copiers = features.has('copiers') ? COPIERS : [];
    for (const id of copiers) this.kernel.addNode(id, 'copier', this.copierConfig(id), internal(0));
    this.view = new RunView(this.kernel, { ...this.scenario, copiers });
    this.checker = new Checker(this.view);
    this.reach = new Reach(this.view);
    const sizes = groupSizes(this.scenario);
    this.rest = new Rest(
      this.view,
      this.scenario,
      copiers.length > 0 ? new Map([...sizes, ['copiers', copiers.length]]) : sizes,
    );
  }

  private copierConfig(id: string): CopierConfig {
    const partitions = this.scenario.topics[0]?.partitions ?? 1;
    return Object.freeze({
      id,
      bootstrap: Object.freeze({ 1: 'b1', 2: 'b2', 3: 'b3' }),
      groupId: 'copiers',
      from: 'clicks',
      to: 'copies',
      partitions: Object.freeze(Array.from({ length: Math.min(2, partitions) }, (_, i) => i)),
      transactionTimeoutMs: 8_000,
      workMs: 60,
      consumer: Object.freeze({
        'auto.offset.reset': 'earliest',
        'enable.auto.commit': 'false',
        'isolation.level': 'read_committed',
        'session.timeout.ms': '6000',
        'heartbeat.interval.ms': '2000',
      }),
    });
  }

  /** Runs until enough is broken, or to rest. */
  watch(isEnough: (violations: readonly Violation[]) => boolean, script?: Script): this {
    try {
      this.isEnough = isEnough;
      this.run(script);
    } catch (error) {
      if (!(error instanceof Found)) throw error;
    }
    return this;
  }

  private look(): void {
    const { checker } = this;
    const { length } = checker.violations;
    checker.afterEvent();
    this.reach.after();
    if (checker.violations.length > length && this.isEnough?.(checker.violations) === true) throw new Found();
  }

  /** What was broken that had to hold. */
  run(script: Script = () => this.runFaults()): readonly Violation[] {
    this.runTo(internal(millis(FIRST_FAULT_MS)));
    script(this);
    this.runUntil(() => this.rests(), REST_MS);
    this.checker.atQuiescence();
    return this.broken();
  }

  private runFaults(): void {
    for (const { acts, victim, length, gap } of this.faults) {
      const node = typeof victim === 'string' ? victim : this.runToAim(victim);
      if (node === undefined) continue;
      const { begin, then = [], end } = acts(node);
      this.act(begin);
      for (const [afterMs, act] of then) {
        this.runFor(afterMs);
        this.act(act);
      }
      this.runFor(length);
      // An orderly stop takes its time.
      for (let ms = 0; begin.type === 'shut-down' && ms < SYNC_MS && !this.isDown(node); ms += LOOK_MS)
        this.runFor(LOOK_MS);
      this.act(end);
      this.runUntil(() => this.rest.isInSync(), SYNC_MS);
      this.runFor(gap);
    }
  }

  /** Runs event by event until there is somebody to hit, for a while at most. */
  runToAim(aim: Aim, withinMs = AIM_MS): NodeId | undefined {
    const end = this.kernel.state.now + millis(withinMs);
    for (let at = this.kernel.nextAt(); at !== undefined && at <= end; at = this.kernel.nextAt()) {
      const node = aim(this.view);
      if (node !== undefined) return node;
      this.step();
    }
    return undefined;
  }

  private step(): void {
    const then = this.reach.before(this.kernel.state.queue.peek());
    this.kernel.step();
    then?.();
    this.look();
  }

  /** Machines lose power or a disk one after the other, and what they lost has come back before the next does. */
  private broken(): readonly Violation[] {
    const acts = this.acts.map((act): CommandAct =>
      act.type === 'power-off' || act.type === 'fail-log-dir' || act.type === 'wipe-disk'
        ? { type: 'crash', node: act.node }
        : act,
    );
    const expected = expectations(this.scenario, acts);
    return this.checker.violations.filter(({ invariant }) => expected(invariant) === 'must-hold');
  }

  act(act: SwarmAct): void {
    this.runTo(this.kernel.state.now + 1);
    const then = act.type === 'power-off' ? this.reach.beforePowerLoss(act.node) : undefined;
    applySwarmAct(this.kernel, act);
    then?.();
    const command = commandOf(act);
    if (command !== undefined) this.acts.push(command);
    this.look();
  }

  private runTo(end: SimTime): void {
    const { kernel } = this;
    for (let at = kernel.nextAt(); at !== undefined && at <= end; at = kernel.nextAt()) {
      this.step();
    }
    if (end > kernel.state.now) kernel.jumpTo(end);
  }

  runFor(ms: number): void {
    this.runTo(this.kernel.state.now + millis(ms));
  }

  runUntil(isSo: () => boolean, withinMs: number): void {
    for (let ms = 0; ms < withinMs && !isSo(); ms += LOOK_MS) {
      this.supervise();
      this.runFor(LOOK_MS);
    }
  }

  /**
   * What has ended by an error is started again: a copier that was fenced, an instance to which a coordinator that was one
   * no more said that its transaction is none.
   */
  private supervise(): void {
    const copiers = this.features.has('copiers') ? COPIERS : [];
    for (const node of [...copiers, ...instances(this.scenario)])
      if (this.isDown(node)) this.act({ type: 'start', node });
  }

  private isDown(node: NodeId): boolean {
    return this.kernel.slot(node).status === 'down';
  }

  private rests(): boolean {
    const player = this.kernel.slot('p1').memory as ProducerMemory | undefined;
    return player?.ended === true && this.rest.waitsFor() === null;
  }
}
