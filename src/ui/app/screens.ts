import { showQuestionPlate, type QuestionPlate } from '../panels/question-plate.ts';
import type { AppState } from '../state/app-state.ts';
import type { Desk } from './desk.ts';

/** The two screens of the page: one question first, then the laboratory, which is loaded behind it. */
export interface Screens {
  /** Shows the question, unless the laboratory is open. */
  readonly showQuestion: () => void;
  /** Loads the laboratory, and React with it, once. It opens when the page's place is the lab. */
  readonly fetchLab: () => void;
}

export function createScreens(app: AppState, desk: Desk, root: HTMLElement): Screens {
  const host = document.createElement('div');
  host.style.display = 'contents';
  root.append(host);
  let plate: QuestionPlate | null = null;
  let lab: Promise<void> | null = null;
  const wanted = () => app.layout.getState().place === 'lab';
  const onLab = () => {
    plate?.close();
    plate = null;
  };
  const fetchLab = () => {
    lab ??= import('./lab.tsx').then(
      ({ mountLab }) => mountLab(host, app, desk, onLab),
      () => {
        lab = null;
        if (wanted()) plate?.sayMissing();
      },
    );
  };
  app.layout.subscribe(() => {
    if (wanted()) fetchLab();
  });
  return {
    showQuestion: () => {
      if (!wanted()) plate ??= showQuestionPlate(app, root);
    },
    fetchLab,
  };
}
