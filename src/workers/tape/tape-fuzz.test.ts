import { csvFormatRows } from 'd3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TapeFormat } from '../../engine/api/scenario.ts';
import { utf8Decode } from '../../engine/base/bytes.ts';
import { buildTape } from './build-tape.ts';
import { previewTape } from './tape-preview.ts';
import { allFormats } from './all-formats.ts';
import { TapeReader } from './tape-reader.ts';
import { TAPE_LIMITS, type TapeTable } from './tape-table.ts';
import type { Result } from '../../engine/base/result.ts';
import '../../../build/fuzz-seed.ts';

const PROTOTYPE = Object.getOwnPropertyNames(Object.prototype).sort();

function readIn(bytes: Uint8Array, sizes: readonly number[], asked?: TapeFormat): Result<TapeTable, string> {
  const reader = new TapeReader(allFormats(asked));
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes.length === 0 ? bytes.length : (sizes[i % sizes.length] ?? 1);
    reader.feed(bytes.slice(at, at + size));
    at += size;
  }
  return reader.end();
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const SENTENCE = /^[^\p{Cc}\p{Cs}]{1,400}\.$/u;

/** A table that keeps its promises, or one sentence. */
function holds(result: Result<TapeTable, string>): void {
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(PROTOTYPE);
  if (!result.ok) {
    expect(result.error).toMatch(SENTENCE);
    return;
  }
  const { rows, lines, columns, bad } = result.value;
  expect(lines).toHaveLength(rows.length);
  expect([...lines].sort((a, b) => a - b)).toEqual(lines);
  expect(new Set(columns).size).toBe(columns.length);
  expect(bad.examples.length).toBe(Math.min(bad.count, TAPE_LIMITS.badShownMax));
  for (const { text, why } of bad.examples) expect(`${text} ${why}`).toMatch(SENTENCE);
  const preview = previewTape(result.value);
  if (!preview.ok) {
    expect(preview.error).toMatch(SENTENCE);
    return;
  }
  const { timeColumn } = preview.value;
  const built = buildTape(result.value, { timeColumn, keyColumn: columns[0] ?? null, limit: 0 });
  if (!built.ok) throw new Error(built.error);
  const { tape, skipped } = built.value;
  expect(tape.count + skipped.count).toBe(rows.length);
  for (const value of tape.values)
    expect(Object.keys(JSON.parse(utf8Decode(value ?? '')) as object)).toContain(timeColumn);
}

const FRAGMENTS = [
  'time,n\n',
  '2015-05-17T10:05:03Z',
  '1431857103',
  ',',
  ';',
  '"',
  '""',
  '\n',
  '\r\n',
  '{"time":"2015-05-17","__proto__":1}\n',
  '{',
  '}',
  '[',
  '::1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 -\n',
  'x'.repeat(40_000),
  '\ufeff',
  'é😀',
  '\0',
];
const soup = fc
  .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ unit: 'binary', maxLength: 5 })), {
    maxLength: 40,
  })
  .map((parts) => utf8(parts.join('')));

const format = fc.constantFrom<TapeFormat | undefined>(undefined, undefined, 'csv', 'jsonl', 'access-log');

test('any bytes are a table or a sentence, the same however they are cut', () => {
  fc.assert(
    fc.property(
      fc.oneof(soup, fc.uint8Array({ maxLength: 300 })),
      fc.array(fc.integer({ min: 1, max: 9_000 })),
      format,
      (bytes, sizes, asked) => {
        const whole = readIn(bytes, [], asked);
        holds(whole);
        expect(readIn(bytes, sizes, asked)).toEqual(whole);
      },
    ),
    { numRuns: 400 },
  );
});

test('cells that were written as CSV are read back, around lines that are none', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' ', '7') });
  const row = fc.tuple(fc.constant('2015-05-17'), cell, cell).map((cells) => [...cells]);
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), fc.array(fc.nat(20)), (rows, gaps) => {
      const texts = rows.map((cells) => csvFormatRows([cells]));
      for (const gap of gaps) texts.splice(gap % (texts.length + 1), 0, 'too,few');
      const result = readIn(utf8(['time,a,b', ...texts].join('\n')), [], 'csv');
      if (!result.ok) throw new Error(result.error);
      expect(result.value.rows).toEqual(rows);
      expect(result.value.bad.count).toBe(gaps.length);
    }),
    { numRuns: 300 },
  );
});

test('objects that were written as JSON lines become records of the same value', () => {
  const value = fc
    .jsonValue({ maxDepth: 5 })
    .filter((json) => JSON.stringify(json) === JSON.stringify(JSON.parse(JSON.stringify(json))));
  const object = fc
    .dictionary(fc.stringMatching(/^[a-z]{1,5}$/), value)
    .map((fields) => ({ time: '2015-05-17', ...fields }));
  fc.assert(
    fc.property(fc.array(object, { minLength: 1, maxLength: 10 }), (objects) => {
      const result = readIn(utf8(objects.map((o) => JSON.stringify(o)).join('\n')), [], 'jsonl');
      if (!result.ok) return;
      const built = buildTape(result.value, { timeColumn: 'time', keyColumn: null, limit: 0 });
      if (!built.ok) return;
      const kept = objects.filter((_, i) => result.value.lines.includes(i + 1));
      expect(built.value.tape.values.map((text) => JSON.parse(utf8Decode(text ?? '')) as unknown)).toEqual(
        kept
          .filter(({ time }) => time === '2015-05-17')
          .map((o, row) => ({ ...(result.value.columns.includes('row') ? {} : { row }), ...copyOf(o) })),
      );
    }),
    { numRuns: 300 },
  );
});

const copyOf = (value: object): object => JSON.parse(JSON.stringify(value)) as object;
