import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import { useStore } from 'zustand';
import type { AppState } from './app-state.ts';
import type { RunState } from './run-store.ts';
import type { LayoutState, SelectionState, TimelineState } from './view-stores.ts';

const AppContext = createContext<AppState | null>(null);

export const AppProvider = AppContext.Provider;

/** The stores and actions of this page. */
export function useApp(): AppState {
  const app = useContext(AppContext);
  if (app === null) throw new Error('a panel stands outside the page');
  return app;
}

export const useRun = <T>(select: (state: RunState) => T): T => useStore(useApp().run, select);
export const useSelection = <T>(select: (state: SelectionState) => T): T =>
  useStore(useApp().selection, select);
export const useLayout = <T>(select: (state: LayoutState) => T): T => useStore(useApp().layout, select);
export const useTimeline = <T>(select: (state: TimelineState) => T): T => useStore(useApp().timeline, select);

/** Numbers change at most this often, so that they can be read. */
const READABLE_MS = 100;

/**
 * The run as of at most a tenth of a second ago; the last state always arrives. For tables, which would otherwise be
 * drawn sixty times a second.
 */
export function useReadableRun<T>(select: (state: RunState) => T): T {
  const { run } = useApp();
  const slow = readable(run);
  const subscribe = useCallback((changed: () => void) => slow.subscribe(changed), [slow]);
  return useSyncExternalStore(subscribe, () => select(slow.state()));
}

interface Readable<T> {
  state(): T;
  subscribe(changed: () => void): () => void;
}

const made = new WeakMap<StoreApi<RunState>, Readable<RunState>>();

/** One clock for all tables of a run, so that they never show different moments. */
function readable(store: StoreApi<RunState>): Readable<RunState> {
  const known = made.get(store);
  if (known !== undefined) return known;
  const fresh = throttle(store);
  made.set(store, fresh);
  return fresh;
}

function throttle<T>(store: StoreApi<T>): Readable<T> {
  const listeners = new Set<() => void>();
  let shown = store.getState();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = -Infinity;
  const show = () => {
    timer = undefined;
    last = performance.now();
    shown = store.getState();
    for (const listener of [...listeners]) listener();
  };
  store.subscribe(() => {
    const wait = last + READABLE_MS - performance.now();
    if (wait <= 0) show();
    else timer ??= setTimeout(show, wait);
  });
  return {
    state: () => shown,
    subscribe: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}
