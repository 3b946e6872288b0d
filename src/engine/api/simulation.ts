import type { SimTime } from '../base/time.ts';
import type { Result } from '../base/result.ts';
import type { Command, CommandAct } from './command.ts';
import type { Watch } from './detail.ts';
import type { Frame } from './frame.ts';
import type { Scenario } from './scenario.ts';

/** Why an advance ended. */
export type AdvanceEnd = 'goal' | 'events' | 'notable' | 'idle';

export interface AdvanceLimits {
  /** Executes every event up to and including this time. */
  readonly until: SimTime;
  readonly eventsMax: number;
  /** Also ends after the first event that left a notable trace. */
  readonly stopAtNotable?: boolean;
}

/**
 * A run: scenario + seed + commands, at a moment. Deterministic and synchronous; the same inputs give the same state
 * hash at the same moment, whatever way it was reached.
 */
export interface Simulation {
  readonly scenario: Scenario;
  now(): SimTime;
  eventCount(): number;
  commands(): readonly Command[];
  /** The furthest moment that was ever computed with the present commands. */
  furthest(): SimTime;
  advance(limits: AdvanceLimits): AdvanceEnd;
  /** Does something now (at `now + 1` µs). Commands to come stay and happen at their times. The error is one sentence. */
  act(act: CommandAct): Result<Command, string>;
  /** Replaces all commands and goes to the same moment by re-simulation (undo, redo, edit, disable, delete). */
  replaceCommands(commands: readonly Command[]): Result<void, string>;
  /** Goes to the moment after all events up to `time`. */
  seek(time: SimTime): void;
  /** Goes to the moment after exactly so many events. */
  seekToEvent(eventCount: number): void;
  /** Goes to the last notable moment before this one, or to the start. */
  seekToPreviousNotable(): void;
  /** Sixteen hexadecimal digits. */
  stateHash(): string;
  /** What changed since the last call; after a seek everything. */
  frame(): Frame;
  watch(watches: readonly Watch[]): void;
}
