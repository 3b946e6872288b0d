import { describe, expect, test } from 'vitest';
import type { TraceEvent, TraceEventData } from '../../engine/api/trace-event.ts';
import { ticketWords } from './act-caption.ts';
import { caption, listed, type Names } from './caption.ts';
import { lineAt, narrate } from './narration.ts';

const names: Names = { node: (id) => id.toUpperCase() };
let next = 1;
const at = (seconds: number, data: TraceEventData, node = 'controller'): TraceEvent => ({
  id: next++,
  at: seconds * 1e6,
  node,
  cause: 0,
  data,
});
const elected = (partition: string, from: number, to: number): TraceEventData => ({
  type: 'leader-elected',
  partition,
  from,
  to,
  leaderEpoch: 4,
  unclean: false,
});

describe('a caption', () => {
  test.each<[TraceEventData, string]>([
    [elected('clicks-1', 2, 3), 'clicks-1 moves from B2 to B3, leader epoch 4.'],
    [elected('clicks-1', 2, -1), 'clicks-1 has no leader: nobody in sync is left. Epoch 4.'],
    [
      { type: 'isr-changed', partition: 'clicks-0', before: [1, 2, 3], after: [1, 3] },
      'B2 falls out of sync on clicks-0; in sync: B1 and B3.',
    ],
    [
      { type: 'isr-changed', partition: 'clicks-0', before: [1], after: [1, 2, 3] },
      'B2 and B3 are back in sync on clicks-0; in sync: B1, B2 and B3.',
    ],
    [{ type: 'controller-elected', epoch: 4 }, 'CONTROLLER is the active controller now, epoch 4.'],
    [
      { type: 'log-truncated', partition: 'clicks-0', from: 7, to: 5, committed: false, cut: [] },
      'CONTROLLER cuts its log of clicks-0 back to 5: offsets 5 to 6 are dropped.',
    ],
    [
      {
        type: 'log-cleaned',
        partition: 'clicks-0',
        upTo: 900,
        beganMs: 0,
        bytesBefore: 81_000,
        bytesAfter: 9_500,
      },
      'CONTROLLER cleans its log of clicks-0 up to offset 900: 81,000 bytes become 9,500.',
    ],
    [
      { type: 'window-closed', task: '1_0', start: 1_431_857_100_000, end: 1_431_857_160_000, keys: 1 },
      'The window 10:05 to 10:06 closes in task 1_0 with 1 key.',
    ],
    [
      { type: 'command', act: { type: 'crash', node: 'b2' } },
      'B2 crashes: its memory is lost, its disk is kept.',
    ],
    [
      { type: 'batch-failed', partition: 'clicks-0', count: 1_200, error: 'TIMEOUT', outcome: 'unknown' },
      'CONTROLLER gives up on 1,200 records for clicks-0 (TIMEOUT); whether they were written is unknown.',
    ],
    [
      { type: 'commit-failed', group: 'dashboard', error: 'NETWORK_EXCEPTION' },
      'A commit of CONTROLLER fails: NETWORK_EXCEPTION. Its next one covers the same reads, if it lives so long.',
    ],
    [
      { type: 'commit-failed', group: 'dashboard', error: 'ILLEGAL_GENERATION' },
      'A commit of CONTROLLER is refused: ILLEGAL_GENERATION. What it read since its last one is read again by others.',
    ],
    [
      {
        type: 'member-removed',
        group: 'views',
        member:
          'views-00000002-5e0c-4a3c-9d2f-0b6e3d4c5b6a-StreamThread-1-consumer-b68a4ed8-0b6e-4a3c-9d2f-1f2e3d4c5b6a',
        reason: 'session expired',
      },
      'VIEWS-2 is taken out of group views: no heartbeat arrived within its session.',
    ],
    [
      {
        type: 'command',
        act: {
          type: 'set-config',
          target: { kind: 'topic', topic: 'clicks' },
          key: 'retention.ms',
          value: '1000',
        },
      },
      'retention.ms of clicks is set to 1000.',
    ],
    [
      { type: 'act-refused', why: 'b1 is already down.' },
      'An act of the scenario has no effect. b1 is already down.',
    ],
    [
      { type: 'send-refused', topic: 'clicks', error: 'REQUEST_TIMED_OUT' },
      'CONTROLLER cannot send a record to clicks: REQUEST_TIMED_OUT. It is given up.',
    ],
  ])('of %j', (data, sentence) => {
    expect(caption(at(1, data), names)).toBe(sentence);
  });

  test('says what harm a truncation of committed records is', () => {
    const data = {
      type: 'log-truncated',
      partition: 'c-0',
      from: 6,
      to: 5,
      committed: true,
      cut: [],
    } as const;
    expect(caption(at(1, data), names)).toContain('offset 5 is dropped. They were committed');
  });

  test('joins names as people do', () => {
    expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
      'none',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });

  test('is short on a ticket', () => {
    expect(ticketWords({ type: 'slow-link', a: 'b1', b: 'b2', extraMicros: 400_000 }, names)).toBe(
      'slow B1–B2 +400 ms',
    );
    expect(ticketWords({ type: 'cut-link', a: 'b1', b: 'b2' }, names)).toBe('cut B1–B2');
    expect(ticketWords({ type: 'heal-link', a: 'b1', b: 'b2' }, names)).toBe('heal B1–B2');
  });
});

