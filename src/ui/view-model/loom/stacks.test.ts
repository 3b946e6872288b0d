import { expect, test } from 'vitest';
import type { Station } from './graph.ts';
import { stackOf, stacksNeed, tiersOf } from './stacks.ts';

const topic = (name: string, rows: number): Station =>
  ({ kind: 'topic', key: `topic:${name}`, topic: { name }, partitions: [], rows }) as unknown as Station;
const group = (name: string, rows: number): Station =>
  ({
    kind: 'group',
    key: `group:${name}`,
    group: { name },
    machines: [],
    reads: [],
    rows,
  }) as unknown as Station;

const two = [
  [topic('postings', 2), topic('refused', 2)],
  [group('careful', 1), group('hasty', 3)],
];

test('columns that as many stations share are laid out alike, so that rows keep their level', () => {
  const [first, second] = tiersOf(two, null).get(2) ?? [];
  expect(first).toMatchObject({ head: 68, rows: 2 });
  expect(second).toMatchObject({ head: 68, rows: 3 });
  expect(tiersOf([[topic('alone', 6)]], null).size).toBe(0);
});

test('the first station stands level with the other columns where there is room for the rest below', () => {
  const tiers = tiersOf(two, null).get(2) ?? [];
  const roomy = stackOf(tiers, { y0: 104, pitch: 46, least: 3, total: 600 });
  expect(roomy).toMatchObject({ level: true, pitch: 46 });
  expect(roomy.tiers[0]?.y0).toBe(104);
  const tight = stackOf(tiers, { y0: 104, pitch: 46, least: 3, total: 300 });
  expect(tight.level).toBe(false);
  expect(tight.pitch).toBeLessThan(46);
  expect((tight.tiers[1]?.y0 ?? 0) + 3 * tight.pitch).toBeLessThanOrEqual(300);
  expect(stackOf(tiers, { y0: 104, pitch: 46, least: 20, total: 100 }).pitch).toBe(20);
});

test('what rows in full need is known before the picture has a height', () => {
  const need = stacksNeed(tiersOf(two, null));
  const tiers = tiersOf(two, null).get(2) ?? [];
  expect(stackOf(tiers, { y0: 104, pitch: 46, least: 3, total: need }).pitch).toBe(20);
  expect(stacksNeed(new Map())).toBe(0);
});
