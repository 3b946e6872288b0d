import { expect, test } from 'vitest';
import { besideWords, placeBeside, takenBoxes, wordBoxes } from './flight-words.ts';
import { boxOf, figure, rect, text, type Picture } from './picture/figure.ts';

const picture: Picture = {
  width: 200,
  height: 100,
  title: '',
  figures: [
    figure('a', [text(100, 40, 'buffered', 'm tt')]),
    figure('b', [text(0, 10, 'acked', 'tt'), rect(boxOf(0, 0, 5, 5), 'thin')], { at: [20, 60] }),
  ],
  ports: () => [],
};

test('words beside an envelope take the first side that is free of other words, or stay away', () => {
  const [buffered, acked, ...others] = takenBoxes(picture);
  expect(others).toEqual([]);
  expect(buffered?.x).toBeLessThan(100);
  expect(acked).toMatchObject({ x: 20 });
  const request = { x: 100, y: 60, words: '0.0 of 0.6 ms', below: false };
  const free = placeBeside(request, [], picture);
  const beside = placeBeside(request, takenBoxes(picture), picture);
  expect(free?.y).toBeLessThan(60);
  expect(beside?.y).toBeGreaterThan(60);
  expect(placeBeside(request, [boxOf(0, 0, 200, 100)], picture)).toBeNull();
  expect(placeBeside({ ...request, x: 195 }, [], picture)?.x).toBeLessThan(195 - 60);
});

test('an envelope that stands makes way for words, and stays where there are none near', () => {
  const words = wordBoxes(picture);
  expect(besideWords(100, 80, words)).toBe(80);
  expect(besideWords(100, 38, words)).not.toBe(38);
  expect(Math.abs(besideWords(100, 38, words) - 38)).toBeLessThanOrEqual(16);
  expect(besideWords(100, 50, [boxOf(0, 0, 200, 100)])).toBe(50);
});
