import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MODEL, modelPage } from './model.ts';

const page = (): string => readFileSync('docs/model.md', 'utf8');

test('the page says what the table says; `npm run -s model` writes it', () => {
  expect(page()).toBe(modelPage(MODEL));
});

test('every behaviour is there once, with a source, and one sentence where it is not as Kafka has it', () => {
  const entries = MODEL.flatMap(({ entries: all }) => all);
  const names = entries.map(({ behaviour }) => behaviour);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  for (const { behaviour, standing, source, note } of entries) {
    expect(source, behaviour).not.toBe('');
    if (standing === 'modelled') expect(note, behaviour).toBeNull();
    else expect(note, behaviour).toMatch(/^[A-Z][^|\n]*\.$/);
  }
});
