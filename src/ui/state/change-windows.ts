import { withWindows, type WindowChoice } from '../view-model/window-change.ts';
import type { AppState } from './app-state.ts';
import { tapesOf } from './library.ts';

/** Computes the run anew with other windows, with the same acts, up to the same moment. */
export async function changeWindows(
  { run, actions }: AppState,
  application: string,
  choice: WindowChoice,
): Promise<boolean> {
  const { scenario, status, model } = run.getState();
  if (scenario === null) return false;
  const changed = withWindows(scenario, application, choice);
  if (!changed.ok) {
    actions.say(changed.error);
    return false;
  }
  const tapes = await tapesOf(changed.value);
  if (!tapes.ok) {
    actions.say(tapes.error.sentence);
    return false;
  }
  const { commands } = status;
  return actions.load({ scenario: changed.value, tapes: tapes.value, commands, at: model.at });
}
