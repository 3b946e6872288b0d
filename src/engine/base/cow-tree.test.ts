import { expect, test } from 'vitest';
import { CowTree } from './cow-tree.ts';
import { digestOf } from './digest.ts';
import { fork } from './fork.ts';
import { below, chance, prngStream } from './prng.ts';

type Model = Map<string, number>;

const sorted = (model: Model) => [...model].sort((a, b) => (a[0] < b[0] ? -1 : 1));

/** Random sets and deletes on forks of forks, each beside an ordinary map. */
test('forks of a tree never see each other, whatever is set and deleted', () => {
  const prng = prngStream(7, 'cow-tree');
  const lives: { tree: CowTree<number>; model: Model }[] = [{ tree: new CowTree(), model: new Map() }];
  for (let step = 0; step < 20_000; step++) {
    const life = lives[below(prng, lives.length)]!;
    const key = String(below(prng, 900)).padStart(4, '0');
    if (chance(prng, { numerator: step > 12_000 ? 3 : 1, denominator: 4 })) {
      life.tree.delete(key);
      life.model.delete(key);
    } else {
      life.tree.set(key, step);
      life.model.set(key, step);
    }
    if (step % 4_000 === 0) lives.push({ tree: fork(life.tree), model: new Map(life.model) });
  }
  for (const { tree, model } of lives) {
    expect(tree.entries()).toEqual(sorted(model));
    expect(tree.size).toBe(model.size);
    const ends = { from: '0200', to: '0600' };
    const inside = sorted(model).filter(([key]) => key >= ends.from && key < ends.to);
    expect(tree.entries(ends)).toEqual(inside);
    const back: number[] = [];
    tree.visitBack(ends, (value) => void back.push(value));
    expect(back).toEqual(inside.map(([, value]) => value).reverse());
    expect(tree.get('0300')).toBe(model.get('0300'));
    expect(tree.first()).toEqual(sorted(model)[0]);
  }
});

test('the digest depends on content alone', () => {
  const up = new CowTree<number>();
  const down = new CowTree<number>();
  for (let i = 0; i < 200; i++) up.set(`k${i}`, i);
  for (let i = 199; i >= 0; i--) down.set(`k${i}`, i);
  expect(digestOf(up)).toBe(digestOf(down));
  down.set('k7', 8);
  expect(digestOf(up)).not.toBe(digestOf(down));
});
