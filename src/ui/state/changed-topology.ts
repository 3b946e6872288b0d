import type { Scenario, TopologyNode } from '../../engine/api/scenario.ts';
import type { AppState } from './app-state.ts';
import { tapesOf } from './library.ts';

/** A run to go to: a scenario with its acts, at a moment in µs. */
interface Place {
  readonly scenario: Scenario;
  readonly at: number;
}

/**
 * Runs the scenario from its beginning with another topology for one of its applications; what the person did happens
 * again at its times. Undo goes back to the run before it. Returns why it cannot be done, as one sentence, or null.
 */
export async function runWithTopology(
  app: AppState,
  application: string,
  topology: readonly TopologyNode[],
): Promise<string | null> {
  const { scenario, status, model } = app.run.getState();
  if (scenario === null) return 'There is no scenario to run.';
  const before: Place = { scenario: { ...scenario, commands: status.commands }, at: model.at };
  const { parseScenario } = await import('../../engine/api/scenario-parse.ts');
  const changed = parseScenario({
    ...before.scenario,
    applications: scenario.applications.map((one) => (one.id === application ? { ...one, topology } : one)),
  });
  if (!changed.ok) return `The scenario cannot run with it: ${changed.error.message}`;
  const after: Place = { scenario: changed.value, at: 0 };
  if (!(await goTo(app, after))) return app.notices.getState().sentence ?? 'The scenario cannot run with it.';
  rememberWay(app, before, after);
  return null;
}

async function goTo(app: AppState, { scenario, at }: Place): Promise<boolean> {
  const tapes = await tapesOf(scenario);
  if (!tapes.ok) {
    app.actions.say(tapes.error.sentence);
    return false;
  }
  return app.actions.load({ scenario, tapes: tapes.value, commands: scenario.commands, at });
}

/** Undo leads from `after` to `before`, and redo back again. */
function rememberWay(app: AppState, before: Place, after: Place): void {
  const back = async (): Promise<void> => {
    if (await goTo(app, before)) app.undo.setState({ after: () => void forth() });
  };
  const forth = async (): Promise<void> => {
    if (await goTo(app, after)) app.undo.setState({ before: () => void back() });
  };
  app.undo.setState({ before: () => void back() });
}
