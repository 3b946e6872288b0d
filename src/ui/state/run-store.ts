import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Command } from '../../engine/api/command.ts';
import type { Scenario } from '../../engine/api/scenario.ts';
import type { SessionStatus, SessionUpdate } from '../../workers/session.ts';
import { EMPTY_HISTORY, firstDifference, forgetFrom, record, type History } from './history.ts';
import { applyFrame, EMPTY_RUN, isStale, type RunModel } from './run-model.ts';

/** The run as the session tells it. The page keeps nothing of its own here. */
export interface RunState {
  readonly scenario: Scenario | null;
  readonly model: RunModel;
  readonly history: History;
  readonly status: SessionStatus;
}

export type RunStore = StoreApi<RunState>;

const IDLE: SessionStatus = {
  playing: false,
  speed: 1,
  furthest: 0,
  commands: [],
  behind: false,
  bug: null,
};

export const createRunStore = (): RunStore =>
  createStore<RunState>(() => ({ scenario: null, model: EMPTY_RUN, history: EMPTY_HISTORY, status: IDLE }));

/** Begins another scenario: nothing of the last one is kept. */
export function beginScenario(store: RunStore, scenario: Scenario): void {
  store.setState({ scenario, history: EMPTY_HISTORY, model: EMPTY_RUN, status: IDLE });
}

/** The worker that counted generations is gone: whatever comes next is taken. */
export function expectNewSession(store: RunStore): void {
  store.setState({ model: { ...store.getState().model, generation: -1 } });
}

/** A frame of a past that was left is dropped, never half applied. */
export function receiveUpdate(store: RunStore, { frame, status }: SessionUpdate): void {
  const state = store.getState();
  if (isStale(state.model, frame)) return;
  const kept = historyOf(state.history, state.status.commands, status.commands);
  store.setState({
    model: applyFrame(state.model, frame),
    history: record(kept, frame, frame.generation !== state.model.generation),
    status: settle(state.status, status),
  });
}

function historyOf(history: History, before: readonly Command[], after: readonly Command[]): History {
  const from = firstDifference(before, after);
  return from === null ? history : forgetFrom(history, from);
}

/** Keeps the objects that say the same as before, so that what shows them does not draw again. */
function settle(before: SessionStatus, after: SessionStatus): SessionStatus {
  const commands = sameCommands(before.commands, after.commands) ? before.commands : after.commands;
  const bug = sameBug(before, after) ? before.bug : after.bug;
  const same =
    commands === before.commands &&
    bug === before.bug &&
    before.playing === after.playing &&
    before.speed === after.speed &&
    before.furthest === after.furthest &&
    before.behind === after.behind;
  return same ? before : { ...after, commands, bug };
}

const sameCommands = (a: readonly Command[], b: readonly Command[]): boolean =>
  a === b || (a.length === b.length && a.every((command, i) => sameCommand(command, b[i])));

const sameCommand = (a: Command, b: Command | undefined): boolean =>
  b !== undefined &&
  a.id === b.id &&
  a.at === b.at &&
  a.disabled === b.disabled &&
  JSON.stringify(a.act) === JSON.stringify(b.act);

const sameBug = (a: SessionStatus, b: SessionStatus): boolean =>
  a.bug?.message === b.bug?.message && a.bug?.eventCount === b.bug?.eventCount;
