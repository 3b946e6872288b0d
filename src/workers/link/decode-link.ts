import * as v from 'valibot';
import { ENGINE_VERSION } from '../../engine/api/engine-version.ts';
import { plainCopy } from '../../engine/api/scenario-guard.ts';
import { readJson } from '../../engine/api/scenario-json.ts';
import { parseScenario } from '../../engine/api/scenario-parse.ts';
import { grouped, pathText, quoted, type PathStep } from '../../engine/api/scenario-problem.ts';
import type { Scenario } from '../../engine/api/scenario.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import { fromBase64Url } from './base64url.ts';
import { inflate, type InflateFailure } from './deflate.ts';
import { BASED_SCHEMA, changed, scenarioDigest, WHOLE_SCHEMA, type LinkContent } from './link-content.ts';
import { ANY_PREFIX, checksum, CHECKSUM_BYTES, MAGIC, PREFIX } from './link-frame.ts';
import { LINK_LIMITS } from './link-limits.ts';

/** Where a link leads, and what a person should know before they trust that it is the same run. */
export interface DecodedLink extends LinkContent {
  /** One sentence each. */
  readonly notices: readonly string[];
}

/** The scenario of that id that comes with the page, or null. */
export type BundledScenarios = (id: string) => Promise<Scenario | null>;

/** Whether a fragment claims to hold a scenario. */
export const isLink = (fragment: string): boolean => ANY_PREFIX.test(fragment);

/**
 * Reads the fragment of a link. Nothing in it is trusted: every step has its cap, and what a step has not passed the
 * next does not see. The error is one sentence; nothing is thrown.
 */
export async function decodeLink(
  fragment: string,
  bundled: BundledScenarios,
): Promise<Result<DecodedLink, string>> {
  const packed = unframed(fragment);
  if (!packed.ok) return packed;
  const { sum, body } = packed.value;
  const bytes = await inflate(body);
  if (!bytes.ok) return err(INFLATE_SENTENCES[bytes.error]);
  const json = jsonOf(bytes.value);
  if (!json.ok) return json;
  const content = await contentOf(json.value, bundled);
  if (!content.ok) return content;
  const fits = checksum(bytes.value).every((byte, i) => byte === sum[i]);
  return fits ? content : err('The link was damaged or changed on its way: its checksum does not fit.');
}

const DAMAGED = 'The link is cut short or damaged.';

const INFLATE_SENTENCES: Readonly<Record<InflateFailure, string>> = {
  damaged: DAMAGED,
  'too large': 'The link unpacks to more than a link may hold.',
  'too slow': 'The link takes too long to unpack.',
};

interface Frame {
  readonly sum: Uint8Array;
  readonly body: Uint8Array<ArrayBuffer>;
}

function unframed(fragment: string): Result<Frame, string> {
  if (fragment.length > LINK_LIMITS.fragmentMax)
    return err(
      `The link is longer than ${grouped(LINK_LIMITS.fragmentMax)} characters, the most that is read.`,
    );
  const version = ANY_PREFIX.exec(fragment)?.[1];
  if (version === undefined) return err('The link does not hold a scenario.');
  if (Number(version) > 1) return err('The link was made by a newer version of Millrace.');
  const bytes = fragment.startsWith(PREFIX) ? fromBase64Url(fragment.slice(PREFIX.length)) : null;
  if (bytes === null) return err(DAMAGED);
  if (!MAGIC.every((byte, i) => bytes[i] === byte))
    return err('The link does not hold a scenario of Millrace.');
  const start = MAGIC.length + CHECKSUM_BYTES;
  return bytes.length <= start
    ? err(DAMAGED)
    : ok({ sum: bytes.slice(MAGIC.length, start), body: bytes.slice(start) });
}

function jsonOf(bytes: Uint8Array): Result<unknown, string> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return err(DAMAGED);
  }
  const json = readJson(text);
  if (!json.ok) return err(`The link cannot be read. ${json.error.message}`);
  const copy = plainCopy(json.value.value);
  return copy.ok ? copy : err(misfit(copy.error.path, copy.error.what));
}

async function contentOf(json: unknown, bundled: BundledScenarios): Promise<Result<DecodedLink, string>> {
  const isBased = typeof json === 'object' && json !== null && 'base' in json;
  return isBased ? basedContent(json, bundled) : wholeContent(json);
}

function wholeContent(json: unknown): Result<DecodedLink, string> {
  const shape = v.safeParse(WHOLE_SCHEMA, json, { abortEarly: true });
  if (!shape.success) return shapeError(shape.issues[0]);
  const { scenario, ...place } = shape.output;
  return completed(scenario, place, []);
}

async function basedContent(json: unknown, bundled: BundledScenarios): Promise<Result<DecodedLink, string>> {
  const shape = v.safeParse(BASED_SCHEMA, json, { abortEarly: true });
  if (!shape.success) return shapeError(shape.issues[0]);
  const { base: id, baseDigest, changes, ...place } = shape.output;
  const base = await bundled(id).catch(() => null);
  if (base === null)
    return err(`The link builds on the scenario ${quoted(id)}, which this page does not have.`);
  const same = scenarioDigest(base) === baseDigest;
  const notice = `The scenario ${quoted(id)} has changed since the link was made: the run may differ.`;
  return completed(changed(base, changes), place, same ? [] : [notice]);
}

type Place = Omit<LinkContent, 'scenario'>;

function completed(value: unknown, place: Place, notices: readonly string[]): Result<DecodedLink, string> {
  const scenario = parseScenario(value);
  if (!scenario.ok) return err(`The link holds a scenario that cannot be run: ${scenario.error.message}`);
  const other = place.engine === ENGINE_VERSION ? [] : [otherEngine(place.engine)];
  return ok({ ...place, scenario: scenario.value, notices: [...notices, ...other] });
}

const otherEngine = (engine: string): string =>
  `The link was made with version ${engine} of the engine; this is ${ENGINE_VERSION}, and the run may differ.`;

const shapeError = (issue: v.BaseIssue<unknown>): Result<never, string> =>
  err(
    misfit(
      (issue.path ?? []).map(({ key }) => key as PathStep),
      issue.message,
    ),
  );

const misfit = (path: readonly PathStep[], what: string): string =>
  `The link cannot be read: ${path.length === 0 ? 'its content' : pathText(path)} ${what}`;
