import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FORBIDDEN_NAMES, readJson } from './scenario-json.ts';
import { SCENARIO_LIMITS } from './scenario-limits.ts';
import { parseScenario, parseScenarioText } from './scenario-parse.ts';
import { printScenario } from './scenario-print.ts';
import '../../../build/fuzz-seed.ts';

const CLICKSTREAM = readFileSync(
  new URL('../../../public/scenarios/clickstream.json', import.meta.url),
  'utf8',
);

const PROTOTYPE = Object.getOwnPropertyNames(Object.prototype).sort();

/** Whatever comes in: a scenario that prints and reads back as itself, or one sentence; and nothing leaks. */
function holds(result: ReturnType<typeof parseScenario>): void {
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(PROTOTYPE);
  if (result.ok) expect(parseScenarioText(printScenario(result.value))).toEqual(result);
  else {
    expect(result.error.message).toMatch(/^[^\p{Cc}\p{Cs}\u202a-\u202e]{1,3000}[.?]$/u);
    expect(typeof result.error.path).toBe('string');
  }
}

type Container = Record<string | number, unknown>;

type Place = readonly [Container, string | number];

/** Every place in a JSON value. */
function places(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const container = value as Container;
  const names = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return names.flatMap((name) => [[container, name] as const, ...places(container[name])]);
}

const piece = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom<unknown>(0, -1, 1e21, '', '\u202e', 'b1', {}, [], null, 'x'.repeat(5_000)),
  fc.string({ unit: 'binary' }),
);

test('a scenario with a few places changed is read or refused', () => {
  let read = 0;
  const change = fc.record({ place: fc.nat(), name: fc.option(fc.string()), value: piece });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const scenario: unknown = JSON.parse(CLICKSTREAM);
      for (const { place, name, value } of changes) {
        const all = places(scenario);
        const [container, at]: Place = all[place % all.length] ?? [{}, ''];
        if (name === null || Array.isArray(container)) container[at] = value;
        else
          Object.defineProperty(container, name, {
            value,
            enumerable: true,
            configurable: true,
            writable: true,
          });
      }
      const result = parseScenario(scenario);
      holds(result);
      if (result.ok) read += 1;
    }),
    { numRuns: 400 },
  );
  expect(read).toBeGreaterThan(2);
});

test('any value at all is read or refused', () => {
  const options = {
    withNullPrototype: true,
    withMap: true,
    withDate: true,
    withSparseArray: true,
    withBigInt: true,
  };
  fc.assert(
    fc.property(fc.anything(options), (value) => holds(parseScenario(value))),
    { numRuns: 400 },
  );
});

test('a text with a few characters changed is read or refused, with a line that it has', () => {
  const lines = CLICKSTREAM.split('\n').length;
  const change = fc.record({
    at: fc.nat(CLICKSTREAM.length),
    cut: fc.nat(4),
    put: fc.string({ maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      let text = CLICKSTREAM;
      for (const { at, cut, put } of changes) text = text.slice(0, at) + put + text.slice(at + cut);
      const result = parseScenarioText(text);
      holds(result);
      if (!result.ok) expect(result.error.line).toSatisfy((line: number) => line >= 1 && line <= lines + 9);
    }),
    { numRuns: 400 },
  );
});

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

test('JSON is read as JSON.parse reads it, but for what is refused on purpose', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 20 }), fc.constantFrom(0, 2, '\t'), (text, indent) => {
      const value: unknown = JSON.parse(text);
      const read = readJson(JSON.stringify(value, null, indent));
      const refused =
        depthOf(value) > SCENARIO_LIMITS.depthMax ||
        places(value).some(([, name]) => FORBIDDEN_NAMES.includes(String(name)));
      if (refused) expect(read.ok).toBe(false);
      else expect(read).toMatchObject({ ok: true, value: { value } });
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,\\u0-1.eE+ atrufnlsé\n') }), (text) => {
      const read = readJson(text);
      if (read.ok) expect(read.value.value).toEqual(JSON.parse(text));
    }),
    { numRuns: 2_000 },
  );
});
