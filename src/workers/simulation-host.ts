import type { CommandAct, Command } from '../engine/api/command.ts';
import type { Watch } from '../engine/api/detail.ts';
import type { Frame } from '../engine/api/frame.ts';
import type { AdvanceEnd, Simulation } from '../engine/api/simulation.ts';
import { err, ok, type Result } from '../engine/base/result.ts';
import { MICROS_PER_MS, type SimTime } from '../engine/base/time.ts';
import { NotLoaded } from './rest.ts';
import type { LoadRequest, SessionStatus, SessionUpdate, SimulatorBug, Speed } from './session.ts';

/** What the host needs of the real world. */
export interface HostWorld {
  /** Wall clock in ms, monotonic. */
  readonly nowMs: () => number;
  /** Runs `task` soon, after other work of the thread had its turn; `delayMs` at least. */
  readonly later: (task: () => void, delayMs: number) => void;
  readonly create: (request: LoadRequest) => Result<Simulation, string>;
  /** Loads the code that a first run goes without, once. False: it could not be fetched. */
  readonly loadRest: () => Promise<boolean>;
  /** Delivers an update; resolves when the receiver has taken it. One is under way at a time. */
  readonly deliver: (update: SessionUpdate) => Promise<void>;
}

/** Wall time that one slice of work may take before the host looks up. */
const SLICE_MS = 8;
/** Events between two looks at the clock. */
const SLICE_EVENTS = 512;
/** A pause of the thread longer than this (hidden tab, sleep) is not caught up with. */
const LAG_MAX_MS = 100;
/** Wall time between two frames: figures need no more; what flies is moved by the page at the screen's own rate. */
const FRAME_MS = 33;
/** Wall time between two events at speed `event`. */
const EVENT_STEP_MS = 350;
/** How far beyond its length, or the present, a run is searched for something notable. */
const REACH: SimTime = 60_000 * MICROS_PER_MS;
/** Wall time after which such a search stops where it is: a quiet run may be a simulated day long. */
const SEARCH_MAX_MS = 4_000;
/** A run ends by itself after a simulated day. */
const RUN_MAX: SimTime = 86_400_000 * MICROS_PER_MS;

/**
 * Gives a run its pace: turns wall time into a goal in simulated time, works towards it in short slices, and sends one
 * frame at a time. The only reader of the wall clock on the worker's side; nothing it does changes a result.
 */
export class SimulationHost {
  private readonly world: HostWorld;
  private simulation: Simulation | undefined;
  private playing = false;
  private speed: Speed = 1;
  private behind = false;
  private bug: SimulatorBug | null = null;
  private lastTickMs = 0;
  /** Simulated time that playing should have reached, with a fraction. */
  private goal = 0;
  private lastFrameMs = -Infinity;
  private delivering: Promise<void> = Promise.resolve();
  private looping = false;

  constructor(world: HostWorld) {
    this.world = world;
  }

  async load(request: LoadRequest): Promise<Result<void, string>> {
    const { scenario, commands, at } = request;
    const acts = commands.length + scenario.commands.length > 0;
    if (acts && !(await this.world.loadRest())) return REST_MISSING;
    const created = await this.create(request);
    if (!created.ok) return created;
    this.playing = false;
    this.bug = null;
    this.simulation = created.value;
    const replaced = await this.attempt((simulation) => {
      const result = simulation.replaceCommands(commands);
      if (result.ok) simulation.seek(at);
      return result;
    });
    await this.show();
    void this.world.loadRest(); // behind the first picture, so that nobody waits for it later
    return replaced ?? ok(undefined);
  }

  /** What breaks while a run is made is one sentence, and what was there before is still there. */
  private async create(request: LoadRequest): Promise<Result<Simulation, string>> {
    try {
      return this.world.create(request);
    } catch (error) {
      if (!(error instanceof NotLoaded)) return notStarted(error);
    }
    if (!(await this.world.loadRest())) return REST_MISSING;
    try {
      return this.world.create(request);
    } catch (error) {
      return notStarted(error);
    }
  }

