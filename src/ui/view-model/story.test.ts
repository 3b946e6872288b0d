import { describe, expect, test } from 'vitest';
import { isRare, type TraceEvent, type TraceEventData } from '../../engine/api/trace-event.ts';
import type { Names } from './caption.ts';
import { lastBefore } from './last-before.ts';
import { captionLine, storyLines } from './story.ts';

const names: Names = { node: (id) => id.toUpperCase() };
const HOUR = 3_600_000;
const NINE = Date.UTC(2015, 4, 20, 9);

const at = (seconds: number, data: TraceEventData): TraceEvent => ({
  id: Math.round(seconds * 1_000),
  at: seconds * 1e6,
  node: 'views-1',
  cause: 0,
  data,
});
const closed = (seconds: number, task: string, hour = 0): TraceEvent =>
  at(seconds, {
    type: 'window-closed',
    task,
    start: NINE + hour * HOUR,
    end: NINE + hour * HOUR + 60_000,
    keys: 3,
  });
const late = (seconds: number, records: number): TraceEvent =>
  at(seconds, {
    type: 'late-record-dropped',
    task: '1_0',
    partition: 'clicks-0',
    offsets: Array.from({ length: records }, (_, i) => i),
    timestamp: NINE,
    streamTime: NINE + 2 * HOUR,
    records,
    dropped: 900,
  });
const crash = (seconds: number): TraceEvent =>
  at(seconds, { type: 'command', act: { type: 'crash', node: 'b2' } });

describe('a story with the rhythm of event time', () => {
  const rhythm = [closed(11, '1_0'), closed(12, '1_1'), closed(12.5, '1_0', 1), late(13, 140), late(13.1, 2)];

  test('sums what happens by the dozen, and sets it among what is rare in order of time', () => {
    const lines = storyLines(
      { notable: [crash(12.9)], rhythm: [closed(4, '1_0'), ...rhythm], transactions: [] },
      names,
    );
    expect(lines.map((line) => [line.at / 1e6, line.sentence])).toEqual([
      [4, 'The window 09:00 to 09:01 closes in task 1_0 with 3 keys.'],
      [12.9, 'B2 crashes: its memory is lost, its disk is kept.'],
      [
        13.1,
        '142 records come too late for their windows and are dropped: stream time is 11:00:00. ' +
          '2 windows close in 2 tasks, the newest 10:00 to 10:01.',
      ],
    ]);
  });

  const says = (
    notable: readonly TraceEvent[],
    seconds: number,
    pace: number | null,
    longest = 150,
  ): string | undefined =>
    captionLine({ notable, rhythm, transactions: [] }, seconds * 1e6, names, { pace, longest })?.sentence;

  test('the caption of a run that goes on says the sum of the last whole span, and stands still within one', () => {
    const during = [12.1, 13, 14.9].map((seconds) => says([], seconds, 1));
    expect(new Set(during)).toEqual(new Set(['The window 09:00 to 09:01 closes in 2 tasks.']));
    expect(says([], 15.1, 1)).toContain('142 records come too late for their windows');
    expect(says([], 2, 1)).toBeUndefined();
  });

  test('a caption without much room says what is harm and leaves out the rest', () => {
    expect(says([], 15.1, 1)).toContain('The window 10:00 to 10:01 closes');
    expect(says([], 15.1, 1, 100)).toBe(
      '142 records come too late for their windows and are dropped: stream time is 11:00:00.',
    );
  });

  test('what is rare stands in the caption for its reader, at any speed, and then gives way', () => {
    expect(says([crash(12.9)], 15.8, 1)).toContain('B2 crashes');
    expect(says([crash(12.9)], 16, 1)).toContain('142 records');
    expect(says([crash(12.9)], 55, 16)).toContain('B2 crashes');
  });

  test('while the run stands, the event of this very moment is told, else what happened of late', () => {
    expect(says([crash(10.9)], 12.5, null)).toBe('The window 10:00 to 10:01 closes in task 1_0 with 3 keys.');
    expect(says([crash(10.9)], 12.6, null)).toContain('B2 crashes');
    expect(says([crash(10.9)], 14, null)).toContain('142 records');
    expect(says([crash(10.9)], 60, null)).toContain('B2 crashes');
  });
});

const step = (seconds: number, state: string, change: { reason?: 'asked' | 'timed out' } = {}): TraceEvent =>
  at(seconds, {
    type: 'transaction-changed',
    transactionalId: 'requests',
    state,
    producerId: 1_000,
    producerEpoch: 3,
    partitions: 1,
    ...change,
  });

describe('a story with transactions', () => {
  const transactions = [
    ...[1, 2, 3].flatMap((n) => [
      step(n, 'Ongoing'),
      step(n + 0.01, 'PrepareCommit'),
      step(n + 0.02, 'CompleteCommit'),
    ]),
    step(3.5, 'PrepareAbort', { reason: 'asked' }),
    step(14, 'PrepareAbort', { reason: 'timed out' }),
  ];

  test('sums commits and what producers took back, and tells by itself what a coordinator had to abort', () => {
    const notable = transactions.filter(({ data }) => isRare(data));
    const lines = storyLines({ notable, rhythm: [], transactions }, names);
    expect(lines.map((line) => [line.at / 1e6, line.events, line.sentence])).toEqual([
      [3.5, 4, 'Of 4 transactions of requests 3 commit and 1 is aborted, as asked.'],
      [
        14,
        1,
        'The transaction of requests was open for longer than transaction.timeout.ms: its coordinator aborts it and fences the producer off.',
      ],
    ]);
    const story = { notable, rhythm: [], transactions };
    const says = (seconds: number, pace: number | null) =>
      captionLine(story, seconds * 1e6, names, { pace, longest: 150 })?.sentence;
    expect(says(3.2, 1)).toBe('2 transactions of requests commit.');
    expect(says(15, 1)).toContain('fences the producer off');
    const known: Names = { ...names, transaction: (id) => (id === 'requests' ? 'V1' : id) };
    expect(captionLine(story, 3.2 * 1e6, known, { pace: 1, longest: 150 })?.sentence).toBe(
      '2 transactions of V1 commit.',
    );
    expect(storyLines(story, known).at(-1)?.sentence).toMatch(/^The transaction of V1 was open /);
  });
});

test('finds the last item before a moment', () => {
  const items = [{ at: 1 }, { at: 3 }, { at: 3 }, { at: 9 }];
  expect([0, 1, 3, 8, 99].map((moment) => lastBefore(items, moment))).toEqual([-1, 0, 2, 2, 3]);
});
