import { describe, expect, it } from 'vitest';
import type { RecordCell, RecordsDetail } from '../../engine/api/detail.ts';
import type { Entity } from '../../engine/api/frame.ts';
import type { PartitionEntity } from '../../engine/api/entities/partition.ts';
import { lesson } from './lesson.fixture.ts';
import { LanesPainter } from './lanes/lanes.ts';
import { spansOf, transactionLines } from './transaction-table.ts';

type Fate = 'open' | 'committed' | 'aborted';

const cell = (offset: number, producerId: number, fate: Fate, marker?: 'COMMIT' | 'ABORT'): RecordCell => ({
  offset,
  key: marker === undefined ? 'A' : null,
  value: '',
  timestamp: 0,
  leaderEpoch: 3,
  transaction: { producerId, producerEpoch: 0, fate },
  ...(marker === undefined ? {} : { marker }),
});

/** Two producers by turns: 7 aborts and goes on, 9 commits what it began before the first cell. */
const CELLS: readonly RecordCell[] = [
  cell(4, 9, 'committed'),
  cell(5, 7, 'aborted'),
  cell(6, 9, 'committed', 'COMMIT'),
  cell(7, 7, 'aborted', 'ABORT'),
  cell(8, 7, 'open'),
];

const RECORDS: RecordsDetail = {
  what: 'records',
  id: 'partition:clicks-0',
  replicas: [1, 2, 3].map((broker) => ({ broker, cells: CELLS, cut: [] })),
};

function scene(): { entities: Map<string, Entity>; partition: PartitionEntity } {
  const { entities } = lesson('calm');
  const before = entities.get('partition:clicks-0');
  if (before?.kind !== 'partition') throw new Error('no partition');
  const states = before.states.map((s) => ({
    ...s,
    logStart: 0,
    logEnd: 9,
    highWatermark: 9,
    lastStable: 8,
  }));
  const openTransactions = [
    { producerId: 3, producerEpoch: 0, firstOffset: 1 },
    { producerId: 7, producerEpoch: 1, firstOffset: 8 },
  ];
  const partition = { ...before, states, openTransactions };
  const transaction: Entity = {
    kind: 'transaction',
    id: 'transaction:pay',
    name: 'pay',
    coordinator: 1,
    state: 'PrepareCommit',
    producerId: 7,
    producerEpoch: 1,
    timeoutMs: 60_000,
    startedAt: 0,
    partitions: ['clicks-0'],
  };
  return {
    partition,
    entities: new Map([...entities, [partition.id, partition], [transaction.id, transaction]]),
  };
}

describe('the transactions of a log', () => {
  it('are told apart by producer and marker, also where the beginning is not shown', () => {
    expect(
      spansOf(CELLS).map(({ producerId, first, last, marker, torn }) => [
        producerId,
        first,
        last,
        marker,
        torn,
      ]),
    ).toEqual([
      [9, 4, 4, 6, true],
      [7, 5, 5, 7, true],
      [7, 8, 8, -1, false],
    ]);
  });

  it('say what is decided and not yet known here, and what is open since before the first cell', () => {
    const { partition, entities } = scene();
    const lines = transactionLines(partition, RECORDS, entities);
    expect(lines.map(({ name, state, offsets, marker }) => [name, state, offsets, marker])).toEqual([
      ['pay', 'prepared to commit', 'from 8', 'none yet'],
      ['pay', 'aborted', '… to 5', '7'],
      ['producer id 9', 'committed', '… to 4', '6'],
      ['producer id 3', 'open', 'from 1', 'none yet'],
    ]);
  });
});

describe('the lanes of a log with transactions', () => {
  const { entities } = scene();
  const picture = new LanesPainter().paint({
    entities,
    records: RECORDS,
    focusPartition: 'partition:clicks-0',
    at: 1,
    packets: [],
    width: 800,
    height: 560,
    phone: false,
  });
  const classes = (key: string): string[] =>
    picture.figures.find((f) => f.key === key)?.marks.map((m) => m.classes.split(' ').at(-1) ?? '') ?? [];

  it('tell open, aborted, committed and markers apart by shape', () => {
    expect(classes('cell:2:8')).toContain('open');
    expect(classes('cell:2:5')).toContain('halo');
    expect(classes('cell:2:4')).not.toContain('halo');
    expect(picture.figures.find((f) => f.key === 'cell:2:6')?.label).toBe(
      'clicks-0 offset 6, COMMIT marker of producer id 9',
    );
    expect(picture.figures.find((f) => f.key === 'cell:2:6')?.marks.some((m) => m.tag === 'text')).toBe(
      false,
    );
  });

  it('have the last stable offset as a rule of its own, and cross out what is withheld', () => {
    const words = picture.figures.flatMap((f) => f.marks.flatMap((m) => (m.tag === 'text' ? [m.text] : [])));
    expect(words).toEqual(expect.arrayContaining(['LSO 8', 'HW 9']));
    expect(classes('lane:2')).toContain('crossed');
    expect(picture.title).toContain('last stable offset 8');
  });
});
