import type { Scenario } from '../../engine/api/scenario.ts';
import { ok, type Result } from '../../engine/base/result.ts';
import type { AppState } from '../state/app-state.ts';
import { bookmarkNow, parseBookmark, writeFragment, type Bookmark } from '../state/bookmark.ts';
import {
  BUNDLED,
  bundledScenario,
  FIRST_SCENARIO,
  keepTape,
  museumScenario,
  tapesOf,
  withOwnTape,
} from '../state/library.ts';
import { createTapeDesk, type TapeChoice, type TapeDesk } from '../state/tape-desk.ts';

/** What the page does with scenarios, files and links. */
export interface Desk {
  readonly tapes: TapeDesk;
  readonly copyLink: () => void;
  /** The present scenario from its beginning, without what the person did. */
  readonly startOver: () => void;
  /** A scenario that comes with the page, from its beginning. */
  readonly openBundled: (id: string) => void;
  /** The scenario of an exhibit of the museum, changed, from its beginning. */
  readonly openExhibit: (id: string, change: (scenario: Scenario) => Scenario) => void;
  /** Goes to a moment of a run. What goes wrong becomes one sentence. */
  readonly open: (bookmark: Bookmark) => Promise<boolean>;
  readonly bookmarkNow: typeof bookmarkNow;
  readonly parseBookmark: typeof parseBookmark;
  readonly tapesOf: typeof tapesOf;
  readonly playOwn: (choice: TapeChoice) => Promise<Result<void, string>>;
  /** Goes on with the run that waits for a file. The error is one sentence: it is not that file. */
  readonly openWanted: (file: File) => Promise<Result<void, string>>;
}

export function createDesk(app: AppState): Desk {
  const tapes = createTapeDesk();
  return {
    tapes,
    copyLink: () => void copyLink(app),
    startOver: () => void startOver(app),
    openBundled: (id) => void openBundled(app, id),
    openExhibit: (id, change) => void openExhibit(app, id, change),
    open: (bookmark) => openBookmark(app, bookmark),
    bookmarkNow,
    parseBookmark,
    tapesOf,
    playOwn: (choice) => playOwn(app, tapes, choice),
    openWanted: (file) => openWanted(app, file),
  };
}

/** Opens the scenario that the page begins with. */
export const openFirst = (app: AppState): Promise<boolean> => openBundled(app, FIRST_SCENARIO);

async function openBundled(app: AppState, id: string): Promise<boolean> {
  const scenario = await bundledScenario(id);
  if (scenario.ok) return openBookmark(app, { ...BEGINNING, scenario: scenario.value });
  app.actions.say(scenario.error);
  return false;
}

async function openExhibit(
  app: AppState,
  id: string,
  change: (scenario: Scenario) => Scenario,
): Promise<void> {
  const scenario = await museumScenario(id);
  if (!scenario.ok) app.actions.say(scenario.error);
  else if (await openBookmark(app, { ...BEGINNING, scenario: change(scenario.value) }))
    app.layout.setState({ place: 'lab' });
}

const BEGINNING = { at: 0, selected: null, rung: 'topology', focusPartition: null, engine: '' } as const;

/** Brings the page to where a bookmark says. What goes wrong becomes one sentence. */
export async function openBookmark(app: AppState, bookmark: Bookmark): Promise<boolean> {
  const { scenario, at, selected, rung, focusPartition } = bookmark;
  const tapes = await tapesOf(scenario);
  if (!tapes.ok) {
    const { sentence, missing: spec } = tapes.error;
    if (spec === null) app.actions.say(sentence);
    else app.notices.setState({ wanted: { spec, bookmark } });
    return false;
  }
  const loaded = await app.actions.load({ scenario, tapes: tapes.value, commands: scenario.commands, at });
  if (loaded) app.selection.setState({ selected, rung, focusPartition });
  return loaded;
}

async function startOver(app: AppState): Promise<void> {
  const bookmark = bookmarkNow(app);
  if (bookmark === null) return;
  if (BUNDLED.some(({ id }) => id === bookmark.scenario.id)) {
    await openBundled(app, bookmark.scenario.id);
    return;
  }
  const commands = await ownCommands(bookmark.scenario.id);
  await openBookmark(app, { ...BEGINNING, scenario: { ...bookmark.scenario, commands } });
}

/** What happens in a scenario by itself: an exhibit has its faults. */
async function ownCommands(id: string): Promise<Scenario['commands']> {
  const { EXHIBITS } = await import('../../lessons/museum/exhibits.ts');
  if (!EXHIBITS.some((exhibit) => exhibit.id === id)) return [];
  const scenario = await museumScenario(id);
  return scenario.ok ? scenario.value.commands : [];
}

async function playOwn(app: AppState, desk: TapeDesk, choice: TapeChoice): Promise<Result<void, string>> {
  const made = desk.make(choice);
  if (!made.ok) return made;
  const base = await bundledScenario(FIRST_SCENARIO);
  if (!base.ok) return base;
  await keepTape(made.value);
  const scenario = withOwnTape(base.value, made.value, choice);
  const { tape, remark } = made.value;
  const tapes = Object.fromEntries(scenario.producers.map(({ id }) => [id, tape]));
  if (await app.actions.load({ scenario, tapes, commands: [], at: 0 })) {
    app.actions.select(null);
    app.layout.setState({ place: 'lab' });
    if (remark !== '') app.actions.say(remark);
  }
  return ok(undefined);
}

async function openWanted(app: AppState, file: File): Promise<Result<void, string>> {
  const { wanted } = app.notices.getState();
  if (wanted === null) return ok(undefined);
  const { readWanted } = await import('../state/wanted-file.ts');
  const made = await readWanted(file, wanted.spec);
  if (!made.ok) return made;
  await keepTape(made.value);
  if (await openBookmark(app, wanted.bookmark)) app.layout.setState({ place: 'lab' });
  return ok(undefined);
}

async function copyLink(app: AppState): Promise<void> {
  const bookmark = bookmarkNow(app);
  if (bookmark === null) return;
  const fragment = await writeFragment(bookmark);
  if (!fragment.ok) {
    app.actions.say(fragment.error);
    return;
  }
  window.history.replaceState(null, '', fragment.value);
  const own = bookmark.scenario.producers.some(({ tape }) => tape.origin === 'own');
  const note = own ? ' Whoever opens it also needs your file.' : '';
  try {
    await navigator.clipboard.writeText(window.location.href);
    app.actions.say(`The link to this moment is copied.${note}`);
  } catch {
    app.actions.say(`The address of this page is the link to this moment; copy it from there.${note}`);
  }
}
