import type { Command } from '../../engine/api/command.ts';
import type { Detail, Entity, Frame, Sample, Watch } from '../../engine/api/frame.ts';
import { NOTABLE, type TraceEvent } from '../../engine/api/trace-event.ts';
import { PRODUCER_CONFIG } from '../../engine/api/config/client-config.ts';
import { BROKER_CONFIG } from '../../engine/api/config/broker-config.ts';
import { ok } from '../../engine/base/result.ts';
import type { SessionUpdate, SimulationSession, Speed } from '../../workers/session.ts';
import { entitiesOf, sampleOf } from './fake-entities.ts';
import { newWorld, step, STEP, type FakeWorld } from './fake-world.ts';

/** The session's interface over the fake world, in the same thread. */
export class FakeSession implements SimulationSession {
  private world: FakeWorld = newWorld();
  private commands: Command[] = [];
  private generation = 0;
  private playing = false;
  private speed: Speed = 1;
  private furthest = 0;
  private shown = new Map<string, string>();
  private seenEvents = 0;
  private samples: Sample[] = [];
  private watches: readonly Watch[] = [];
  private readonly listeners = new Set<(update: SessionUpdate) => void>();
  private readonly troubles = new Set<(trouble: 'lost' | 'restored' | 'given up') => void>();
  private timer: ReturnType<typeof setInterval> | undefined;

  load: SimulationSession['load'] = async (request) => {
    this.commands = [...request.commands];
    this.furthest = 0;
    this.rewind(request.at);
    await this.show();
    return ok(undefined);
  };

  play = (): Promise<void> => {
    this.playing = true;
    clearInterval(this.timer);
    this.timer = setInterval(() => this.tick(), 16);
    return this.show();
  };

  pause = (): Promise<void> => {
    this.playing = false;
    clearInterval(this.timer);
    return this.show();
  };

  setSpeed = (speed: Speed): Promise<void> => {
    this.speed = speed;
    return this.show();
  };

  step = async (events: number): Promise<void> => {
    await this.pause();
    if (events > 0) this.advance(this.world.at + events * STEP);
    else this.rewind(this.world.at + events * STEP);
    await this.show();
  };

  stepNotable = async (direction: 1 | -1): Promise<void> => {
    await this.pause();
    const { at } = this.world;
    if (direction > 0) {
      const known = this.world.events.length;
      for (let i = 0; i < 5_000 && !this.hasNotable(known); i++) this.advance(this.world.at + STEP);
    } else {
      const before = this.world.events
        .filter((event) => event.at < at && NOTABLE.has(event.data.type))
        .at(-1);
      this.rewind(before?.at ?? 0);
    }
    await this.show();
  };

  private hasNotable(from: number): boolean {
    return this.world.events.slice(from).some((event) => NOTABLE.has(event.data.type));
  }

  seek = (time: number): Promise<void> => {
    if (time >= this.world.at) this.advance(time);
    else this.rewind(time);
    this.generation += 1;
    this.shown = new Map();
    return this.show();
  };

  act: SimulationSession['act'] = async (act) => {
    const at = this.world.at + 1;
    const id = Math.max(0, ...this.commands.map((command) => command.id)) + 1;
    const command: Command = { id, at, act };
    this.commands = [...this.commands.filter((known) => known.at < at), command];
    this.furthest = this.world.at;
    this.samples = this.samples.filter((sample) => sample.at < at);
    this.advance(this.world.at + STEP);
    await this.show();
    return ok(command);
  };

  replaceCommands: SimulationSession['replaceCommands'] = async (commands) => {
    this.commands = [...commands].sort((a, b) => a.at - b.at);
    this.furthest = 0;
    this.rewind(this.world.at);
    await this.show();
    return ok(undefined);
  };

  watch = (watches: readonly Watch[]): Promise<void> => {
    this.watches = watches;
    return this.show();
  };

  stateHash = (): Promise<string> => Promise.resolve(String(this.world.steps).padStart(16, '0'));

  subscribe = (listener: (update: SessionUpdate) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  onTrouble: SimulationSession['onTrouble'] = (listener) => {
    this.troubles.add(listener);
    return () => this.troubles.delete(listener);
  };

  close = (): void => clearInterval(this.timer);

  private tick(): void {
    const speed = this.speed === 'event' ? 0.06 : this.speed === 'max' ? 60 : this.speed;
    this.due += 16_000 * speed;
    if (this.due < STEP) return;
    this.advance(this.world.at + this.due);
    this.due %= STEP;
    void this.show();
  }

  private due = 0;

  private advance(until: number): void {
    while (this.world.at + STEP <= until) {
      step(this.world, this.commands);
      if (this.world.at % 250_000 === 0 && this.world.at > (this.samples.at(-1)?.at ?? -1))
        this.samples.push(sampleOf(this.world));
    }
    this.furthest = Math.max(this.furthest, this.world.at);
  }

  private rewind(to: number): void {
    this.generation += 1;
    this.shown = new Map();
    this.seenEvents = 0;
    this.world = newWorld();
    this.advance(Math.max(0, to));
  }

  private async show(): Promise<void> {
    const frame = this.frame();
    const status = {
      playing: this.playing,
      speed: this.speed,
      furthest: this.furthest,
      commands: this.commands,
      behind: false,
      bug: null,
    };
    for (const listener of this.listeners) listener({ frame, status });
    await Promise.resolve();
  }

  private frame(): Frame {
    const entities = entitiesOf(this.world);
    const changed = entities.filter((entity) => this.isNew(entity));
    const ids = new Set(entities.map((entity) => entity.id));
    const removed = [...this.shown.keys()].filter((id) => !ids.has(id));
    for (const id of removed) this.shown.delete(id);
    const events: TraceEvent[] = this.world.events.slice(this.seenEvents).slice(-500);
    this.seenEvents = this.world.events.length;
    return {
      generation: this.generation,
      at: this.world.at,
      eventCount: this.world.steps,
      changed,
      removed,
      packets: [],
      events,
      eventsDropped: 0,
      samples: this.samples.splice(0),
      details: this.watches.flatMap((watch) => this.detail(watch)),
    };
  }

  private isNew(entity: Entity): boolean {
    const text = JSON.stringify(entity);
    if (this.shown.get(entity.id) === text) return false;
    this.shown.set(entity.id, text);
    return true;
  }

  private detail({ id, what }: Watch): Detail[] {
    if (what !== 'config') return [];
    const table = id.startsWith('b') ? BROKER_CONFIG : PRODUCER_CONFIG;
    const rows = Object.entries(table).map(([key, definition]) => {
      const own = this.world.config[key];
      const byDefault = String(definition.default);
      const set = own !== undefined && own !== '' && own !== byDefault;
      const restart = definition.update === 'restart';
      return {
        key,
        value: set && !restart ? own : byDefault,
        pending: set && restart ? own : null,
        default: byDefault,
        unit: definition.unit,
        changed: set,
        update: definition.update,
        effect: definition.effect,
        allowed: definition.allowed ?? (definition.type === 'boolean' ? ['true', 'false'] : []),
        min: definition.min ?? null,
        max: definition.max ?? null,
        target: id.startsWith('b')
          ? ({ kind: 'broker', node: id } as const)
          : ({ kind: 'client', node: id } as const),
      };
    });
    return [{ what: 'config', id, rows }];
  }
}
