import { ok, type Result } from '../../engine/base/result.ts';
import type { AppState } from './app-state.ts';
import {
  bookmarkNow,
  isFragment,
  parseBookmark,
  readFragment,
  writeFragment,
  type Bookmark,
} from './bookmark.ts';
import { keep, recall } from './preferences.ts';

const KEY = 'millrace.bookmark';

/** Where bookmarks are kept: this tab's memory survives a reload, the browser's a new visit, the address a shared link. */
export interface Places {
  readonly tab: Storage | null;
  readonly browser: Storage | null;
}

/**
 * Where to begin: where this tab was, if its address still says so; else what the address says; else where this browser
 * was last. Null at a first visit.
 */
export async function whereToBegin(places: Places, hash: string): Promise<Result<Beginning, string> | null> {
  const tab = readKept(recall(places.tab, KEY));
  if (tab !== null && tab.hash === hash) return keptBeginning(tab);
  if (isFragment(hash)) {
    const link = await readFragment(hash);
    return link.ok ? ok({ bookmark: link.value, notices: link.value.notices }) : link;
  }
  const browser = readKept(recall(places.browser, KEY));
  return browser === null ? null : keptBeginning(browser);
}

/** Where to begin, and what a person should know about it. */
export interface Beginning {
  readonly bookmark: Bookmark;
  readonly notices: readonly string[];
}

async function keptBeginning({ bookmark }: Kept): Promise<Result<Beginning, string>> {
  const parsed = await parseBookmark(bookmark);
  return parsed.ok ? ok({ bookmark: parsed.value, notices: [] }) : parsed;
}

interface Kept {
  readonly hash: string;
  readonly bookmark: unknown;
}

function readKept(text: string | null): Kept | null {
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as Partial<Kept> | null;
    return typeof value?.hash === 'string' ? { hash: value.hash, bookmark: value.bookmark } : null;
  } catch {
    return null;
  }
}

/** After so long without a change the address is written again. */
const ADDRESS_MS = 600;

/** Keeps where the person is, while it changes and when the page goes away. Returns how to stop. */
export function keepPlace(app: AppState, places: Places): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = (bookmark = bookmarkNow(app)) => {
    if (bookmark === null || app.layout.getState().place !== 'lab') return;
    const text = JSON.stringify({ hash: window.location.hash, bookmark });
    keep(places.tab, KEY, text);
    keep(places.browser, KEY, text);
  };
  const writeAddress = async () => {
    const bookmark = bookmarkNow(app);
    if (bookmark === null) return;
    if (!app.run.getState().status.playing) {
      const fragment = await writeFragment(bookmark);
      if (fragment.ok) window.history.replaceState(null, '', fragment.value);
    }
    // What is kept is what the address says, not what came while it was written.
    save(bookmark);
  };
  const leave = () => save();
  const changed = () => {
    if (app.layout.getState().place !== 'lab' || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void writeAddress();
    }, ADDRESS_MS);
  };
  const stops = [app.run.subscribe(changed), app.selection.subscribe(changed)];
  window.addEventListener('pagehide', leave);
  document.addEventListener('visibilitychange', leave);
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
    window.removeEventListener('pagehide', leave);
    document.removeEventListener('visibilitychange', leave);
  };
}
