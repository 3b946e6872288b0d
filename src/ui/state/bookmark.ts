import { ENGINE_VERSION } from '../../engine/api/engine-version.ts';
import { parseScenario } from '../../engine/api/scenario-parse.ts';
import type { Scenario } from '../../engine/api/scenario.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import type { Stores } from './actions.ts';
import type { Rung } from './view-stores.ts';

/** Where a person is: the run, its acts, the moment and what is looked at. */
export interface Bookmark {
  /** With the acts as its commands. */
  readonly scenario: Scenario;
  readonly at: number;
  readonly selected: string | null;
  readonly rung: Rung;
  readonly focusPartition: string | null;
  /** Version of the engine that made the run; another may differ in details. */
  readonly engine: string;
}

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
export function parseBookmark(value: unknown): Result<Bookmark, string> {
  if (typeof value !== 'object' || value === null) return err(NO_BOOKMARK);
  const { scenario, at, selected, rung, focusPartition, engine } = value as Partial<Record<string, unknown>>;
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

const PREFIX = '#s=';
const LINK_MAX = 100_000;
const TEXT_MAX = 1_000_000;

/** The fragment of a link that leads here, such as `#s=7Zt…`. */
export async function writeFragment(bookmark: Bookmark): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(bookmark));
  const packed = await collect(
    new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw')),
    Infinity,
  );
  let text = '';
  for (const byte of packed ?? []) text += String.fromCharCode(byte);
  return PREFIX + btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export const isFragment = (hash: string): boolean => hash.startsWith(PREFIX);

/** What a link leads to. A cut, changed or hostile link costs one sentence. */
export async function readFragment(hash: string): Promise<Result<Bookmark, string>> {
  if (hash.length > LINK_MAX) return err('The link is longer than any link that Millrace makes.');
  try {
    const packed = atob(hash.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(packed, (char) => char.charCodeAt(0));
    const text = await collect(
      new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')),
      TEXT_MAX,
    );
    if (text === null) return err('The link unpacks to more than any scenario has.');
    return parseBookmark(JSON.parse(new TextDecoder().decode(text)));
  } catch {
    return err('The link is damaged: a part of it is missing or was changed.');
  }
}

/** All bytes of a stream, or null if there are more than `most`. */
async function collect(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > most) {
      await reader.cancel();
      return null;
    }
    chunks.push(next.value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
