import type { TopologyNode } from '../../engine/api/scenario.ts';
import type { AppState } from './app-state.ts';
import type { Bookmark } from './bookmark.ts';
import type { BenchDoors } from './bench.ts';

/**
 * Runs the scenario from its beginning with another topology for one of its applications; what the person did happens
 * again at its times. Undo goes back to the run before it. Returns why it cannot be done, as one sentence, or null.
 */
export async function runWithTopology(
  app: AppState,
  { open, parseBookmark, bookmarkNow }: BenchDoors,
  application: string,
  topology: readonly TopologyNode[],
): Promise<string | null> {
  const before = bookmarkNow(app);
  if (before === null) return 'There is no scenario to run.';
  const applications = before.scenario.applications.map((one) =>
    one.id === application ? { ...one, topology } : one,
  );
  const changed = await parseBookmark({ ...before, at: 0, scenario: { ...before.scenario, applications } });
  if (!changed.ok) return `The scenario cannot run with it: ${changed.error}`;
  const after = changed.value;
  if (!(await open(after))) return app.notices.getState().sentence ?? 'The scenario cannot run with it.';
  rememberWay(app, { open, before, after });
  return null;
}

interface Way extends Pick<BenchDoors, 'open'> {
  readonly before: Bookmark;
  readonly after: Bookmark;
}

/** Undo leads from `after` to `before`, and redo back again. */
function rememberWay(app: AppState, { open, before, after }: Way): void {
  const back = async (): Promise<void> => {
    if (await open(before)) app.undo.setState({ after: () => void forth() });
  };
  const forth = async (): Promise<void> => {
    if (await open(after)) app.undo.setState({ before: () => void back() });
  };
  app.undo.setState({ before: () => void back() });
}
