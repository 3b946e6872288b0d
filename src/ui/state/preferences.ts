import { createStore, type StoreApi } from 'zustand/vanilla';

/** What a person chose once for all runs. Kept in this browser. */
export interface Preferences {
  readonly version: 1;
  readonly theme: 'system' | 'light' | 'dark';
  readonly motion: 'system' | 'reduced';
  /** Keys of one letter can be turned off (WCAG 2.1.4). */
  readonly letterKeys: boolean;
  /** How much is spoken: every notable event, a digest while playing, or nothing. */
  readonly narration: 'events' | 'digests' | 'quiet';
}

export type PreferencesStore = StoreApi<Preferences>;

export const DEFAULT_PREFERENCES: Preferences = {
  version: 1,
  theme: 'system',
  motion: 'system',
  letterKeys: true,
  narration: 'digests',
};

const KEY = 'millrace.preferences';

/** A store that begins with what was kept and keeps what changes. Storage may refuse; then nothing is kept. */
export function createPreferencesStore(storage: Storage | null): PreferencesStore {
  const store = createStore<Preferences>(() => readPreferences(storage));
  store.subscribe((preferences) => keep(storage, KEY, JSON.stringify(preferences)));
  return store;
}

function readPreferences(storage: Storage | null): Preferences {
  const kept = parseObject(recall(storage, KEY));
  if (kept?.version !== 1) return DEFAULT_PREFERENCES;
  return {
    version: 1,
    theme: oneOf(kept.theme, ['system', 'light', 'dark'], 'system'),
    motion: oneOf(kept.motion, ['system', 'reduced'], 'system'),
    letterKeys: kept.letterKeys !== false,
    narration: oneOf(kept.narration, ['events', 'digests', 'quiet'], 'digests'),
  };
}

const oneOf = <T extends string>(value: unknown, allowed: readonly T[], otherwise: T): T =>
  allowed.find((item) => item === value) ?? otherwise;

function parseObject(text: string | null): Record<string, unknown> | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

/** Reads from storage that may be switched off. */
export function recall(storage: Storage | null, key: string): string | null {
  try {
    return storage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

/** Writes to storage that may be full or switched off; what cannot be kept is not worth an error. */
export function keep(storage: Storage | null, key: string, value: string): void {
  try {
    storage?.setItem(key, value);
  } catch {
    return;
  }
}

/** Whether the page is dark now. */
export const isDark = ({ theme }: Preferences): boolean =>
  theme === 'system' ? window.matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark';

/** Whether things must stand still now. */
export const isReduced = ({ motion }: Preferences): boolean =>
  motion === 'reduced' || window.matchMedia('(prefers-reduced-motion: reduce)').matches;