  async play(): Promise<void> {
    this.playing = this.simulation !== undefined && this.bug === null;
    this.goal = this.simulation?.now() ?? 0;
    this.lastTickMs = this.world.nowMs();
    await this.show();
    this.loop();
  }

  async pause(): Promise<void> {
    this.playing = false;
    await this.show();
  }

  async setSpeed(speed: Speed): Promise<void> {
    this.speed = speed;
    this.goal = this.simulation?.now() ?? 0;
    await this.show();
  }

  async step(events: number): Promise<void> {
    await this.stopAnd((simulation) => {
      if (events >= 0) simulation.advance({ until: RUN_MAX, eventsMax: events });
      else simulation.seekToEvent(Math.max(0, simulation.eventCount() + events));
    });
  }

  async stepNotable(direction: 1 | -1): Promise<Result<void, string>> {
    if (direction > 0) return this.nextNotable();
    await this.stopAnd((simulation) => simulation.seekToPreviousNotable());
    return ok(undefined);
  }

  /** Looks for the next notable moment, in slices. Stays where it was if there is none in reach. */
  private async nextNotable(): Promise<Result<void, string>> {
    const { simulation } = this;
    if (simulation === undefined) return ok(undefined);
    this.playing = false;
    const from = simulation.eventCount();
    const until = Math.min(
      RUN_MAX,
      Math.max(simulation.now(), simulation.scenario.lengthMs * MICROS_PER_MS) + REACH,
    );
    const patience = this.world.nowMs() + SEARCH_MAX_MS;
    let end: AdvanceEnd | undefined = 'events';
    while (end === 'events' && this.simulation === simulation && this.world.nowMs() < patience) {
      await new Promise<void>((done) => this.world.later(done, 0));
      const deadline = this.world.nowMs() + SLICE_MS;
      end = await this.attempt(() => this.work(simulation, until, deadline, true));
    }
    const isOver = end === 'goal' || end === 'idle';
    if (isOver) await this.attempt(() => simulation.seekToEvent(from));
    await this.show();
    if (isOver) return err(`Nothing notable happens from here to ${until / 1_000_000} s.`);
    return end === 'events'
      ? err('Nothing notable has happened up to here. Ask again to go on.')
      : ok(undefined);
  }

  async seek(time: SimTime): Promise<void> {
    await this.attempt((simulation) => simulation.seek(Math.min(time, RUN_MAX)));
    this.goal = this.simulation?.now() ?? 0;
    await this.show();
  }

  async act(act: CommandAct): Promise<Result<Command, string>> {
    if (!(await this.world.loadRest())) return REST_MISSING;
    const result =
      (await this.attempt((simulation) => simulation.act(act))) ?? err('There is no run to act on.');
    await this.show();
    return result;
  }

  async replaceCommands(commands: readonly Command[]): Promise<Result<void, string>> {
    if (!(await this.world.loadRest())) return REST_MISSING;
    const result =
      (await this.attempt((simulation) => simulation.replaceCommands(commands))) ??
      err('There is no run to change.');
    await this.show();
    return result;
  }

  async watch(watches: readonly Watch[]): Promise<void> {
    const known = watches.length === 0 || (await this.world.loadRest());
    this.simulation?.watch(known ? watches : []);
    if (!this.playing) await this.show();
  }

  stateHash(): string {
    return this.simulation?.stateHash() ?? '';
  }

  private async stopAnd(change: (simulation: Simulation) => void): Promise<void> {
    this.playing = false;
    await this.attempt(change);
    await this.show();
  }

  /**
   * Runs engine code. Code that it turns out to need and that is not loaded yet is waited for, with the run taken back to
   * where it was, and then it is run again: to the run it is as if all had been there from the beginning.
   */
  private async attempt<T>(run: (simulation: Simulation) => T): Promise<T | undefined> {
    const { simulation } = this;
    if (simulation === undefined || this.bug !== null) return undefined;
    const from = simulation.eventCount();
    try {
      return run(simulation);
    } catch (error) {
      if (!(error instanceof NotLoaded)) return this.freeze(error);
    }
    simulation.seekToEvent(from);
    const loaded = await this.world.loadRest();
    if (this.simulation !== simulation) return undefined;
    try {
      return loaded ? run(simulation) : this.freeze(MISSING);
    } catch (error) {
      return this.freeze(error);
    }
  }

