import { createAppState, type AppState } from '../state/app-state.ts';
import { keepPlace, whereToBegin, type Places } from '../state/persistence.ts';
import { startSession } from '../state/start-session.ts';
import { createDesk, openBookmark, openFirst } from './desk.ts';
import { createScreens, type Screens } from './screens.ts';
import { publishTestingHook } from './testing-hook.ts';
import { followTheme } from './theme.ts';

/** Starts the page in an element. */
export async function boot(root: HTMLElement): Promise<void> {
  const places: Places = { tab: storage('sessionStorage'), browser: storage('localStorage') };
  const app = createAppState(startSession(), places.browser);
  followTheme(app.preferences);
  void import('./keyboard.ts').then(
    ({ listenToKeys }) => listenToKeys(app),
    () => undefined, // without them everything can still be reached by pointer and by Tab
  );
  const screens = createScreens(app, createDesk(app), root);
  const begun = begin(app, places, screens);
  publishTestingHook(app, begun);
  await begun;
  // The first picture is drawn before anything else is fetched.
  requestAnimationFrame(() => setTimeout(screens.fetchLab));
  keepPlace(app, places);
  window.addEventListener('hashchange', () => void begin(app, places, screens));
}

/** Goes to where the address or this browser's memory says; whatever fails, the first scenario is there. */
async function begin(app: AppState, places: Places, screens: Screens): Promise<void> {
  const { hash } = window.location;
  const where = await whereToBegin(places, hash);
  if (where !== null) screens.fetchLab();
  if (where?.ok && (await openBookmark(app, where.value.bookmark))) {
    app.layout.setState({ place: 'lab' });
    const [notice] = where.value.notices;
    if (notice !== undefined) app.actions.say(notice);
    return;
  }
  const told = app.notices.getState();
  const sentence = where === null ? null : where.ok ? told.sentence : where.error;
  app.notices.setState({ wanted: null }); // a file that came before the first scenario would be lost to it
  screens.showQuestion();
  if (app.run.getState().scenario === null) await openFirst(app);
  if (sentence !== null) app.actions.say(sentence);
  app.notices.setState({ wanted: where?.ok ? told.wanted : null });
}

function storage(which: 'sessionStorage' | 'localStorage'): Storage | null {
  try {
    return window[which];
  } catch {
    return null;
  }
}
