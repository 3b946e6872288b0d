import type { Command, CommandAct } from '../api/command.ts';
import type { Watch } from '../api/detail.ts';
import type { Frame, Ledger } from '../api/frame.ts';
import type { Fault } from '../api/scenario-guard.ts';
import type { Scenario, Tape } from '../api/scenario.ts';
import type { AdvanceEnd, AdvanceLimits, Simulation } from '../api/simulation.ts';
import { isNotable, NARRATED, type TraceEventData } from '../api/trace-event.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { SimTime } from '../base/time.ts';
import type { Violation } from '../checker/violation.ts';
import type { Kernel } from '../sim/kernel.ts';
import type { KernelState } from '../sim/kernel-state.ts';
import { applicationProblem } from '../streams/runtime/application-plan.ts';
import { buildCluster, instanceConfig } from './cluster-builder.ts';
import { applyAct } from './commands.ts';
import { FrameBuilder } from './frame/frame-builder.ts';
import { Guard } from './guard.ts';
import { internal, PRELUDE, shown } from './prelude.ts';
import { queryFault } from './query-acts.ts';
import { remarkLoss } from './remark-loss.ts';
import { Run } from './run.ts';
import { SAMPLE_EVERY, Sampling } from './sampling.ts';
import { COMMANDS_MAX, takeAct } from './take-act.ts';
import { World } from './world.ts';

/** The composition root: a scenario's cluster, its run through time, and what is told of it. */
export class ClusterSimulation implements Simulation {
  readonly scenario: Scenario;
  private readonly kernel: Kernel;
  private readonly run: Run;
  private readonly guard: Guard;
  private readonly sampling: Sampling;
  private readonly frames: FrameBuilder;

  constructor(scenario: Scenario, tapes: Readonly<Record<string, Tape>>) {
    this.scenario = scenario;
    this.kernel = buildCluster(scenario, tapes);
    const world = new World(this.kernel, scenario);
    this.guard = new Guard(this.kernel, scenario);
    this.sampling = new Sampling(world);
    boot(this.kernel, this.guard);
    this.run = new Run({
      kernel: this.kernel,
      hooks: {
        apply: ({ act }) => applyAct(this.kernel, act),
        isNotable: ({ data }) => isNotable(data as TraceEventData),
        isNarrated: ({ data }) => NARRATED.has((data as TraceEventData).type),
        remark: (entry, notable) => remarkLoss(entry, notable, (partition) => this.guard.lostOf(partition)),
        sample: (at) => this.sampling.take(at),
        forgetFrom: (at) => {
          this.sampling.forgetFrom(at);
          this.frames.tellAgainAfter(this.run.narratedEntries.at(-1)?.id ?? 0);
        },
      },
      watcher: this.guard,
      sampleEvery: SAMPLE_EVERY,
      replicas: scenario.topics.reduce(
        (sum, { partitions, replicationFactor }) => sum + partitions * replicationFactor,
        0,
      ),
    });
    this.frames = new FrameBuilder(() => ({
      world,
      history: this.sampling.history,
      samples: this.sampling.samples,
      notable: this.run.notableMoments,
      narrated: this.run.narratedEntries,
      ledger: this.guard.ledger(),
      processingOf: (group) => this.guard.processingOf(group),
      serviceOf: (name) => this.guard.serviceOf(name),
    }));
  }

  now(): SimTime {
    return shown(this.run.now);
  }

  eventCount(): number {
    return this.kernel.state.eventCount;
  }

  commands(): readonly Command[] {
    return this.run.commands.map((command) => ({ ...command, at: shown(command.at) }));
  }

  furthest(): SimTime {
    return shown(this.run.furthest);
  }

  advance(limits: AdvanceLimits): AdvanceEnd {
    return this.run.advance({ ...limits, until: internal(limits.until) });
  }

  act(act: CommandAct): Result<Command, string> {
    const { kernel, run, guard, frames } = this;
    return takeAct({ kernel, run, guard, frames }, act);
  }

  replaceCommands(commands: readonly Command[]): Result<void, string> {
    if (commands.length > COMMANDS_MAX) return err(`A run holds at most ${COMMANDS_MAX} acts.`);
    if (commands.some(({ at }) => at <= 0)) return err('An act comes after the start of the run.');
    this.guard.expect(commands.map((command) => command.act));
    this.run.replaceCommands(commands.map((command) => ({ ...command, at: internal(command.at) })));
    this.frames.reset();
    return ok(undefined);
  }

  seek(time: SimTime): void {
    this.run.seek(internal(Math.max(0, time)));
    this.frames.reset();
  }

  seekToEvent(eventCount: number): void {
    this.run.seekToEvent(eventCount);
    this.frames.reset();
  }

  seekToPreviousNotable(): void {
    this.seekToEvent(this.run.previousNotable()?.eventCount ?? 0);
  }

  /** The state itself, to be read only. */
  kernelState(): Readonly<KernelState> {
    return this.kernel.state;
  }

  /** Rules that were broken, promised or not. */
  get violations(): readonly Violation[] {
    return this.guard.violations;
  }

  /**
   * Judges a run that is healed and has come to rest by what was promised in the end. Throws an `InvariantError` when a
   * promise is broken.
   */
  atQuiescence(): Ledger {
    this.guard.atQuiescence();
    return this.guard.ledger();
  }

  stateHash(): string {
    return this.kernel.stateHash();
  }

  frame(): Frame {
    return this.frames.build();
  }

  watch(watches: readonly Watch[]): void {
    this.frames.watch(watches);
  }
}

/** Runs the cluster up to the person's time 0. */
function boot(kernel: Kernel, guard: Guard): void {
  while ((kernel.nextAt() ?? Infinity) < PRELUDE) {
    kernel.step();
    guard.afterEvent();
  }
  kernel.jumpTo(PRELUDE);
}

/**
 * A run of a scenario at its moment 0. `tapes` are by producer id; a producer without one plays nothing. The error is
 * one sentence.
 */
export function createSimulation(
  scenario: Scenario,
  tapes: Readonly<Record<string, Tape>>,
): Result<Simulation, string> {
  const asks = scenario.commands.some(({ act }) => act.type === 'query');
  const fault = applicationFault(scenario) ?? (asks ? queryFault(scenario) : undefined);
  if (fault !== undefined) return err(fault.what);
  const simulation = new ClusterSimulation(scenario, tapes);
  if (scenario.commands.length === 0) return ok(simulation);
  const replaced = simulation.replaceCommands(scenario.commands);
  return replaced.ok ? ok(simulation) : replaced;
}

/** Why an application of the scenario cannot be built, as Kafka Streams says it in one sentence, and at which node. */
export function applicationFault(scenario: Scenario): Fault | undefined {
  for (const [i, spec] of scenario.applications.entries()) {
    const config = instanceConfig(spec, 1, { bootstrap: {} });
    const problem = applicationProblem(config);
    if (problem === null) continue;
    const until = (n: number) => ({ ...config, topology: spec.topology.slice(0, n + 1) });
    const node = spec.topology.findIndex((_, n) => applicationProblem(until(n)) === problem);
    const path = ['applications', i, 'topology', node];
    return {
      path,
      what: `The application ${spec.id} cannot be built, applications[${i}].topology[${node}]: ${problem}`,
    };
  }
  return undefined;
}