  /** A broken invariant freezes the run and is told, never caught silently. */
  private freeze(error: unknown): undefined {
    const { simulation } = this;
    this.playing = false;
    this.bug = {
      message: sentenceOf(error),
      seed: simulation?.scenario.seed ?? 0,
      at: simulation?.now() ?? 0,
      eventCount: simulation?.eventCount() ?? 0,
    };
    return undefined;
  }

  private status(): SessionStatus {
    return {
      playing: this.playing,
      speed: this.speed,
      furthest: this.simulation?.furthest() ?? 0,
      commands: this.simulation?.commands() ?? [],
      behind: this.behind,
      bug: this.bug,
    };
  }

  /** Sends the present after what is under way. */
  private async show(): Promise<void> {
    const earlier = this.delivering;
    this.delivering = earlier.then(() => this.send());
    await this.delivering;
  }

  private async send(): Promise<void> {
    const { simulation } = this;
    if (simulation === undefined) return;
    this.lastFrameMs = this.world.nowMs();
    await this.world.deliver({ frame: await this.frameOf(simulation), status: this.status() });
  }

  private async frameOf(simulation: Simulation): Promise<Frame> {
    try {
      return simulation.frame();
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
    }
    simulation.seekToEvent(simulation.eventCount()); // so that the next frame tells everything
    await this.world.loadRest();
    return simulation.frame();
  }

  private loop(): void {
    if (this.looping) return;
    this.looping = true;
    const turn = async (): Promise<void> => {
      if (!this.playing || this.simulation === undefined) {
        this.looping = false;
        return;
      }
      const wait = await this.tick(this.simulation);
      const due = this.world.nowMs() - this.lastFrameMs >= FRAME_MS;
      if (due || !this.playing) await this.show();
      this.world.later(() => void turn(), wait);
    };
    this.world.later(() => void turn(), 0);
  }

  /** One slice of playing; returns how long to wait before the next. */
  private async tick(simulation: Simulation): Promise<number> {
    const now = this.world.nowMs();
    const elapsed = Math.min(now - this.lastTickMs, LAG_MAX_MS);
    if (this.speed === 'event') return this.tickEvent(now);
    this.lastTickMs = now;
    if (this.speed !== 'max') this.goal += elapsed * this.speed * MICROS_PER_MS;
    const until = this.speed === 'max' ? RUN_MAX : Math.min(Math.floor(this.goal), RUN_MAX);
    const end = await this.attempt(() => this.work(simulation, until, now + SLICE_MS));
    this.behind = this.speed !== 'max' && end === 'events';
    if (this.behind) this.goal = Math.min(this.goal, simulation.now() + LAG_MAX_MS * MICROS_PER_MS);
    if (simulation.now() >= RUN_MAX) this.playing = false;
    return end === 'events' ? 0 : 4;
  }

  private async tickEvent(now: number): Promise<number> {
    if (now - this.lastTickMs < EVENT_STEP_MS) return EVENT_STEP_MS / 8;
    this.lastTickMs = now;
    await this.attempt((simulation) => {
      simulation.advance({ until: RUN_MAX, eventsMax: 1 });
      this.goal = simulation.now();
    });
    return EVENT_STEP_MS / 8;
  }

  /** Advances until the goal, until something notable if that is asked for, or until the slice is used up. */
  private work(
    simulation: Simulation,
    until: SimTime,
    deadlineMs: number,
    stopAtNotable = false,
  ): AdvanceEnd {
    let end: AdvanceEnd;
    do end = simulation.advance({ until, eventsMax: SLICE_EVENTS, stopAtNotable });
    while (end === 'events' && this.world.nowMs() < deadlineMs);
    return end;
  }
}

const MISSING = 'The rest of the simulator could not be loaded. Is the connection gone?';
const REST_MISSING = err(MISSING);

const notStarted = (error: unknown): Result<never, string> =>
  err(`The simulation could not be started: ${sentenceOf(error)}`);

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
