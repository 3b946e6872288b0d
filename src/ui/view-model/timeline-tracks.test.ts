import { describe, expect, test } from 'vitest';
import type { Command, CommandAct } from '../../engine/api/command.ts';
import type { TraceEvent, TraceEventData } from '../../engine/api/trace-event.ts';
import { faultSpans, leaderSpans, spanRows, thin, trackedPartitions } from './timeline-tracks.ts';

const names = { node: (id: string) => id.toUpperCase() };
const command = (id: number, at: number, act: CommandAct, disabled = false): Command => ({
  id,
  at,
  act,
  disabled,
});
const event = (at: number, data: TraceEventData): TraceEvent => ({
  id: at,
  at,
  node: 'controller',
  cause: 0,
  data,
});
const moved = (at: number): TraceEvent =>
  event(at, {
    type: 'leader-elected',
    partition: 'clicks-1',
    from: 2,
    to: 3,
    leaderEpoch: 4,
    unclean: false,
  });

describe('fault spans', () => {
  test('show a broker that ended by itself as down, and not as fenced, until it starts and stays', () => {
    const halted = (at: number): TraceEvent => ({
      ...event(at, { type: 'log-dir-failed', directory: '/d', replicas: 0, halts: true }),
      node: 'b2',
    });
    const spans = faultSpans(
      [command(1, 100, { type: 'start', node: 'b2' }), command(2, 500, { type: 'start', node: 'b2' })],
      [halted(50), halted(101), event(600, { type: 'broker-unfenced', broker: 2 })],
      1_000,
      names,
    );
    expect(spans.map(({ from, to, words }) => [from, to, words])).toEqual([
      [50, 100, 'B2 DOWN'],
      [100, 101, 'fenced'],
      [101, 500, 'B2 DOWN'],
      [500, 600, 'fenced'],
    ]);
  });

  test('last from the act to the act that ends it, or to the end of the run', () => {
    const spans = faultSpans(
      [
        command(1, 100, { type: 'crash', node: 'b2' }),
        command(2, 300, { type: 'start', node: 'b2' }),
        command(3, 200, { type: 'cut-link', a: 'b3', b: 'b1' }),
      ],
      [event(350, { type: 'broker-unfenced', broker: 2 })],
      1_000,
      names,
    );
    expect(spans.map(({ from, to, words }) => [from, to, words])).toEqual([
      [100, 300, 'B2 DOWN'],
      [200, 1_000, 'B3–B1 CUT'],
      [300, 350, 'fenced'],
    ]);
  });

  test('know the same link by either end', () => {
    const spans = faultSpans(
      [
        command(1, 100, { type: 'cut-link', a: 'b1', b: 'b3' }),
        command(2, 300, { type: 'heal-link', a: 'b3', b: 'b1' }),
      ],
      [],
      1_000,
      names,
    );
    expect(spans).toHaveLength(1);
    expect(spans[0]?.to).toBe(300);
  });

  test('leave out what is switched off or has not happened yet', () => {
    const commands = [
      command(1, 100, { type: 'crash', node: 'b2' }, true),
      command(2, 2_000, { type: 'crash', node: 'b1' }),
    ];
    expect(faultSpans(commands, [], 1_000, names)).toEqual([]);
  });
});

test('faults at the same time stand in rows, so that each is seen to its end', () => {
  const slow = (id: number, at: number, b: string, extraMicros: number) =>
    command(id, at, { type: 'slow-link', a: 'b2', b, extraMicros });
  const spans = faultSpans(
    [
      slow(1, 8, 'b1', 400_000),
      slow(2, 8, 'b3', 400_000),
      command(3, 12, { type: 'crash', node: 'b2' }),
      slow(4, 27, 'b1', 0),
      slow(5, 27, 'b3', 0),
      command(6, 28, { type: 'start', node: 'b2' }),
      slow(7, 30, 'b1', 100_000),
    ],
    [],
    40,
    names,
  );
  const rows = (most: number) =>
    spanRows(spans, most).map((row) => row.map(({ from, to, words }) => `${from}–${to} ${words}`));
  expect(rows(3)).toEqual([
    ['8–27 B2–B1 +400 ms', '28–40 fenced'],
    ['8–27 B2–B3 +400 ms', '30–40 B2–B1 +100 ms'],
    ['12–28 B2 DOWN'],
  ]);
  expect(rows(2).flat()).toHaveLength(5);
});

describe('leader spans', () => {
  test('show who led, and when nobody answered', () => {
    const faults = faultSpans([command(1, 100, { type: 'crash', node: 'b2' })], [], 500, names);
    const spans = leaderSpans('clicks-1', [moved(300)], { leader: 3, leaderEpoch: 4, end: 500 }, faults);
    expect(spans.map(({ from, to, words, look }) => [from, to, words, look])).toEqual([
      [0, 100, 'B2  epoch 3', 'plain'],
      [100, 300, 'nobody answers', 'hatch'],
      [300, 500, 'B3  epoch 4', 'bold'],
    ]);
  });

  test('have one reign when nothing was elected', () => {
    const spans = leaderSpans('clicks-0', [moved(300)], { leader: 1, leaderEpoch: 0, end: 500 }, []);
    expect(spans).toEqual([{ from: 0, to: 500, words: 'B1  epoch 0', look: 'plain' }]);
  });
});

test('the tracked partition is the picked one, then the one of that topic that moved, then the first', () => {
  expect(trackedPartitions('out-2', [moved(1)], 'clicks-0')).toBe('out-2');
  expect(trackedPartitions(null, [moved(1)], 'clicks-0')).toBe('clicks-1');
  expect(trackedPartitions(null, [moved(1)], 'other-0')).toBe('other-0');
});

test('a thinned curve keeps the highest value of each pixel', () => {
  const points = Array.from({ length: 1_000 }, (_, i) => ({ at: i * 1_000, value: i === 777 ? 99 : 1 }));
  const kept = thin({ name: '', points, max: 99, internal: false }, 0, 1_000_000, 50);
  expect(kept.length).toBeLessThanOrEqual(52);
  expect(Math.max(...kept.map((point) => point.value))).toBe(99);
});
