import { expect, test } from 'vitest';
import { readTyped, subjectsOf, typedText } from './bench.ts';

test('keys and values are read by the type of their topic, and printed as they are read', () => {
  for (const [text, type] of [
    ['', 'string'],
    ['12', 'string'],
    ['-9223372036854775808', 'long'],
    ['{"a":[1,null]}', 'json'],
  ] as const) {
    const read = readTyped(text, type, 'value');
    expect(read.ok && typedText(read.value, type), `${text} ${type}`).toBe(text);
  }
  expect(readTyped('1.5', 'long', 'key')).toMatchObject({ ok: false });
  expect(readTyped('[1]', 'json', 'value')).toMatchObject({ ok: false });
  expect(readTyped('{', 'json', 'value')).toMatchObject({ ok: false });
});

test('without a scenario there are still the examples', () => {
  expect(subjectsOf(null).length).toBeGreaterThan(5);
  expect(subjectsOf(null).every(({ id }) => id.startsWith('example:'))).toBe(true);
});
