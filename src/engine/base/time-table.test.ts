import { expect, test } from 'vitest';
import { digestOf } from './digest.ts';
import { fork } from './fork.ts';
import { below, prngStream, type PrngState } from './prng.ts';
import { TimeTable } from './time-table.ts';

interface Entry {
  readonly key: string;
  readonly time: number;
  readonly tie: number;
  readonly value: number;
}

/** The plainest thing that could do the same. */
class Model {
  entries: Entry[] = [];

  without({ key, time, tie }: Omit<Entry, 'value'>): Entry[] {
    return this.entries.filter((it) => it.key !== key || it.time !== time || it.tie !== tie);
  }

  sorted(): Entry[] {
    return this.entries
      .slice()
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.time - b.time || a.tie - b.tie));
  }
}

interface Life {
  readonly table: TimeTable<number>;
  readonly model: Model;
}

const listOf = (table: TimeTable<number>): Entry[] => {
  const all: Entry[] = [];
  table.visitAll((value, key, time, tie) => void all.push({ key, time, tie, value }));
  return all;
};

function act(prng: PrngState, { table, model }: Life, step: number): void {
  const place = { key: `k${below(prng, 3)}`, time: below(prng, 150), tie: below(prng, 3) };
  const { key, time, tie } = place;
  const dice = below(prng, 400);
  if (dice === 0) {
    table.deleteBefore(time);
    model.entries = model.entries.filter((it) => it.time >= time);
  } else if (dice < 100) {
    table.delete(key, time, tie);
    model.entries = model.without(place);
  } else {
    table.set(key, time, tie, step);
    model.entries = [...model.without(place), { ...place, value: step }];
  }
}

test('forks of a table never see each other, whatever is set, deleted and forgotten', () => {
  const prng = prngStream(9, 'time-table');
  const lives: Life[] = [{ table: new TimeTable(), model: new Model() }];
  for (let step = 0; step < 6_000; step++) {
    const life = lives[below(prng, lives.length)]!;
    act(prng, life, step);
    if (step % 1_500 !== 0) continue;
    const model = new Model();
    model.entries = life.model.entries.slice();
    lives.push({ table: fork(life.table), model });
  }
  for (const { table, model } of lives) {
    const all = model.sorted();
    expect(listOf(table)).toEqual(all);
    expect(table.size).toBe(all.length);
    for (const { key, time, tie, value } of all) expect(table.get(key, time, tie)).toBe(value);
    expect(table.get('k1', 151)).toBeUndefined();
    const [from, to] = [40, 90];
    const seen: number[] = [];
    table.visit('k1', from, to, (value) => void seen.push(value));
    const inside = all.filter(({ key, time }) => key === 'k1' && time >= from && time <= to);
    expect(seen).toEqual(inside.map(({ value }) => value));
  }
});

test('entries in order of time fill their chunks, in any other order they are found all the same', () => {
  const [up, down] = [new TimeTable<number>(), new TimeTable<number>()];
  for (let i = 0; i < 500; i++) up.set('a', i, 0, i);
  for (let i = 499; i >= 0; i--) down.set('a', i, 0, i);
  expect(listOf(up)).toEqual(listOf(down));
  expect(digestOf(up)).toBe(digestOf(down));
  const first = fork(up);
  expect(fork(up, first)).toBe(first);
  up.set('a', 7, 0, 8);
  expect(first.get('a', 7)).toBe(7);
  expect(digestOf(up)).not.toBe(digestOf(down));
});
