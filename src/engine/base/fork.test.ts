import { expect, test } from 'vitest';
import { AppendList } from './append-list.ts';
import { CowTree } from './cow-tree.ts';
import { digestOf } from './digest.ts';
import { fork } from './fork.ts';
import { below, prngStream, type PrngState } from './prng.ts';

const newState = () => ({
  list: new AppendList<number>(),
  tree: new CowTree<number>(),
  map: new Map<string, { count: number; next?: number | undefined }>(),
  set: new Set<number>(),
  bytes: new Uint8Array(8),
  rows: [{ at: 0 }, { at: 0 }, { at: 0 }],
});

type State = ReturnType<typeof newState>;

const CHANGES: readonly ((state: State, pick: (bound: number) => number) => void)[] = [
  (state, pick) => state.list.push(pick(9)),
  (state) => state.list.truncate(Math.max(state.list.start, state.list.end - 3)),
  (state, pick) => state.tree.set(`k${pick(50)}`, pick(9)),
  (state, pick) => state.tree.delete(`k${pick(50)}`),
  (state, pick) => void state.map.set(`m${pick(6)}`, { count: pick(3) }),
  (state, pick) => void state.map.delete(`m${pick(6)}`),
  (state, pick) => void state.map.forEach((entry) => (entry.next = pick(2) === 0 ? undefined : 1)),
  (state, pick) => void (state.set.delete(pick(5)) || state.set.add(pick(5))),
  (state, pick) => void (state.bytes[pick(8)] = pick(256)),
  (state, pick) => void ((state.rows[pick(3)] as { at: number }).at = pick(4)),
];

function change(state: State, prng: PrngState): void {
  const pick = (bound: number) => below(prng, bound);
  (CHANGES[pick(CHANGES.length)] as (typeof CHANGES)[number])(state, pick);
}

/** Everything about a state, orders of keys included. */
const told = ({ list, tree, map, set, bytes, rows }: State) =>
  JSON.stringify([
    [...list],
    tree.entries(),
    [...map].map(([k, v]) => [k, Object.entries(v)]),
    [...set],
    [...bytes],
    rows,
  ]);

test('a row of sharing copies holds what each moment was, whichever of them a run goes on from', () => {
  const prng = prngStream(11, 'fork');
  let live = newState();
  const copies: { copy: State; was: string; digest: string }[] = [];
  for (let step = 0; step < 3_000; step++) {
    change(live, prng);
    if (below(prng, 4) === 0) {
      const copy = fork(live, copies.at(-1)?.copy);
      copies.push({ copy, was: told(live), digest: digestOf(live) });
    }
    if (below(prng, 60) === 0 && copies.length > 0) {
      copies.length = below(prng, copies.length) + 1;
      live = fork((copies.at(-1) as (typeof copies)[number]).copy);
    }
  }
  expect(copies.length).toBeGreaterThan(20);
  for (const { copy, was, digest } of copies) {
    expect(told(copy)).toBe(was);
    expect(digestOf(copy)).toBe(digest);
  }
});

test('what is equal to the older copy is the very same object', () => {
  const state = newState();
  for (let i = 0; i < 600; i++) state.list.push(i);
  state.map.set('a', { count: 1 });
  state.map.set('b', { count: 2 });
  const first = fork(state);
  expect(fork(state, first)).toBe(first);
  (state.map.get('b') as { count: number }).count = 3;
  const second = fork(state, first);
  expect(second.map.get('a')).toBe(first.map.get('a'));
  expect(second.map.get('b')).toEqual({ count: 3 });
  expect(first.map.get('b')).toEqual({ count: 2 });
  expect(second.list).toBe(first.list);
  expect(second.rows).toBe(first.rows);
  expect(second.map).not.toBe(first.map);
});

test('keys in another order are not equal: order decides what happens next', () => {
  const first = new Map([
    ['a', 1],
    ['b', 2],
  ]);
  const second = new Map([
    ['b', 2],
    ['a', 1],
  ]);
  expect([...fork(second, first).keys()]).toEqual(['b', 'a']);
});

test('a frozen part is not taken for an equal one that may still change', () => {
  const older = { closed: Object.freeze([1, 2]) as number[] };
  const later = fork({ closed: [1, 2] }, older);
  fork(later).closed.push(3);
  expect(later.closed).not.toBe(older.closed);
});

test('a function is refused', () => {
  expect(() => fork({ later: () => 1 })).toThrow('a function cannot survive');
});
