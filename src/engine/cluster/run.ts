import type { AdvanceEnd, AdvanceLimits } from '../api/simulation.ts';
import type { Command } from '../api/command.ts';
import { assert } from '../base/assert.ts';
import type { SimTime } from '../base/time.ts';
import type { CheckerCheckpoint } from '../checker/checker.ts';
import type { Kernel } from '../sim/kernel.ts';
import type { TraceEntry } from '../sim/node-context.ts';
import { Checkpoints, type Checkpoint } from './checkpoints.ts';

/** A moment worth going back to: the state right after the event that left a notable trace. */
export interface NotableMoment {
  readonly eventCount: number;
  readonly at: SimTime;
  readonly entry: TraceEntry;
}

/** What a run needs to know of the system it runs. */
export interface RunHooks {
  /** Executes a command's act on the kernel, now. */
  apply(command: Command): void;
  isNotable(entry: TraceEntry): boolean;
  /** Whether the story of the run needs it, though it is not notable. */
  isNarrated(entry: TraceEntry): boolean;
  /** What an outsider has to say at an entry; `notable` is what was kept before. */
  remark(entry: TraceEntry, notable: readonly NotableMoment[]): TraceEntry | null;
  /** Called once for each multiple of the sample interval, when all events up to it have happened. */
  sample(at: SimTime): void;
  /** The future from `at` on will be another one. */
  forgetFrom(at: SimTime): void;
}

/** Watches a run from outside and goes back with it. */
export interface Watcher {
  /** After each event. Throws when an invariant is broken. */
  afterEvent(): void;
  checkpoint(older?: CheckerCheckpoint): CheckerCheckpoint;
  restore(checkpoint: CheckerCheckpoint): void;
}

export interface RunParts {
  readonly kernel: Kernel;
  readonly hooks: RunHooks;
  readonly watcher: Watcher;
  readonly sampleEvery: SimTime;
  /** Replicas of all partitions, by which checkpoints are apart. */
  readonly replicas: number;
}

/** Notable moments kept, and as many entries that are only narrated; older ones are forgotten. */
const NOTABLE_MAX = 20_000;

/**
 * One run through time: goes forward event by event, takes checkpoints, and goes back by restoring one and replaying.
 * A command at time T happens before all other events of that microsecond.
 */
export class Run {
  readonly kernel: Kernel;
  private readonly hooks: RunHooks;
  private readonly watcher: Watcher;
  private readonly sampleEvery: SimTime;
  private readonly checkpoints: Checkpoints;
  private ordered: readonly Command[] = [];
  /** How many commands of `ordered` have been executed. */
  private done = 0;
  private furthestAt: SimTime;
  /** Notable moments are known up to so many events. */
  private knownEvents: number;
  /** The next sample that nobody has taken. */
  private nextSample: SimTime;
  private notable: NotableMoment[] = [];
  private narrated: TraceEntry[] = [];

  constructor({ kernel, hooks, watcher, sampleEvery, replicas }: RunParts) {
    this.kernel = kernel;
    this.hooks = hooks;
    this.watcher = watcher;
    this.sampleEvery = sampleEvery;
    const { eventCount, now } = kernel.state;
    this.checkpoints = new Checkpoints(this.present(), replicas);
    this.furthestAt = now;
    this.knownEvents = eventCount;
    this.nextSample = Math.ceil(now / sampleEvery) * sampleEvery;
    // A copy's objects have other hidden classes than those the code makes: run on copies from the first event on, or
    // the first jumps throw away all code that was optimised.
    this.restore(this.checkpoints.newest);
  }

  get commands(): readonly Command[] {
    return this.ordered;
  }

  get furthest(): SimTime {
    return this.furthestAt;
  }

  get notableMoments(): readonly NotableMoment[] {
    return this.notable;
  }

  /** What is narrated without being notable, of the whole known run, in order. */
  get narratedEntries(): readonly TraceEntry[] {
    return this.narrated;
  }

  get checkpointCount(): number {
    return this.checkpoints.size;
  }

  get now(): SimTime {
    return this.kernel.state.now;
  }

  advance(limits: AdvanceLimits): AdvanceEnd {
    for (let done = 0; done < limits.eventsMax; done++) {
      if (!this.stepOnce(limits.until)) return this.reach(limits.until);
      if (limits.stopAtNotable === true && this.findNotable(this.kernel.state.eventCount) >= 0)
        return 'notable';
    }
    return 'events';
  }

  /** Nothing more happens until `time`. */
  private reach(time: SimTime): AdvanceEnd {
    if (time !== Infinity) {
      this.takeSamples(time);
      if (time > this.now) this.kernel.jumpTo(time);
      this.furthestAt = Math.max(this.furthestAt, this.now);
    }
    return this.kernel.nextAt() === undefined ? 'idle' : 'goal';
  }

  /** Index of the moment after exactly so many events, or −1. */
  private findNotable(eventCount: number): number {
    const i = this.firstNotableAfter(eventCount) - 1;
    return i >= 0 && this.notable[i]?.eventCount === eventCount ? i : -1;
  }

