import { expect, test } from 'vitest';
import { clickstream } from './clickstream.fixture.ts';
import { placesNow } from './places-now.ts';

test('names every place between the tape and the count, and apart from them what readers have still to read', () => {
  const entities = clickstream();
  const { before, after } = placesNow(entities, { node: (id) => id.toUpperCase() });
  expect(before.map(({ name, note }) => `${name} ${note}`)).toEqual([
    'P1 buffered',
    'P1 in flight',
    'clicks not read by views',
    'views-counts-repartition not read by views',
    'views queued in its tasks',
    'views passed on, not acknowledged yet',
  ]);
  expect(before.at(-1)?.value).toBe(7);
  expect(after.map(({ note }) => note)).toEqual(['not read by dash']);
});
