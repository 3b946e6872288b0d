import { describe, expect, test } from 'vitest';
import type { ConfigRow } from '../../engine/api/detail.ts';
import type { ApplicationEntity } from '../../engine/api/entities/application.ts';
import type { GroupEntity } from '../../engine/api/entities/group.ts';
import type { PartitionEntity } from '../../engine/api/entities/partition.ts';
import { configLines } from './config-table.ts';
import { lagTable } from './lag-table.ts';
import { partitionLine } from './replica-table.ts';
import { windowTable } from './window-table.ts';

const row = (key: string, over: Partial<ConfigRow> = {}): ConfigRow => ({
  key,
  value: '30000',
  pending: null,
  default: '30000',
  unit: 'ms',
  changed: false,
  update: 'restart',
  effect: 'Does something.',
  allowed: [],
  min: 0,
  max: null,
  target: { kind: 'brokers' },
  ...over,
});

describe('configuration', () => {
  const rows = [
    row('b.key'),
    row('a.key'),
    row('z.key', { changed: true, value: '5' }),
    row('y.key', { pending: '7' }),
  ];

  test('lists what differs from its default first, then by name', () => {
    expect(configLines(rows, '', false).map((line) => line.key)).toEqual([
      'y.key',
      'z.key',
      'a.key',
      'b.key',
    ]);
  });

  test('says value, default, unit and what waits for a restart', () => {
    const [pending, changed, same] = configLines(rows, '', false);
    expect([pending?.value, pending?.pending, pending?.byDefault]).toEqual([
      '30,000 ms',
      '7 ms',
      'default 30,000 ms',
    ]);
    expect([changed?.value, changed?.byDefault]).toEqual(['5 ms', 'default 30,000 ms']);
    expect([same?.byDefault, same?.range, same?.when]).toEqual([
      'default',
      '0 ms or more',
      'at the next start',
    ]);
  });

  test('is searched by key and by effect, and can be cut to what changed', () => {
    expect(configLines(rows, 'Z.', false).map((line) => line.key)).toEqual(['z.key']);
    expect(configLines(rows, 'something', true)).toHaveLength(2);
  });
});

test('a lag table sums its rows and shows unknown offsets as a dash', () => {
  const group = {
    kind: 'group',
    id: 'group:g',
    name: 'g',
    state: 'Stable',
    generation: 2,
    members: [],
    recordsPerSecond: 12,
    partitions: [
      {
        name: 't-0',
        owner: 'c1',
        position: 5,
        committed: -1,
        end: 1_205,
        lag: 1_200,
        lagMs: 5_600,
        recordsPerSecond: 9,
      },
      { name: 't-1', owner: '', position: -1, committed: 3, end: 3, lag: 0, lagMs: 0, recordsPerSecond: 3 },
    ],
  } as unknown as GroupEntity;
  const table = lagTable(group, { node: (id) => id.toUpperCase() });
  expect([table.total, table.oldest]).toEqual(['1,200', '5.6 s']);
  expect(
    table.rows.map(({ owner, position, committed, lag, age }) => [owner, position, committed, lag, age]),
  ).toEqual([
    ['C1', '5', '–', '1,200', '5.6 s'],
    ['nobody', '–', '3', '0', '0 s'],
  ]);
});

test('a replica says how far it is behind its leader, a leader does not', () => {
  const state = (broker: number, logEnd: number, online = true) => ({
    broker,
    online,
    role: broker === 2 ? 'leader' : 'follower',
    logStart: 0,
    highWatermark: 7,
    logEnd,
    leaderEpoch: 3,
  });
  const line = partitionLine({
    id: 'partition:t-0',
    name: 't-0',
    leader: 2,
    leaderEpoch: 3,
    replicas: [1, 2, 3],
    isr: [2, 1],
    states: [state(1, 8), state(2, 10), state(3, 4, false)],
  } as unknown as PartitionEntity);
  expect(line.isr).toBe('B1 B2');
  expect(line.replicas.map(({ role, behind, inSync }) => [role, behind, inSync])).toEqual([
    ['follower', '2', true],
    ['leader', '', true],
    ['DOWN', '6', false],
  ]);
});

test('a window table says of each window when it closes', () => {
  const start = Date.UTC(2015, 4, 17, 10, 5);
  const table = windowTable({
    name: 'views',
    droppedLate: 2,
    windows: {
      sizeMs: 60_000,
      advanceMs: 60_000,
      graceMs: 30_000,
      streamTime: start + 61_000,
      rows: [
        { start: start + 60_000, end: start + 120_000, state: 'open', keys: 1, count: 2 },
        { start, end: start + 60_000, state: 'grace', keys: 9, count: 1_080 },
      ],
      closed: 4,
      rowsHidden: 0,
    },
  } as unknown as ApplicationEntity);
  expect(table?.rule).toBe('windows of 1 minute, grace 30 s');
  expect([table?.open, table?.inGrace, table?.closed]).toEqual([1, 1, 4]);
  expect(table?.rows[1]).toMatchObject({
    span: '17 May, 10:05 to 10:06',
    count: '1,080',
    until: 'when stream time reaches 10:06:30',
  });
});
