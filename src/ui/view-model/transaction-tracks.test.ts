import { expect, it } from 'vitest';
import type { TraceEvent } from '../../engine/api/trace-event.ts';
import { chosenTracks, partsInView, partWords, transactionTracks } from './transaction-tracks.ts';

const SECOND = 1e6;
type Reason = 'asked' | 'timed out';

const step = (id: string, at: number, state: string, reason?: Reason): TraceEvent => ({
  id: at * 1_000,
  at: at * SECOND,
  node: 'b1',
  cause: 0,
  data: {
    type: 'transaction-changed',
    transactionalId: id,
    state,
    producerId: 1,
    producerEpoch: 1,
    partitions: 1,
    ...(reason !== undefined && { reason }),
  },
});

const inEpoch =
  (producerEpoch: number) =>
  (event: TraceEvent): TraceEvent =>
    event.data.type === 'transaction-changed' ? { ...event, data: { ...event.data, producerEpoch } } : event;

const commits = (id: string, ...starts: readonly number[]): TraceEvent[] =>
  starts.flatMap((at) => [
    step(id, at, 'Ongoing'),
    step(id, at + 0.02, 'Ongoing'),
    step(id, at + 0.03, 'PrepareCommit'),
    step(id, at + 0.05, 'CompleteCommit'),
  ]);

const steps = [
  step('a', 0, 'Empty'),
  ...commits('a', 1, 1.1, 1.2),
  step('a', 1.3, 'Ongoing'),
  step('a', 1.34, 'PrepareAbort', 'asked'),
  step('a', 1.36, 'CompleteAbort'),
  ...commits('a', 1.4, 5),
  step('b', 2, 'Ongoing'),
  step('b', 12, 'PrepareAbort', 'timed out'),
  step('b', 13, 'CompleteAbort'),
  step('c', 14, 'Ongoing'),
  step('d', 14, 'Ongoing'),
  step('d', 15, 'PrepareCommit'),
  step('e', 0, 'Empty'),
];

const view = { from: 0, to: 20 * SECOND, end: 16 * SECOND, apart: 0.1 * SECOND };
const told = (name: string, apart: number) => {
  const track = transactionTracks(steps).find((one) => one.name === name);
  if (track === undefined) throw new Error(name);
  return partsInView(track, { ...view, apart: apart * SECOND }).map((part) => [
    part.from / SECOND,
    part.to / SECOND,
    partWords(part),
  ]);
};

it('a transaction lasts from its first step to its last marker, and commits too close to be told apart are one', () => {
  expect(told('a', 0.1)).toEqual([
    [1, 1.25, '3 commits'],
    [1.3, 1.36, 'aborted'],
    [1.4, 1.45, 'committed'],
    [5, 5.05, 'committed'],
  ]);
  expect(told('a', 0.01)).toHaveLength(6);
  expect(told('b', 0.1)).toEqual([[2, 13, 'aborted by its coordinator']]);
  expect(told('c', 0.1)).toEqual([[14, 16, 'open 2.0 s']]);
  expect(told('d', 0.1)).toEqual([[14, 16, 'decided, markers on their way']]);
});

it('of many ids those have a track that are picked, in trouble or open', () => {
  const chosen = (picked: string | null, most: number) =>
    chosenTracks(transactionTracks(steps), picked, most).map(({ name }) => name);
  expect(chosen(null, 2)).toEqual(['b', 'c']);
  expect(chosen('e', 2)).toEqual(['b', 'e']);
  expect(chosen(null, 9)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

it('a jump over steps that nobody kept joins no two transactions', () => {
  const late = [step('a', 9, 'PrepareCommit'), step('a', 9.1, 'CompleteCommit')];
  const known = [step('a', 1, 'Ongoing'), ...late.map(inEpoch(40))];
  const [track] = transactionTracks(known);
  expect(track?.parts.map(({ from, to }) => [from / SECOND, to / SECOND])).toEqual([[9, 9.1]]);
});
