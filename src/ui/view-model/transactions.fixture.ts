import type { RecordCell } from '../../engine/api/detail.ts';
import type { Entity } from '../../engine/api/frame.ts';
import { lesson, type Lesson } from './lesson.fixture.ts';

type Fate = 'open' | 'committed' | 'aborted';

const END = 138;
const PRODUCERS = [1_000, 1_001] as const;

/** The two write by turns; each fourth transaction of the first was aborted, and its last hangs at `hanging`. */
function cellsUpTo(end: number, hanging: number): RecordCell[] {
  const cells: RecordCell[] = [];
  for (let offset = end - 40; offset < end; offset++) {
    const turn = Math.floor(offset / 6);
    const isFirst = offset < hanging && turn % 2 === 0;
    const producerId = offset === hanging || isFirst ? PRODUCERS[0] : PRODUCERS[1];
    const fate: Fate =
      offset === hanging || offset > end - 3 ? 'open' : isFirst && turn % 8 === 0 ? 'aborted' : 'committed';
    const ends = offset % 6 === 5 && fate !== 'open';
    cells.push({
      offset,
      key: ends ? null : `user-${offset % 9}`,
      value: '',
      timestamp: 0,
      leaderEpoch: 3,
      transaction: { producerId, producerEpoch: 1, fate },
      ...(ends ? { marker: fate === 'aborted' ? ('ABORT' as const) : ('COMMIT' as const) } : {}),
    });
  }
  return cells;
}

const coordinated = (name: string, producerId: number): Entity => ({
  kind: 'transaction',
  id: `transaction:${name}`,
  name,
  coordinator: 1,
  state: 'Ongoing',
  producerId,
  producerEpoch: 1,
  timeoutMs: 60_000,
  startedAt: 0,
  partitions: ['clicks-0'],
});

/** A log with transactions of two producers, of which one hangs so many records before the end. */
export function hangingTransaction(before: number): Lesson {
  const { entities, ...rest } = lesson('calm');
  const hanging = END - before;
  const partition = entities.get('partition:clicks-0');
  if (partition?.kind !== 'partition') throw new Error('the lesson has no partition');
  const states = partition.states.map((state) => ({
    ...state,
    logStart: 0,
    logEnd: END,
    highWatermark: END,
    lastStable: hanging,
  }));
  const openTransactions = [{ producerId: PRODUCERS[0], producerEpoch: 1, firstOffset: hanging }];
  const cells = cellsUpTo(END, hanging);
  return {
    ...rest,
    entities: new Map([
      ...entities,
      [partition.id, { ...partition, states, openTransactions }],
      ['transaction:requests', coordinated('requests', PRODUCERS[0])],
      ['transaction:the-nightly-reconciliation', coordinated('the-nightly-reconciliation', PRODUCERS[1])],
    ]),
    records: {
      what: 'records',
      id: partition.id,
      replicas: [1, 2, 3].map((broker) => ({ broker, cells, cut: [] })),
    },
  };
}
