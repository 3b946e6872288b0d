import { describe, expect, it } from 'vitest';
import { clickstream } from '../clickstream.fixture.ts';
import { acrossPicture } from '../loom/across.ts';
import { LoomMemory, loomPicture } from '../loom/loom.ts';
import { turnedPicture } from '../loom/turned.ts';
import { neighbour, pointingFigures, type Arrow } from './pointing.ts';

const WAYS = { across: acrossPicture, turned: turnedPicture };

const input = { entities: clickstream(), selection: null, at: 0, width: 1064, height: 536, turned: false };
const picture = loomPicture(input, new LoomMemory(WAYS));

const turned = loomPicture({ ...input, width: 390, turned: true }, new LoomMemory(WAYS));

describe('the keyboard', () => {
  it('walks a row through all hops and back', () => {
    const way = [
      'partition:clicks-3',
      'task:views/0_3',
      'partition:views-counts-repartition-3',
      'task:views/1_3',
      'partition:views-per-minute-3',
    ];
    way.slice(1).forEach((to, i) => expect(neighbour(picture, way[i] ?? '', 'right')).toBe(to));
    expect(neighbour(picture, 'task:views/0_3', 'left')).toBe('partition:clicks-3');
  });

  it('goes along the names of the machines above their rows', () => {
    const way = ['b1', 'b2', 'b3', 'views-1', 'views-2'];
    way.slice(1).forEach((to, i) => expect(neighbour(picture, way[i] ?? '', 'right')).toBe(to));
    expect(neighbour(picture, 'task:views/0_1', 'up')).toBe('views-2');
  });

  it.each([
    ['wide', picture],
    ['turned', turned],
  ])('reaches every mark from the first by arrows alone, %s', (_, picture) => {
    const marks = new Set(picture.figures.flatMap((f) => (f.box === null ? [] : (f.entity ?? []))));
    const first = neighbour(picture, null, 'right');
    const reached = new Set([first]);
    for (const id of reached)
      for (const arrow of ['left', 'right', 'up', 'down'] satisfies Arrow[]) {
        const next = neighbour(picture, id, arrow);
        if (next !== null) reached.add(next);
      }
    expect([...marks].filter((m) => !reached.has(m))).toEqual([]);
  });
});

it('outlines every mark of the selection, the hovered one, and the focus once', () => {
  const figures = pointingFigures(picture, { selection: 'views-1', hover: 'b1', focused: true });
  expect(figures.map((f) => f.marks.length)).toEqual([1, 2, 1]);
  const none = pointingFigures(picture, { selection: null, hover: null, focused: false });
  expect(none.flatMap((f) => f.marks)).toEqual([]);
});
