import { ENGINE_VERSION } from '../../engine/api/engine-version.ts';
import { canonicalJson } from '../../engine/api/scenario-print.ts';
import { grouped } from '../../engine/api/scenario-problem.ts';
import type { Scenario } from '../../engine/api/scenario.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';
import { toBase64Url } from './base64url.ts';
import { decodeLink } from './decode-link.ts';
import { deflate } from './deflate.ts';
import { changesFrom, scenarioDigest, type LinkContent, type LinkScenario } from './link-content.ts';
import { checksum, MAGIC, PREFIX } from './link-frame.ts';
import { LINK_LIMITS } from './link-limits.ts';

/** What goes into a link; what is left out is where a page begins. */
export type LinkRequest = Pick<LinkContent, 'scenario' | 'at'> & Partial<LinkContent>;

/**
 * The fragment of a link, `#s=1.…`. With `base`, a scenario that comes with the page and has the same id, only what
 * differs from it is held. The link was read back before it is given. The error is one sentence.
 */
export async function encodeLink(
  { scenario, ...place }: LinkRequest,
  base: Scenario | null = null,
): Promise<Result<string, string>> {
  const part = scenarioPart(scenario, base);
  const json = canonicalJson({ ...place, engine: place.engine ?? ENGINE_VERSION, ...part });
  const bytes = new TextEncoder().encode(json);
  const packed = await deflate(bytes);
  const frame = new Uint8Array([...MAGIC, ...checksum(bytes), ...packed]);
  const fragment = PREFIX + toBase64Url(frame);
  if (fragment.length > LINK_LIMITS.fragmentMax) return err(tooLong(fragment.length));
  const back = await decodeLink(fragment, () => Promise.resolve(base));
  return back.ok ? ok(fragment) : back;
}

function scenarioPart(scenario: Scenario, base: Scenario | null): LinkScenario {
  if (base?.id !== scenario.id) return { scenario };
  return { base: base.id, baseDigest: scenarioDigest(base), changes: changesFrom(base, scenario) };
}

const tooLong = (length: number): string =>
  `The link would have ${grouped(length)} characters, more than the ${grouped(LINK_LIMITS.fragmentMax)} that survive mail and chat; save the scenario as a file instead.`;
