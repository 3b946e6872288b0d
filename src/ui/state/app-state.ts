import type { SimulationSession } from '../../workers/session.ts';
import { createActions, type Actions, type Stores } from './actions.ts';
import { createPreferencesStore, type PreferencesStore } from './preferences.ts';
import { createRunStore, expectNewSession, receiveUpdate } from './run-store.ts';
import {
  createLayoutStore,
  createNoticeStore,
  createSelectionStore,
  createTimelineStore,
  createUndoStore,
} from './view-stores.ts';

/** All that the page is made from, for one session. */
export interface AppState extends Stores {
  readonly preferences: PreferencesStore;
  readonly actions: Actions;
  /** Stops listening and lets the worker go. */
  close(): void;
}

export function createAppState(session: SimulationSession, storage: Storage | null): AppState {
  const stores: Stores = {
    run: createRunStore(),
    selection: createSelectionStore(),
    layout: createLayoutStore(),
    timeline: createTimelineStore(),
    notices: createNoticeStore(),
    undo: createUndoStore(),
  };
  const stopUpdates = session.subscribe((update) => receiveUpdate(stores.run, update));
  const stopTrouble = session.onTrouble((trouble) => {
    expectNewSession(stores.run);
    stores.notices.setState({ trouble });
  });
  return {
    ...stores,
    preferences: createPreferencesStore(storage),
    actions: createActions(session, stores),
    close: () => {
      stopUpdates();
      stopTrouble();
      session.close();
    },
  };
}
