import type { Command, CommandAct } from '../engine/api/command.ts';
import type { Watch } from '../engine/api/detail.ts';
import type { Frame } from '../engine/api/frame.ts';
import type { Scenario, Tape } from '../engine/api/scenario.ts';
import type { Result } from '../engine/base/result.ts';
import type { SimTime } from '../engine/base/time.ts';

/** Simulated seconds per wall second, one event per tick, or as fast as the machine can. */
export type Speed = 0.1 | 0.25 | 0.5 | 1 | 4 | 16 | 'event' | 'max';

export const SPEEDS: readonly Speed[] = ['event', 0.1, 0.25, 0.5, 1, 4, 16, 'max'];

/** What the host says about itself with each frame. */
export interface SessionStatus {
  readonly playing: boolean;
  readonly speed: Speed;
  /** The furthest moment computed with the present commands. */
  readonly furthest: SimTime;
  readonly commands: readonly Command[];
  /** The machine cannot keep the speed that was asked for. */
  readonly behind: boolean;
  /** The run stopped on a broken invariant of the simulator. */
  readonly bug: SimulatorBug | null;
}

/** "Simulator bug, not Kafka": what is needed to see it again. */
export interface SimulatorBug {
  readonly message: string;
  readonly seed: number;
  readonly at: SimTime;
  readonly eventCount: number;
}

export interface SessionUpdate {
  readonly frame: Frame;
  readonly status: SessionStatus;
}

export interface LoadRequest {
  readonly scenario: Scenario;
  /** By the id of the producer that plays it. */
  readonly tapes: Readonly<Record<string, Tape>>;
  readonly commands: readonly Command[];
  readonly at: SimTime;
}

/**
 * A run in its worker, as the page sees it. Every call resolves after the frame that shows its effect was delivered to
 * the listeners. The page keeps nothing that the session does not tell.
 */
export interface SimulationSession {
  load(request: LoadRequest): Promise<Result<void, string>>;
  play(): Promise<void>;
  pause(): Promise<void>;
  setSpeed(speed: Speed): Promise<void>;
  /** So many engine events forward, or back. */
  step(events: number): Promise<void>;
  /** To the next or previous notable trace event. The error says that there is no next one. */
  stepNotable(direction: 1 | -1): Promise<Result<void, string>>;
  seek(time: SimTime): Promise<void>;
  act(act: CommandAct): Promise<Result<Command, string>>;
  /** Undo, redo, edit, disable, delete: by re-simulation, at the same moment. */
  replaceCommands(commands: readonly Command[]): Promise<Result<void, string>>;
  watch(watches: readonly Watch[]): Promise<void>;
  stateHash(): Promise<string>;
  /** Returns how to stop listening. */
  subscribe(listener: (update: SessionUpdate) => void): () => void;
  /** Called when the worker died or hung, and again when the run is back where it was. */
  onTrouble(listener: (trouble: 'lost' | 'restored' | 'given up') => void): () => void;
  close(): void;
}
