import type { AppState } from '../state/app-state.ts';
import { panned, zoomed } from '../timeline/view-span.ts';
import { actsOn } from '../state/acts.ts';
import type { MenuQuestion } from '../state/view-stores.ts';

type Handler = (app: AppState) => void;

/** Keys that anything but a text field lets through. */
const ALWAYS: Readonly<Record<string, Handler>> = {
  ' ': ({ actions }) => actions.togglePlay(),
  ArrowRight: ({ actions }) => actions.step(1),
  ArrowLeft: ({ actions }) => actions.step(-1),
  'Shift+ArrowRight': ({ actions }) => actions.stepNotable(1),
  'Shift+ArrowLeft': ({ actions }) => actions.stepNotable(-1),
  Home: ({ actions }) => actions.seek(0),
  End: ({ actions, run }) => actions.seek(run.getState().status.furthest),
  Escape: (app) => escape(app),
  'Ctrl+z': ({ actions }) => actions.undo(),
  'Ctrl+Shift+z': ({ actions }) => actions.redo(),
  'Ctrl+y': ({ actions }) => actions.redo(),
};

/** Keys of one sign, which a person can turn off. */
const LETTERS: Readonly<Record<string, Handler>> = {
  '.': ({ actions }) => actions.step(1),
  ',': ({ actions }) => actions.step(-1),
  '>': ({ actions }) => actions.stepNotable(1),
  '<': ({ actions }) => actions.stepNotable(-1),
  '[': ({ actions }) => actions.changeSpeed(-1),
  ']': ({ actions }) => actions.changeSpeed(1),
  '2': ({ selection }) => selection.setState({ rung: 'partition' }),
  '3': ({ selection }) => selection.setState({ rung: 'topology' }),
  b: (app) => toggleBench(app),
  e: ({ layout }) => layout.setState(({ evidence }) => ({ evidence: !evidence, place: 'lab' })),
  g: ({ layout }) =>
    layout.setState({ evidence: true, evidenceTab: 'ledger', sheet: 'evidence', place: 'lab' }),
  n: ({ layout }) => layout.setState(({ narration }) => ({ narration: !narration, place: 'lab' })),
  o: ({ layout }) => toggleOutline(layout),
  u: ({ actions }) => actions.undo(),
  U: ({ actions }) => actions.redo(),
  k: (app) => actOnSelection(app, ['crash', 'start']),
  p: (app) => actOnSelection(app, ['pause', 'resume']),
  x: (app) => actOnSelection(app, ['cut', 'heal-link', 'cut-link']),
  t: (app) => actOnSelection(app, ['tools']),
  z: (app) => actOnSelection(app, ['slow']),
  w: (app) => zoom(app, 1 / 1.5),
  s: (app) => zoom(app, 1.5),
  a: (app) => pan(app, -0.15),
  d: (app) => pan(app, 0.15),
  '?': ({ layout }) => layout.setState({ dialog: 'keys' }),
};

/** An outline that has the focus would stay in sight; the focus goes to the stage, which shows the same selection. */
function toggleOutline(layout: AppState['layout']): void {
  const { outline } = layout.getState();
  layout.setState({ outline: !outline, place: 'lab' });
  if (outline && document.activeElement?.closest('[role=tree]'))
    document.querySelector<SVGElement>('[data-stage] svg')?.focus();
}

/** The bench with the application that is selected, or the first one; without one, with an example. */
function toggleBench({ layout, selection, run, actions }: AppState): void {
  if (layout.getState().bench !== null) {
    layout.setState({ bench: null });
    return;
  }
  const { entities } = run.getState().model;
  const entity = entities.get(selection.getState().selected ?? '');
  const application =
    entity?.kind === 'task' ? entity.application : entity?.kind === 'application' ? entity.name : undefined;
  const id = application ?? run.getState().scenario?.applications[0]?.id;
  actions.select(null);
  layout.setState({ bench: id === undefined ? 'example:count-by-key' : `application:${id}`, place: 'lab' });
}

/** Listens for keys on the whole page; a control that has its own use for a key stops it on its way. */
export function listenToKeys(app: AppState): void {
  window.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || isTaken(event)) return;
    const handler = handlerOf(event, app);
    if (handler === undefined) return;
    event.preventDefault();
    handler(app);
  });
}

function handlerOf(event: KeyboardEvent, { preferences }: AppState): Handler | undefined {
  const ctrl = event.ctrlKey || event.metaKey;
  if (event.altKey) return undefined;
  const key = event.key.length === 1 && ctrl ? event.key.toLowerCase() : event.key;
  const name = `${ctrl ? 'Ctrl+' : ''}${event.shiftKey && (ctrl || key.length > 1) ? 'Shift+' : ''}${key}`;
  const always = ALWAYS[name];
  if (always !== undefined || ctrl) return always;
  return preferences.getState().letterKeys ? (LETTERS[key] ?? LETTERS[key.toLowerCase()]) : undefined;
}

/** Text fields keep all keys; buttons and links keep Space, unless it would choose what is chosen already. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('input:not([type=checkbox]), textarea, select, [contenteditable], dialog')) return true;
  if (event.key !== ' ' || target.matches('[role=radio][aria-checked=true]')) return false;
  return target.closest('button, a, [role=tab], [type=checkbox]') !== null;
}

function escape({ layout, timeline, actions, selection }: AppState): void {
  const { narration, outline, bench } = layout.getState();
  if (timeline.getState().ticket !== null) timeline.setState({ ticket: null });
  else if (selection.getState().selected !== null) actions.select(null);
  else if (bench !== null) layout.setState({ bench: null });
  else if (narration) layout.setState({ narration: false });
  else if (outline) layout.setState({ outline: false });
  else layout.setState({ evidence: false });
}

/** Does the first of these acts that can be done to the selection now; one that asks opens its question. */
function actOnSelection(app: AppState, wanted: readonly string[]): void {
  const { selected } = app.selection.getState();
  if (selected === null) return;
  const act = actsOn(app.run.getState().model.entities, selected).find(({ id }) => wanted.includes(id));
  if (act?.act !== undefined) void app.actions.act(act.act);
  else if (act?.asks !== undefined) app.layout.setState({ menu: menuPlace(selected, act.asks) });
}

function menuPlace(id: string, asks: MenuQuestion) {
  const mark = document.querySelector(`[data-stage] [data-entity="${CSS.escape(id)}"]`);
  const box = mark?.getBoundingClientRect();
  return { id, asks, x: box?.right ?? window.innerWidth / 2, y: box?.top ?? window.innerHeight / 3 };
}

function zoom({ timeline, run }: AppState, factor: number): void {
  const view = timeline.getState();
  const { at } = run.getState().model;
  const about = at >= view.from && at <= view.to ? at : (view.from + view.to) / 2;
  timeline.setState({ ...zoomed(view, factor, about), following: false });
}

const pan = ({ timeline }: AppState, share: number): void =>
  timeline.setState({ ...panned(timeline.getState(), share), following: false });
