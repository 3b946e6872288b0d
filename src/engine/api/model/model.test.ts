import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { APIS } from '../../protocol/message.ts';
import { MODEL, modelPage } from './model.ts';

const page = (): string => readFileSync('docs/model.md', 'utf8');

test('the page says what the table says; `npm run -s model` writes it', () => {
  expect(page()).toBe(modelPage(MODEL));
});

test('no request is called absent that brokers serve', () => {
  const absent = MODEL.flatMap(({ entries }) => entries.filter(({ standing }) => standing === 'absent'));
  const words = new Set(absent.flatMap(({ behaviour }) => behaviour.match(/[A-Za-z]+/g) ?? []));
  expect(Object.keys(APIS).filter((api) => words.has(api))).toEqual([]);
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