describe('a story', () => {
  const shrink = (partition: string): TraceEventData => ({
    type: 'isr-changed',
    partition,
    before: [1, 2, 3],
    after: [1, 3],
  });

  test('tells what belongs together once, even when two threads alternate', () => {
    const lines = narrate(
      [
        at(21, shrink('clicks-1')),
        at(21, elected('clicks-1', 2, 3)),
        at(21, shrink('clicks-4')),
        at(21, elected('clicks-4', 2, 1)),
      ],
      names,
    );
    expect(lines.map((line) => line.sentence)).toEqual([
      'B2 falls out of sync on 2 partitions.',
      'Leaders move from B2: clicks-1 to B3 and clicks-4 to B1.',
    ]);
  });

  test('keeps apart what happened at different times', () => {
    const lines = narrate([at(21, elected('clicks-1', 2, 3)), at(23, elected('clicks-4', 2, 1))], names);
    expect(lines).toHaveLength(2);
  });

  test('counts partitions when they are many, and does not name internal ones', () => {
    const many = Array.from({ length: 5 }, (_, i) => at(21, elected(`clicks-${i}`, 2, i < 3 ? 1 : 3)));
    expect(narrate(many, names)[0]?.sentence).toBe(
      '5 partitions of B2 change leaders: B1 leads 3 more and B3 leads 2 more.',
    );
    const some = [at(22, elected('clicks-1', 2, 3)), at(22, elected('__consumer_offsets-7', 2, 3))];
    expect(narrate(some, names)[0]?.sentence).toBe(
      'Leaders move from B2: clicks-1 to B3 and 1 partition of internal topics.',
    );
  });

  test('says for the caption what matters most of a moment, not what came last', () => {
    const fenced = at(21, { type: 'broker-fenced', broker: 2, reason: 'session expired' });
    const events = [fenced, at(21, elected('clicks-1', 2, 3)), at(21, shrink('clicks-1'))];
    expect(lineAt(events, 2, names)?.sentence).toBe(
      'The controller fences B2: no heartbeat arrived within its session. clicks-1 moves from B2 to B3, leader epoch 4.',
    );
  });

  test('ends, for the caption, with the event at the moment', () => {
    const events = [at(1, elected('clicks-1', 2, 3)), at(5, shrink('clicks-1'))];
    expect(lineAt(events, 0, names)?.at).toBe(1e6);
    expect(lineAt(events, -1, names)).toBeNull();
  });
});
