import type { Command, CommandAct } from '../../engine/api/command.ts';
import type { Watch } from '../../engine/api/detail.ts';
import type { EntityId } from '../../engine/api/frame.ts';
import type { Result } from '../../engine/base/result.ts';
import type { SimTime } from '../../engine/base/time.ts';
import type { LoadRequest, SimulationSession, Speed } from '../../workers/session.ts';
import { SPEEDS } from '../../workers/session.ts';
import { createCallQueue } from './call-queue.ts';
import { beginScenario, type RunStore } from './run-store.ts';
import { NOTHING_TO_UNDO, remember, turnBack, turnForth } from './undo.ts';
import type { LayoutStore, NoticeStore, SelectionStore, TimelineStore, UndoStore } from './view-stores.ts';

export interface Stores {
  readonly run: RunStore;
  readonly selection: SelectionStore;
  readonly layout: LayoutStore;
  readonly timeline: TimelineStore;
  readonly notices: NoticeStore;
  readonly undo: UndoStore;
}

export type CommandChange = (commands: readonly Command[]) => readonly Command[];

/** Everything a person can do to the run. What the session refuses becomes one sentence on the page. */
export interface Actions {
  /** Whether it worked; if not, what was there before is still there. */
  readonly load: (request: LoadRequest) => Promise<boolean>;
  readonly play: () => void;
  readonly pause: () => void;
  readonly togglePlay: () => void;
  readonly setSpeed: (speed: Speed) => void;
  /** One notch slower or faster. */
  readonly changeSpeed: (by: 1 | -1) => void;
  readonly step: (events: number) => void;
  readonly stepNotable: (direction: 1 | -1) => void;
  readonly seek: (at: SimTime) => void;
  readonly act: (act: CommandAct) => Promise<boolean>;
  /** Edits, moves, disables or deletes commands: of what is in force when its turn comes, so that quick changes add up. */
  readonly changeCommands: (change: CommandChange) => Promise<boolean>;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly watch: (watches: readonly Watch[]) => void;
  readonly select: (id: EntityId | null) => void;
  readonly say: (sentence: string | null) => void;
  readonly stateHash: () => Promise<string>;
  /** Resolves when the session has done everything that it was asked for. */
  readonly idle: () => Promise<void>;
}

export function createActions(session: SimulationSession, stores: Stores): Actions {
  const { run, notices, layout } = stores;
  const say = (sentence: string | null) => notices.setState({ sentence });
  const queue = createCallQueue((error) => say(sentenceOf(error)));
  const status = () => run.getState().status;
  const enterLab = () => layout.setState({ place: 'lab' });
  const tell = (call: () => Promise<void>) => void queue.run(call).catch(() => undefined);

  // What was asked for last, which the session may not have heard yet.
  let wanted = false;
  run.subscribe((now, before) => {
    if (now.status.playing !== before.status.playing) wanted = now.status.playing;
  });
  const play = () => {
    wanted = true;
    enterLab();
    stores.timeline.setState({ following: true });
    tell(() => session.play());
  };
  const pause = () => {
    wanted = false;
    tell(() => session.pause());
  };
  const setSpeed = (speed: Speed) => tell(() => session.setSpeed(speed));
  const commands = commandActions(session, stores, queue.run);

  return {
    ...commands,
    load: (request) => load(session, stores, queue.run, request),
    play,
    pause,
    togglePlay: () => (wanted ? pause() : play()),
    setSpeed,
    changeSpeed: (by) => {
      const next = SPEEDS[SPEEDS.indexOf(status().speed) + by];
      if (next !== undefined) setSpeed(next);
    },
    ...movements(session, queue, enterLab, (sentence) => stores.notices.setState({ sentence })),
    watch: (watches) => queue.latest('watch', () => session.watch(watches)),
    select: (id) => {
      if (id !== null) layout.setState({ place: 'lab', sheet: 'inspect' });
      else if (layout.getState().sheet === 'inspect') layout.setState({ sheet: 'guide' });
      stores.selection.setState({ selected: id, ...focusOf(run, id) });
    },
    say,
    stateHash: () => queue.run(() => session.stateHash()),
    idle: queue.idle,
  };
}

type Run = <T>(call: () => Promise<T>) => Promise<T>;

/** Holding an arrow key asks faster than steps are made: they add up to one longer step. */
function movements(
  session: SimulationSession,
  queue: ReturnType<typeof createCallQueue>,
  enterLab: () => void,
  say: (sentence: string | null) => void,
): Pick<Actions, 'step' | 'stepNotable' | 'seek'> {
  let owed = 0;
  return {
    step: (events) => {
      enterLab();
      owed += events;
      queue.latest('step', () => {
        const steps = owed;
        owed = 0;
        return steps === 0 ? Promise.resolve() : session.step(steps);
      });
    },
    stepNotable: (direction) => {
      enterLab();
      queue.latest('notable', async () => {
        const found = await session.stepNotable(direction);
        say(found.ok ? null : found.error);
      });
    },
    seek: (at) => {
      enterLab();
      queue.latest('seek', () => session.seek(Math.max(0, Math.round(at))));
    },
  };
}

function commandActions(
  session: SimulationSession,
  stores: Stores,
  queued: Run,
): Pick<Actions, 'act' | 'changeCommands' | 'undo' | 'redo'> {
  const { run, undo, notices, layout } = stores;
  const present = () => run.getState().status.commands;
  const said = (result: Result<unknown, string>): boolean => {
    notices.setState({ sentence: result.ok ? null : result.error });
    return result.ok;
  };
  const changed = async (change: () => Promise<Result<unknown, string>>): Promise<boolean> => {
    layout.setState({ place: 'lab' });
    return queued(async () => {
      const before = present();
      const worked = said(await change());
      if (worked) undo.setState(remember(undo.getState(), before));
      return worked;
    }).catch(() => false);
  };
  const turn = (which: typeof turnBack, beyond: 'before' | 'after') =>
    void queued(async () => {
      const next = which(undo.getState(), present());
      if (next === null) undo.getState()[beyond]?.();
      else if (said(await session.replaceCommands(next.commands))) undo.setState(next.undo);
    }).catch(() => undefined);
  return {
    act: (act) => changed(() => session.act(act)),
    changeCommands: (change) => changed(() => session.replaceCommands(change(present()))),
    undo: () => turn(turnBack, 'before'),
    redo: () => turn(turnForth, 'after'),
  };
}

function load(
  session: SimulationSession,
  stores: Stores,
  queued: Run,
  request: LoadRequest,
): Promise<boolean> {
  return queued(async () => {
    await session.pause(); // so that no frame of the old run comes after the new one began
    const before = stores.run.getState();
    beginScenario(stores.run, request.scenario);
    const result = await session.load(request);
    if (!result.ok) {
      stores.run.setState(before);
      stores.notices.setState({ sentence: result.error });
      return false;
    }
    stores.undo.setState(NOTHING_TO_UNDO, true);
    stores.notices.setState({ sentence: null, wanted: null });
    stores.timeline.setState({
      from: 0,
      to: request.scenario.lengthMs * 1_000,
      following: true,
      ticket: null,
    });
    return true;
  }).catch(() => false);
}

/** Selecting a partition also puts it on the partition rung. */
function focusOf(run: RunStore, id: EntityId | null): { readonly focusPartition?: EntityId } {
  const entity = id === null ? undefined : run.getState().model.entities.get(id);
  return entity?.kind === 'partition' ? { focusPartition: entity.id } : {};
}

const sentenceOf = (error: unknown): string =>
  error instanceof Error && error.message !== '' ? error.message : 'The simulation did not answer.';