  private firstNotableAfter(eventCount: number): number {
    let low = 0;
    let high = this.notable.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.notable[middle] as NotableMoment).eventCount <= eventCount) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The last notable moment before the present one. */
  previousNotable(): NotableMoment | undefined {
    return this.notable[this.firstNotableAfter(this.kernel.state.eventCount - 1) - 1];
  }

  /** Executes the next command or event if it is due by `until`. */
  private stepOnce(until: SimTime): boolean {
    const command = this.ordered[this.done];
    const eventAt = this.kernel.nextAt() ?? Infinity;
    const at = Math.min(command?.at ?? Infinity, eventAt);
    if (at === Infinity || at > until) return false;
    this.takeSamples(at - 1);
    if (this.checkpoints.isDue(this.kernel.state.eventCount)) this.takeCheckpoint();
    const trace = this.kernel.state.trace.end;
    if (command !== undefined && command.at <= eventAt) this.execute(command);
    else this.kernel.step();
    this.watcher.afterEvent();
    this.noteTrace(trace);
    this.furthestAt = Math.max(this.furthestAt, this.kernel.state.now);
    return true;
  }

  private execute(command: Command): void {
    this.done += 1;
    this.kernel.jumpTo(command.at);
    if (command.disabled !== true) this.hooks.apply(command);
  }

  private takeCheckpoint(): void {
    this.checkpoints.add(this.present(this.checkpoints.newest));
  }

  private present(older?: Checkpoint): Checkpoint {
    const { eventCount, now } = this.kernel.state;
    const state = this.kernel.checkpoint(older?.state);
    const checker = this.watcher.checkpoint(older?.checker);
    return { eventCount, at: now, commandsDone: this.done, state, checker };
  }

  private noteTrace(before: number): void {
    const { trace, eventCount, now } = this.kernel.state;
    if (eventCount <= this.knownEvents) return;
    this.knownEvents = eventCount;
    for (let i = before; i < trace.end; i++) {
      const entry = trace.at(i);
      const remark = this.hooks.remark(entry, this.notable);
      if (this.hooks.isNotable(entry)) this.notable.push({ eventCount, at: now, entry });
      else if (this.hooks.isNarrated(entry)) this.narrated.push(entry);
      if (remark !== null) this.notable.push({ eventCount, at: now, entry: remark });
    }
    this.notable = newest(this.notable);
    this.narrated = newest(this.narrated);
  }

  /** Takes the samples that fall due up to `time`, unless an earlier pass took them. */
  private takeSamples(time: SimTime): void {
    for (; this.nextSample <= time; this.nextSample += this.sampleEvery) this.hooks.sample(this.nextSample);
  }

  /** Goes to the moment after all events up to `time`. */
  seek(time: SimTime): void {
    const start = this.checkpoints.newestWhere((checkpoint) => checkpoint.at <= time);
    if (time < this.now || start.eventCount > this.kernel.state.eventCount) this.restore(start);
    this.advance({ until: Math.max(time, this.now), eventsMax: Infinity });
  }

  /** Goes to the moment after exactly so many events. */
  seekToEvent(eventCount: number): void {
    const start = this.checkpoints.newestWhere((checkpoint) => checkpoint.eventCount <= eventCount);
    const here = this.kernel.state.eventCount;
    if (eventCount <= here || start.eventCount > here) this.restore(start);
    const missing = eventCount - this.kernel.state.eventCount;
    if (missing > 0) this.advance({ until: Infinity, eventsMax: missing });
  }

  private restore(checkpoint: Checkpoint): void {
    this.kernel.restore(checkpoint.state);
    this.watcher.restore(checkpoint.checker);
    this.done = checkpoint.commandsDone;
  }

  /** Adds a command in the present. Those to come stay; what was known of the future is forgotten. */
  act(command: Command): void {
    assert(command.at > this.now, 'an act comes after what has happened', { at: command.at, now: this.now });
    this.forgetFrom(command.at, this.kernel.state.eventCount);
    this.ordered = inOrder([...this.ordered, command]);
    this.advance({ until: command.at, eventsMax: Infinity });
  }

  /** Another list of commands; the present moment is computed anew from the first that differs. */
  replaceCommands(commands: readonly Command[]): void {
    const { now } = this;
    const ordered = inOrder(commands);
    const from = firstDifference(this.ordered, ordered);
    this.checkpoints.dropFrom(from);
    const start = this.checkpoints.newestWhere((checkpoint) => checkpoint.at <= now);
    this.restore(start);
    this.ordered = ordered;
    if (from <= this.furthestAt) this.forgetFrom(from, start.eventCount);
    this.seek(now);
  }

  /** From `at` on, and after so many events, nothing is known any more. */
  private forgetFrom(at: SimTime, eventCount: number): void {
    this.checkpoints.dropFrom(at);
    this.notable = this.notable.filter((moment) => moment.eventCount <= eventCount);
    const { end } = this.kernel.state.trace;
    this.narrated = this.narrated.filter(({ id }) => id <= end);
    this.knownEvents = Math.min(this.knownEvents, eventCount);
    this.nextSample = Math.min(this.nextSample, Math.ceil(at / this.sampleEvery) * this.sampleEvery);
    this.furthestAt = Math.min(this.furthestAt, Math.max(this.now, at - 1));
    this.hooks.forgetFrom(at);
  }
}

/** Cut seldom: each cut copies. */
const newest = <T>(list: T[]): T[] => (list.length > NOTABLE_MAX + 1_024 ? list.slice(-NOTABLE_MAX) : list);

const inOrder = (commands: readonly Command[]): readonly Command[] =>
  [...commands].sort((x, y) => x.at - y.at || x.id - y.id);

/** Time of the first command in which two lists differ, or Infinity. */
function firstDifference(x: readonly Command[], y: readonly Command[]): SimTime {
  for (let i = 0; i < Math.max(x.length, y.length); i++)
    if (JSON.stringify(x[i]) !== JSON.stringify(y[i]))
      return Math.min(x[i]?.at ?? Infinity, y[i]?.at ?? Infinity);
  return Infinity;
}
