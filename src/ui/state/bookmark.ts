import { ENGINE_VERSION } from '../../engine/api/engine-version.ts';
import type { Scenario } from '../../engine/api/scenario.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import type { Stores } from './actions.ts';
import type { DecodedLink } from '../../workers/link/decode-link.ts';
import type { LinkContent } from '../../workers/link/link-content.ts';
import { BUNDLED, bundledScenario } from './library.ts';

/** Where a person is: the run, its acts, the moment and what is looked at. */
export type Bookmark = LinkContent;

/** Where the page is now; null before a scenario is loaded. */
export function bookmarkNow({ run, selection }: Stores): Bookmark | null {
  const { scenario, status, model } = run.getState();
  if (scenario === null) return null;
  const { selected, rung, focusPartition } = selection.getState();
  return {
    scenario: { ...scenario, commands: status.commands },
    at: model.at,
    selected,
    rung,
    focusPartition,
    engine: ENGINE_VERSION,
  };
}

const ID_MAX = 200;

/** Reads what claims to be a bookmark: closed, every part checked. The error is one plain sentence. */
export async function parseBookmark(value: unknown): Promise<Result<Bookmark, string>> {
  if (typeof value !== 'object' || value === null) return err(NO_BOOKMARK);
  const { scenario, at, selected, rung, focusPartition, engine } = value as Partial<Record<string, unknown>>;
  const { parseScenario } = await import('../../engine/api/scenario-parse.ts');
  const parsed = parseScenario(scenario);
  if (!parsed.ok) return err(parsed.error.message);
  if (typeof at !== 'number' || !Number.isSafeInteger(at) || at < 0 || at > DAY)
    return err('The link names a moment that no run can have.');
  return ok({
    scenario: parsed.value,
    at,
    selected: idOrNull(selected),
    rung: rung === 'partition' ? 'partition' : 'topology',
    focusPartition: idOrNull(focusPartition),
    engine: typeof engine === 'string' ? engine.slice(0, ID_MAX) : '',
  });
}

const NO_BOOKMARK = 'The link does not hold a state of Millrace.';

/** The longest run, in µs. */
const DAY = 86_400_000_000;

const idOrNull = (value: unknown): string | null =>
  typeof value === 'string' && value.length <= ID_MAX ? value : null;

/** The codec of links, in a chunk of its own. */
const codec = () => import('./link-codec.ts');

/** The fragment of a link that leads here. The error is one sentence: the run is too much for a link. */
export async function writeFragment(bookmark: Bookmark): Promise<Result<string, string>> {
  const { encodeLink } = await codec();
  return encodeLink(bookmark, await bundledOrNull(bookmark.scenario.id));
}

/** What a link leads to, and what a person should know about it. A cut, changed or hostile link costs one sentence. */
export async function readFragment(hash: string): Promise<Result<DecodedLink, string>> {
  const { decodeLink } = await codec();
  return decodeLink(hash, bundledOrNull);
}

async function bundledOrNull(id: string): Promise<Scenario | null> {
  if (!BUNDLED.some((scenario) => scenario.id === id)) return null;
  const scenario = await bundledScenario(id);
  return scenario.ok ? scenario.value : null;
}

export const isFragment = (hash: string): boolean => hash.startsWith('#s=');
