import * as Comlink from 'comlink';
import type { Command, CommandAct } from '../engine/api/command.ts';
import type { Watch } from '../engine/api/detail.ts';
import { err, type Result } from '../engine/base/result.ts';
import type { LoadRequest, SessionUpdate, SimulationSession, Speed } from './session.ts';
import { Silence } from './silence.ts';
import type { WorkerApi } from './simulation-worker.ts';

/** How often the worker is asked whether it lives. */
const PING_MS = 300;
/** Silence after which it counts as lost. Long work is announced, see `busy`. */
const SILENCE_MS = 1_000;
/** How long a worker may take until its first sign of life: its code has to be fetched. */
const START_MAX_MS = 20_000;
/** How long a load or a seek, which replay without looking up, may take. */
const BUSY_MAX_MS = 60_000;
/** So many losses within {@link LOSS_WINDOW_MS} and the session gives up. */
const LOSSES_MAX = 3;
const LOSS_WINDOW_MS = 60_000;

const newSilence = (): Silence => new Silence(PING_MS, performance.now());

type Trouble = 'lost' | 'restored' | 'given up';

/** One worker and the remote interface to it. */
interface Life {
  readonly worker: Worker;
  readonly remote: Comlink.Remote<WorkerApi>;
  /** It has answered once. */
  awake: boolean;
  /** Calls under way that may take long without a sign of life. */
  busy: number;
  /** Settles when this life is over, so that nobody waits for an answer that cannot come. */
  readonly over: Promise<void>;
  readonly end: () => void;
}

/** How long this worker may be silent now. */
function patienceWith({ awake, busy }: Life): number {
  if (busy > 0) return BUSY_MAX_MS;
  return awake ? SILENCE_MS : START_MAX_MS;
}

/** What a call answers when the worker died under it. */
const LOST: Result<never, string> = err(
  'The simulation stopped and was started again; please try once more.',
);

/**
 * The main thread's side of a run. Keeps what is needed to bring the run back (scenario, commands, moment) and notices
 * within a second when the worker died or hangs.
 */
class WorkerSession implements SimulationSession {
  private life: Life;
  private readonly listeners = new Set<(update: SessionUpdate) => void>();
  private readonly troubleListeners = new Set<(trouble: Trouble) => void>();
  private request: LoadRequest | undefined;
  private last: SessionUpdate | undefined;
  private watches: readonly Watch[] = [];
  private speed: Speed = 1;
  private silence = newSilence();
  private losses: number[] = [];
  private readonly pinger: ReturnType<typeof setInterval>;
  private closed = false;

  constructor() {
    this.life = this.spawn();
    this.pinger = setInterval(() => this.check(), PING_MS);
  }

  private spawn(): Life {
    const worker = new Worker(new URL('./simulation-worker.ts', import.meta.url), { type: 'module' });
    let end: () => void = () => undefined;
    const over = new Promise<void>((resolve) => (end = resolve));
    const life: Life = { worker, remote: Comlink.wrap<WorkerApi>(worker), awake: false, busy: 0, over, end };
    worker.onerror = () => this.lose(life);
    void life.remote.listen(
      Comlink.proxy((update: SessionUpdate) => {
        if (this.life === life) this.receive(update);
        return Promise.resolve();
      }),
    );
    this.silence = newSilence();
    return life;
  }

  private receive(update: SessionUpdate): void {
    this.silence.hear();
    this.last = update;
    for (const listener of this.listeners) listener(update);
  }

  private check(): void {
    const { life } = this;
    if (this.silence.ask(performance.now()) > patienceWith(life)) {
      this.lose(life);
      return;
    }
    void life.remote.ping().then(() => {
      life.awake = true;
      if (this.life === life) this.silence.hear();
    });
  }

  /** The worker is gone: start another and bring the run back to where it was. */
  private lose(life: Life): void {
    if (this.life !== life || this.closed) return;
    life.worker.terminate();
    life.end();
    this.tell('lost');
    const now = performance.now();
    this.losses = [...this.losses.filter((at) => now - at < LOSS_WINDOW_MS), now];
    if (this.losses.length > LOSSES_MAX) {
      this.tell('given up');
      this.close();
      return;
    }
    this.life = this.spawn();
    void this.bringBack();
  }

  private async bringBack(): Promise<void> {
    const { request, last, life } = this;
    if (request === undefined) return;
    const again: LoadRequest = {
      ...request,
      commands: last?.status.commands ?? request.commands,
      at: last?.frame.at ?? request.at,
    };
    await this.long<Result<void, string>>((remote) => remote.load(again), LOST);
    await this.short((remote) => remote.watch(this.watches), undefined);
    await this.short((remote) => remote.setSpeed(this.speed), undefined);
    if (this.life === life) this.tell('restored');
  }

  private tell(trouble: Trouble): void {
    for (const listener of this.troubleListeners) listener(trouble);
  }

  /** A call that the worker answers at once; `ifLost` is the answer when it dies instead. */
  private short<T>(call: (remote: Life['remote']) => Promise<T>, ifLost: T): Promise<T> {
    const { life } = this;
    return Promise.race([call(life.remote), life.over.then(() => ifLost)]);
  }

  /** A call that may take long, so that silence meanwhile is not taken for death. */
  private async long<T>(call: (remote: Life['remote']) => Promise<T>, ifLost: T): Promise<T> {
    const { life } = this;
    life.busy += 1;
    try {
      return await this.short(call, ifLost);
    } finally {
      life.busy -= 1;
      this.silence.hear();
    }
  }

  async load(request: LoadRequest): Promise<Result<void, string>> {
    const result = await this.long<Result<void, string>>((remote) => remote.load(request), LOST);
    if (result.ok) this.request = request;
    return result;
  }

  play = (): Promise<void> => this.short((remote) => remote.play(), undefined);
  pause = (): Promise<void> => this.short((remote) => remote.pause(), undefined);
  step = (events: number): Promise<void> => this.long((remote) => remote.step(events), undefined);
  stepNotable = (direction: 1 | -1): Promise<Result<void, string>> =>
    this.long<Result<void, string>>((remote) => remote.stepNotable(direction), LOST);
  seek = (time: number): Promise<void> => this.long((remote) => remote.seek(time), undefined);
  stateHash = (): Promise<string> => this.long((remote) => remote.stateHash(), '');

  setSpeed(speed: Speed): Promise<void> {
    this.speed = speed;
    return this.short((remote) => remote.setSpeed(speed), undefined);
  }

  act(act: CommandAct): Promise<Result<Command, string>> {
    return this.long<Result<Command, string>>((remote) => remote.act(act), LOST);
  }

  replaceCommands(commands: readonly Command[]): Promise<Result<void, string>> {
    return this.long<Result<void, string>>((remote) => remote.replaceCommands(commands), LOST);
  }

  watch(watches: readonly Watch[]): Promise<void> {
    this.watches = watches;
    return this.short((remote) => remote.watch(watches), undefined);
  }

  subscribe(listener: (update: SessionUpdate) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  onTrouble(listener: (trouble: Trouble) => void): () => void {
    this.troubleListeners.add(listener);
    return () => this.troubleListeners.delete(listener);
  }

  close(): void {
    this.closed = true;
    clearInterval(this.pinger);
    this.life.remote[Comlink.releaseProxy]();
    this.life.worker.terminate();
  }
}

/** Opens a run in a worker of its own. */
export const openSession = (): SimulationSession => new WorkerSession();
