import { createRoot } from 'react-dom/client';
import { createAppState, type AppState } from '../state/app-state.ts';
import { keepPlace, whereToBegin, type Places } from '../state/persistence.ts';
import { isDark } from '../state/preferences.ts';
import { startSession } from '../state/start-session.ts';
import { App } from './app.tsx';
import { createDesk, openBookmark, openFirst } from './desk.ts';
import { publishTestingHook } from './testing-hook.ts';

/** Starts the page in an element. */
export async function boot(root: HTMLElement): Promise<void> {
  const places: Places = { tab: storage('sessionStorage'), browser: storage('localStorage') };
  const app = createAppState(startSession(), places.browser);
  document.documentElement.dataset.theme = isDark(app.preferences.getState()) ? 'dark' : 'light';
  publishTestingHook(app);
  createRoot(root).render(<App state={app} desk={createDesk(app)} />);
  await begin(app, places);
  keepPlace(app, places);
  window.addEventListener('hashchange', () => void begin(app, places));
}

/** Goes to where the address or this browser's memory says; whatever fails, the first scenario is there. */
async function begin(app: AppState, places: Places): Promise<void> {
  const { hash } = window.location;
  const where = await whereToBegin(places, hash);
  if (where?.ok && (await openBookmark(app, where.value.bookmark))) {
    app.layout.setState({ place: 'lab' });
    const [notice] = where.value.notices;
    if (notice !== undefined) app.actions.say(notice);
    return;
  }
  const sentence = where === null ? null : where.ok ? app.notices.getState().sentence : where.error;
  if (app.run.getState().scenario === null) await openFirst(app);
  if (sentence !== null) app.actions.say(sentence);
}

function storage(which: 'sessionStorage' | 'localStorage'): Storage | null {
  try {
    return window[which];
  } catch {
    return null;
  }
}
