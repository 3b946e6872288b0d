import { expect, test } from 'vitest';
import { nextBrokerState, type BrokerControlState, type HeartbeatSituation } from './broker-control-state.ts';

const SITUATION: HeartbeatSituation = {
  current: 'UNFENCED',
  wantFence: false,
  wantShutDown: false,
  caughtUp: true,
  leads: true,
  shutdownSeen: true,
};

type Row = readonly [about: string, given: Partial<HeartbeatSituation>, next: BrokerControlState];

const ROWS: readonly Row[] = [
  [
    'a fenced broker that has not seen its registration waits',
    { current: 'FENCED', caughtUp: false },
    'FENCED',
  ],
  ['a fenced broker that has caught up may serve', { current: 'FENCED' }, 'UNFENCED'],
  ['a broker still recovering its logs stays fenced', { current: 'FENCED', wantFence: true }, 'FENCED'],
  ['a fenced broker may stop at once', { current: 'FENCED', wantShutDown: true }, 'SHUTDOWN_NOW'],
  ['a serving broker goes on, caught up or not', { caughtUp: false }, 'UNFENCED'],
  ['a serving broker may ask to be fenced', { wantFence: true }, 'FENCED'],
  ['fence and stop together mean stop', { wantFence: true, wantShutDown: true }, 'SHUTDOWN_NOW'],
  ['a leader that wants to stop waits for others to lead', { wantShutDown: true }, 'CONTROLLED_SHUTDOWN'],
  ['who leads nothing stops at once', { wantShutDown: true, leads: false }, 'SHUTDOWN_NOW'],
  [
    'a broker that is stopping waits while it leads',
    { current: 'CONTROLLED_SHUTDOWN', wantShutDown: true },
    'CONTROLLED_SHUTDOWN',
  ],
  [
    'a broker that is stopping waits until all know the new leaders',
    { current: 'CONTROLLED_SHUTDOWN', wantShutDown: true, leads: false, shutdownSeen: false },
    'CONTROLLED_SHUTDOWN',
  ],
  [
    'a broker that is stopping and is needed no more stops',
    { current: 'CONTROLLED_SHUTDOWN', wantShutDown: true, leads: false },
    'SHUTDOWN_NOW',
  ],
];

test.each(ROWS)('%s', (_about, given, next) => {
  expect(nextBrokerState({ ...SITUATION, ...given })).toBe(next);
});
