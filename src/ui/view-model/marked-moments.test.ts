import { expect, test } from 'vitest';
import type { TraceEvent, TraceEventData } from '../../engine/api/trace-event.ts';
import { markedMoments } from './marked-moments.ts';

const event = (ms: number, node: string, data: TraceEventData): TraceEvent => ({
  id: ms,
  at: ms * 1_000,
  node,
  cause: 0,
  data,
});

test('marks a client’s failed commits once for each series, and everything else that is notable', () => {
  const failed = { type: 'commit-failed', group: 'g', error: 'NETWORK_EXCEPTION' } as const;
  const events = [
    event(1, 'b1', { type: 'broker-registered', broker: 1, brokerEpoch: 1 }),
    ...[1_000, 1_500, 2_000, 2_500].map((ms) => event(ms, 'c1', failed)),
    event(2_600, 'c2', failed),
    event(2_700, 'b1', { type: 'broker-unfenced', broker: 1 }),
    event(9_000, 'c1', failed),
  ];
  expect(markedMoments(events).map(({ id }) => id)).toEqual([1_000, 2_600, 2_700, 9_000]);
});
