import type { Scenario } from '../../engine/api/scenario.ts';
import type { AppState } from '../state/app-state.ts';
import { BRAND_PATH, PLAY_PATH } from '../theme/brand.ts';
import { moment } from '../view-model/number-format.ts';
import type { LoomWays } from '../view-model/loom/loom.ts';
import { PHONE_WIDTH, TopologyPainter } from '../view-model/stage-picture.ts';
import button from '../widgets/button.module.css';
import styles from './question-plate.module.css';
import { runStage } from './run-stage.ts';
import stage from './stage-panel.module.css';

const TEMPLATE = `
<header class="${styles.top}">
  <span class="${styles.brand}">
    <svg width="26" height="26" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"
      aria-hidden="true"><path d="${BRAND_PATH}"/></svg>
    Millrace
  </span>
  <span class="${styles.scenario}" data-slot="name"></span>
  <a href="#lab" data-slot="lab">Open the lab</a>
</header>
<main class="${styles.main}" data-slot="main">
  <h1 class="${styles.question}" data-slot="question"></h1>
  <div class="${styles.stage}"><div class="${stage.stage}" data-stage="" data-slot="stage"></div></div>
  <div class="${styles.ask}">
    <p data-slot="invitation"></p>
    <button type="button" class="${button.button} ${button.primary}" data-slot="run">
      <svg width="20" height="20" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5"
        stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="${PLAY_PATH}"/></svg>
      <span data-slot="press">Let it run</span>
    </button>
  </div>
</main>
<footer class="${styles.foot}">
  <span>A Kafka cluster, simulated to the last event in this tab. Same seed, same run.</span>
  <span data-slot="moment"></span>
  <span data-slot="seed"></span>
  <span>Kafka 4.x model</span>
</footer>`;

/** The first screen while it stands. */
export interface QuestionPlate {
  /** Says that the laboratory cannot come, and offers to load the page again. */
  readonly sayMissing: () => void;
  readonly close: () => void;
}

/**
 * What a person sees first: the scenario at rest, one question, one button. It is plain DOM, so that it stands, and a
 * run can begin on it, before React and the laboratory are loaded.
 */
export function showQuestionPlate(app: AppState, host: HTMLElement): QuestionPlate {
  const { actions, layout, run } = app;
  const plate = document.createElement('div');
  plate.className = styles.plate ?? '';
  plate.innerHTML = TEMPLATE;
  const slots = slotsOf(plate);
  let press = actions.play;
  slots.run.addEventListener('click', () => press());
  slots.lab.addEventListener('click', (event) => {
    event.preventDefault();
    layout.setState({ place: 'lab' });
  });
  let shown: Scenario | null = null;
  let stopStage = (): void => undefined;
  const ways = waysOf(host.clientWidth);
  const update = () => {
    const { scenario, model, status } = run.getState();
    if (scenario === null) return;
    slots.moment.textContent = `${status.playing ? 'At' : 'Paused at'} ${moment(model.at)}`;
    if (scenario === shown) return;
    fill(slots, scenario);
    if (shown === null) {
      host.prepend(plate);
      const listening = new AbortController();
      stopStage = () => listening.abort();
      void ways.then((known) => {
        if (listening.signal.aborted) return;
        stopStage = runStage(app, slots.stage, { painter: new TopologyPainter(known), records: () => null });
      });
    }
    shown = scenario;
  };
  const stopUpdates = run.subscribe(update);
  update();
  return {
    sayMissing: () => {
      slots.invitation.textContent = MISSING;
      slots.invitation.setAttribute('role', 'alert');
      slots.press.textContent = 'Load the page again';
      press = () => window.location.reload();
    },
    close: () => {
      stopUpdates();
      stopStage();
      plate.remove();
    },
  };
}

/** The way of drawing that a page of this width needs; it is fetched beside the worker, which takes longer. */
const waysOf = async (width: number): Promise<LoomWays> =>
  width < PHONE_WIDTH
    ? { turned: (await import('../view-model/loom/turned.ts')).turnedPicture }
    : { across: (await import('../view-model/loom/across.ts')).acrossPicture };

const MISSING =
  'The laboratory around this run could not be loaded. Is the connection gone? Nothing is lost.';

const SLOTS = [
  'name',
  'lab',
  'main',
  'question',
  'stage',
  'invitation',
  'run',
  'press',
  'moment',
  'seed',
] as const;

type Slots = Readonly<Record<(typeof SLOTS)[number], HTMLElement>>;

const slotsOf = (plate: HTMLElement): Slots =>
  Object.fromEntries(
    SLOTS.map((name) => [name, plate.querySelector(`[data-slot=${name}]`)]),
  ) as unknown as Slots;

function fill(slots: Slots, { name, question, brokers, seed }: Scenario): void {
  slots.name.textContent = name;
  slots.main.setAttribute('aria-label', name);
  slots.question.textContent = question;
  slots.invitation.textContent = invitation(brokers.length);
  slots.seed.textContent = `seed ${seed}`;
}

const NUMBERS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'];

const invitation = (brokers: number): string =>
  `${NUMBERS[brokers] ?? brokers} brokers, at rest. Let it run, then crash one and watch.`;
