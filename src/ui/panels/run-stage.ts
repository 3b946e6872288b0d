import { mountStage } from '../scene/stage.ts';
import type { Stage, StageInput } from '../scene/stage-input.ts';
import type { AppState } from '../state/app-state.ts';
import { isDark, isReduced } from '../state/preferences.ts';
import type { RecordsDetail } from '../../engine/api/detail.ts';
import type { Painter } from '../view-model/stage-picture.ts';

/** How a stage shows the run. */
export interface StageView {
  readonly painter: Painter;
  /** The records to show now, if any are. */
  readonly records: (app: AppState) => RecordsDetail | null;
}

/** Draws the run into `host` and keeps it true, without React. Returns how to stop. */
export function runStage(app: AppState, host: HTMLElement, { painter, records }: StageView): () => void {
  const { actions, layout } = app;
  const stage: Stage = mountStage(host, painter, {
    select: actions.select,
    open: (id) => {
      actions.select(id);
      layout.setState({ inspectorTab: 'state', sheet: 'inspect' });
    },
    menu: (id, x, y) => {
      actions.select(id);
      layout.setState({ menu: { id, x, y } });
    },
  });
  // Kept, since asking an element for its size in each frame makes the browser lay the page out once more.
  let size = sizeOf(host);
  const update = () => stage.update({ ...inputOf(app), ...size, records: records(app) });
  const observer = new ResizeObserver(() => {
    size = sizeOf(host);
    update();
  });
  observer.observe(host);
  const stops = [
    app.run.subscribe(update),
    app.selection.subscribe(update),
    app.preferences.subscribe(update),
  ];
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', update);
  update();
  return () => {
    observer.disconnect();
    dark.removeEventListener('change', update);
    for (const stop of stops) stop();
    stage.destroy();
  };
}

const sizeOf = ({ clientWidth, clientHeight }: HTMLElement) => ({ width: clientWidth, height: clientHeight });

function inputOf({
  run,
  selection,
  preferences,
}: AppState): Omit<StageInput, 'records' | 'width' | 'height'> {
  const { model, status } = run.getState();
  const { selected, rung, focusPartition } = selection.getState();
  return {
    entities: model.entities,
    packets: model.packets,
    at: model.at,
    playing: status.playing,
    speed: status.speed,
    selection: selected,
    rung,
    focusPartition,
    theme: isDark(preferences.getState()) ? 'dark' : 'light',
    reducedMotion: isReduced(preferences.getState()),
  };
}
