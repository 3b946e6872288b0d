import { expect, test } from 'vitest';
import { CowMap } from './cow-map.ts';
import { CowTree } from './cow-tree.ts';
import { digestOf } from './digest.ts';
import { fork } from './fork.ts';
import { below, chance, prngStream } from './prng.ts';

type Model = Map<string, number>;

const sorted = (model: Model) => [...model].sort((a, b) => (a[0] < b[0] ? -1 : 1));

test('forks of a map never see each other, whatever is set, deleted, read and listed', () => {
  const prng = prngStream(8, 'cow-map');
  const lives: { map: CowMap<number>; model: Model }[] = [{ map: new CowMap(), model: new Map() }];
  for (let step = 0; step < 20_000; step++) {
    const { map, model } = lives[below(prng, lives.length)]!;
    const key = String(below(prng, 300)).padStart(4, '0');
    if (chance(prng, { numerator: 1, denominator: 3 })) {
      map.delete(key);
      model.delete(key);
    } else {
      map.set(key, step);
      model.set(key, step);
    }
    const other = String(below(prng, 300)).padStart(4, '0');
    expect(map.get(other)).toBe(model.get(other));
    if (step % 1_000 === 0) expect(map.size).toBe(model.size);
    if (step % 4_000 === 0) lives.push({ map: fork(map), model: new Map(model) });
  }
  for (const { map, model } of lives) {
    expect(map.entries()).toEqual(sorted(model));
    const inside = sorted(model).filter(([key]) => key >= '0100' && key < '0200');
    expect(map.entries({ from: '0100', to: '0200' })).toEqual(inside);
  }
});

test('what is owned is copied once for each fork, and the fork keeps its own', () => {
  const map = new CowMap<number[]>();
  map.set('a', [1]);
  const first = fork(map);
  const copy = (shared: number[]) => shared.slice();
  map.own('a', copy)?.push(2);
  const again = map.own('a', copy);
  expect(again).toEqual([1, 2]);
  expect(map.own('a', copy)).toBe(again);
  expect(first.get('a')).toEqual([1]);
  expect(map.own('b', copy)).toBeUndefined();
  map.delete('a');
  expect(map.own('a', copy)).toBeUndefined();
});

test('an unchanged map forks to the copy before, and its digest is that of a tree', () => {
  const [map, tree] = [new CowMap<number>(), new CowTree<number>()];
  for (let i = 0; i < 200; i++) {
    map.set(`k${i}`, i);
    tree.set(`k${199 - i}`, 199 - i);
  }
  expect(digestOf(map)).toBe(digestOf(tree));
  const first = fork(map);
  expect(fork(map, first)).toBe(first);
  map.set('k7', 8);
  expect(fork(map, first)).not.toBe(first);
  expect(digestOf(map)).not.toBe(digestOf(tree));
});
