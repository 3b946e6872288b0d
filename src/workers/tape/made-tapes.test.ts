import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MADE_TAPES } from '../../../scripts/made-tapes/all.ts';

test.each(MADE_TAPES)('$file is what its script makes', ({ file, make }) => {
  expect(readFileSync(`public/tapes/${file}`, 'utf8') === make()).toBe(true);
});
