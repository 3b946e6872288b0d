import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parseScenario, parseScenarioText } from '../../engine/api/scenario-parse.ts';
import { canonicalJson } from '../../engine/api/scenario-print.ts';
import type { Scenario } from '../../engine/api/scenario.ts';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import { decodeLink, isLink } from './decode-link.ts';
import { inflate } from './deflate.ts';
import { encodeLink } from './encode-link.ts';
import { checksum, MAGIC, PREFIX } from './link-frame.ts';
import { LINK_LIMITS } from './link-limits.ts';
import '../../../build/fuzz-seed.ts';

function bundledScenario(): Scenario {
  const parsed = parseScenarioText(
    readFileSync(new URL('../../../public/scenarios/clickstream.json', import.meta.url), 'utf8'),
  );
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

const CLICKSTREAM = bundledScenario();
const ACTED: Scenario = {
  ...CLICKSTREAM,
  seed: 12,
  commands: [{ id: 1, at: 12_000_000, act: { type: 'crash', node: 'b2' } }],
};
const PLACE = {
  at: 22_400_000,
  selected: 'partition:clicks-1',
  rung: 'partition',
  focusPartition: 'clicks-1',
} as const;
const CONTENT = { ...PLACE, scenario: ACTED, engine: '0.1.0' };

const bundled = (id: string): Promise<Scenario | null> =>
  Promise.resolve(id === 'clickstream' ? CLICKSTREAM : null);

async function encoded(base: Scenario | null = null): Promise<string> {
  const link = await encodeLink(CONTENT, base);
  if (!link.ok) throw new Error(link.error);
  return link.value;
}

/** A link whose every layer is right, around any bytes. */
function framed(content: Uint8Array | string, sum?: readonly number[]): string {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return (
    PREFIX + toBase64Url(new Uint8Array([...MAGIC, ...(sum ?? checksum(bytes)), ...deflateRawSync(bytes)]))
  );
}

const linkOf = (value: unknown): string => framed(JSON.stringify(value));
const whole = (change: object): string => linkOf({ scenario: ACTED, at: 0, engine: '0.1.0', ...change });

async function sentence(fragment: string): Promise<string> {
  const decoded = await decodeLink(fragment, bundled);
  return decoded.ok ? 'no problem' : decoded.error;
}

describe('a link', () => {
  test('leads back to where it was made, with the scenario whole or as what differs', async () => {
    const [long, short] = [await encoded(), await encoded(CLICKSTREAM)];
    const expected = { ok: true, value: { ...CONTENT, notices: [] } };
    expect(await decodeLink(long, () => Promise.resolve(null))).toEqual(expected);
    expect(await decodeLink(short, bundled)).toEqual(expected);
    expect(isLink(long)).toBe(true);
    expect(long.length).toBeLessThan(2_000);
    expect(short.length).toBeLessThan(400);
  });

  test('keeps that a field of the bundled scenario was taken away', async () => {
    const { notes, ...bare } = CLICKSTREAM;
    expect(notes).toBeDefined();
    const link = await encodeLink({ scenario: bare, at: 0 }, CLICKSTREAM);
    if (!link.ok) throw new Error(link.error);
    expect(await decodeLink(link.value, bundled)).toMatchObject({ ok: true, value: { scenario: bare } });
  });

  test('says what a person should know before they trust the run', async () => {
    const link = await encodeLink({ ...CONTENT, engine: '0.0.9' }, CLICKSTREAM);
    if (!link.ok) throw new Error(link.error);
    const decoded = await decodeLink(link.value, () => Promise.resolve({ ...CLICKSTREAM, lengthMs: 5_000 }));
    expect(decoded).toMatchObject({
      ok: true,
      value: {
        notices: [
          'The scenario "clickstream" has changed since the link was made: the run may differ.',
          'The link was made with version 0.0.9 of the engine; this is 0.1.0, and the run may differ.',
        ],
      },
    });
  });

  test('is refused where it would not survive', async () => {
    const commands = Array.from({ length: 5_000 }, (_, id) => ({
      id,
      at: (id * 7_919_317) % 1_000_003,
      act: { type: 'crash', node: 'b2' } as const,
    }));
    expect(await encodeLink({ scenario: { ...CLICKSTREAM, commands }, at: 0 })).toEqual({
      ok: false,
      error: expect.stringMatching(
        /^The link would have [\d,]+ characters, more than the 8,192 that survive/,
      ) as string,
    });
    expect(await encodeLink({ scenario: CLICKSTREAM, at: -1 })).toMatchObject({ ok: false });
  });
});

describe('a broken link gets one sentence', () => {
  const CUT = 'The link is cut short or damaged.';
  test.each<readonly [about: string, link: () => string | Promise<string>, sentence: unknown]>([
    ['no link', () => '#lesson', 'The link does not hold a scenario.'],
    ['a newer one', () => '#s=2.abcd', 'The link was made by a newer version of Millrace.'],
    ['not base64url', () => '#s=1.TVI+', CUT],
    ['an impossible length', () => '#s=1.TVIaa', CUT],
    ['stray bits', () => '#s=1.TVJ', CUT],
    [
      'another magic',
      () => `#s=1.${toBase64Url(new Uint8Array(20))}`,
      'The link does not hold a scenario of Millrace.',
    ],
    ['nothing after the frame', () => `#s=1.${toBase64Url(new Uint8Array(MAGIC))}`, CUT],
    ['cut by a chat program', async () => (await encoded()).slice(0, -40), CUT],
    [
      'too long',
      () => `#s=1.${'A'.repeat(LINK_LIMITS.fragmentMax)}`,
      'The link is longer than 8,192 characters, the most that is read.',
    ],
    ['a bomb', () => framed(new Uint8Array(5_000_000)), 'The link unpacks to more than a link may hold.'],
    ['a small bomb', () => framed(' '.repeat(100_000)), 'The link unpacks to more than a link may hold.'],
    ['not UTF-8', () => framed(Uint8Array.from([0x22, 0xff, 0x22])), CUT],
    [
      'not JSON',
      () => framed('{"at": }'),
      'The link cannot be read. The text is not valid JSON: in line 1, a value is expected, not "}".',
    ],
    [
      'a prototype',
      () => framed('{"__proto__": {"polluted": 1}}'),
      'The link cannot be read. The text is not valid JSON: in line 1, the field name "__proto__" is not allowed.',
    ],
    [
      'deep',
      () => framed('['.repeat(200)),
      'The link cannot be read. The text is not valid JSON: in line 1, objects and lists are nested deeper than 12 levels.',
    ],
    ['a number', () => framed('7'), 'The link cannot be read: its content must be an object, not 7.'],
    [
      'no moment',
      () => linkOf({ scenario: ACTED, engine: '0.1.0' }),
      'The link cannot be read: at is missing.',
    ],
    [
      'an unknown field',
      () => whole({ verdict: 'nothing lost' }),
      'The link cannot be read: verdict is not a field that is known here; known are scenario, at, selected, rung, focusPartition and engine.',
    ],
    [
      'an invisible character',
      () => whole({ selected: 'a\u202eb' }),
      'The link cannot be read: selected has an invisible or text-turning character, U+202E.',
    ],
    [
      'a moment beyond a day',
      () => whole({ at: 86_400_000_001 }),
      'The link cannot be read: at must be a whole number from 0 to 86,400,000,000 (µs), not 86,400,000,001.',
    ],
    [
      'a scenario that cannot run',
      () => whole({ scenario: { ...ACTED, brokers: [] } }),
      'The link holds a scenario that cannot be run: brokers must have 1 to 12 entries, not 0.',
    ],
    [
      'an unknown base',
      () => linkOf({ base: 'gone', baseDigest: '0'.repeat(16), changes: {}, at: 0, engine: '1' }),
      'The link builds on the scenario "gone", which this page does not have.',
    ],
    [
      'a change of what is not there',
      () =>
        linkOf({ base: 'clickstream', baseDigest: '0'.repeat(16), changes: { sede: 1 }, at: 0, engine: '1' }),
      'The link holds a scenario that cannot be run: sede is not a field that is known here; did you mean "seed"?',
    ],
    [
      'changes as a list',
      () => linkOf({ base: 'clickstream', baseDigest: '0'.repeat(16), changes: [], at: 0, engine: '1' }),
      'The link cannot be read: changes must be an object, not an empty list.',
    ],
    [
      'another checksum',
      () => framed(canonicalJson(CONTENT), [1, 2, 3, 4]),
      'The link was damaged or changed on its way: its checksum does not fit.',
    ],
  ])('%s', async (_, link, expected) => {
    expect(await sentence(await link())).toEqual(expected);
  });

  test('unpacking stops at its deadline', async () => {
    let now = 0;
    const clock = (): number => (now += 150);
    const noise = Uint8Array.from({ length: 200_000 }, (_, i) => Math.imul(i, 2_654_435_761) >>> 24);
    const bytes = Uint8Array.from(deflateRawSync(noise));
    expect(await inflate(bytes, clock)).toEqual({ ok: false, error: 'too slow' });
    expect(await inflate(bytes, () => 0)).toEqual({ ok: true, value: noise });
  });
});

describe('hostile links', () => {
  const PROTOTYPE = Object.getOwnPropertyNames(Object.prototype).sort();

  async function holds(fragment: string): Promise<boolean> {
    const decoded = await decodeLink(fragment, bundled);
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(PROTOTYPE);
    if (decoded.ok)
      expect(parseScenario(decoded.value.scenario)).toEqual({ ok: true, value: decoded.value.scenario });
    else expect(decoded.error).toMatch(/^[^\p{Cc}\p{Cs}\u202a-\u202e]{1,3000}[.?]$/u);
    return decoded.ok;
  }

  test('characters changed: never read as another run', async () => {
    const link = await encoded();
    const letters = [...'ABCXYZabcxyz0189-_+/=.# é'];
    const change = fc.record({
      at: fc.nat(link.length),
      cut: fc.nat(3),
      put: fc.string({ unit: fc.constantFrom(...letters), maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        let text = link;
        for (const { at, cut, put } of changes) text = text.slice(0, at) + put + text.slice(at + cut);
        if ((await holds(text)) && text !== link)
          expect(await decodeLink(text, bundled)).toEqual(await decodeLink(link, bundled));
      }),
      { numRuns: 300 },
    );
  });

  test('layers that are right around content that is not', async () => {
    const json = fc.json({ maxDepth: 14 });
    const change = fc.tuple(
      fc.constantFrom('scenario', 'at', 'engine', 'base', 'changes', 'selected', 'toString', 'x'),
      fc.jsonValue(),
    );
    const content = fc.oneof(
      json,
      fc
        .array(change)
        .map((changes) =>
          JSON.stringify({ scenario: ACTED, at: 0, engine: '1', ...Object.fromEntries(changes) }),
        ),
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom('{"constructor":{"prototype":{"x":1}}}', `[${'0,'.repeat(120_000)}0]`, 'null', '""'),
    );
    await fc.assert(
      fc.asyncProperty(content, async (bytes) => void (await holds(framed(bytes)))),
      { numRuns: 300 },
    );
  });

  test('any bytes at all', async () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(bytes, fc.boolean(), async (random, magic) => {
        const frame = magic ? new Uint8Array([...MAGIC, ...random]) : random;
        expect(fromBase64Url(toBase64Url(frame))).toEqual(frame);
        await holds(PREFIX + toBase64Url(frame));
      }),
      { numRuns: 300 },
    );
  });
});
