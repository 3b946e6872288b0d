import { expect, it } from 'vitest';
import { answerListing } from './answer-listing.ts';

const HEADS = ['Topic', 'Partition', 'Note', 'Lag'];

it('says once what is the same in every row, nothing of what is empty in all, and keeps the rest in its order', () => {
  const rows = [
    ['clicks', '0', '', '4'],
    ['clicks', '1', '', '4'],
  ];
  expect(answerListing({ heads: HEADS, rows, more: 3 })).toEqual({
    all: ['Topic clicks', 'Lag 4'],
    heads: ['Partition'],
    rows: [['0'], ['1']],
    more: 3,
  });
});

it('leaves a single row, rows that are all alike, and none, as they are', () => {
  const rows = [['clicks', '0', '', '4']];
  expect(answerListing({ heads: HEADS, rows, more: 0 })).toEqual({ all: [], heads: HEADS, rows, more: 0 });
  expect(answerListing({ heads: HEADS, rows: [...rows, ...rows], more: 0 }).heads).toEqual(HEADS);
  expect(answerListing({ heads: HEADS, rows: [], more: 0 }).heads).toEqual(HEADS);
});
