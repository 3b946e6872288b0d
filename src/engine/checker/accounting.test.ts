import { describe, expect, test } from 'vitest';
import { int32ToBytes, int64ToBytes } from '../base/bytes.ts';
import type { ApplicationView } from '../api/views/application.ts';
import { syntheticBatch, SyntheticReplica, SyntheticView } from '../testing/synthetic-view.ts';
import { Checker } from './checker.ts';

const TOPOLOGY: ApplicationView['topology'] = [
  { op: 'stream', id: 'in', topic: 't', key: 'string', value: 'json' },
  { op: 'groupBy', id: 'by-path', of: 'in', keyFn: 'field:path' },
  { op: 'windowedBy', id: 'minutes', of: 'by-path', window: { type: 'tumbling', size: 60_000 } },
  { op: 'count', id: 'counts', of: 'minutes', as: 'counts' },
];

describe('an application that counts:', () => {
  const cell = (path: string): string => path + int64ToBytes(0) + int32ToBytes(0);
  const stored = new Map<string, string>();
  const application: ApplicationView = {
    id: 'views',
    topology: TOPOLOGY,
    exactlyOnce: false,
    instances: ['views-1'],
    tasks: () => [
      {
        node: 'views-1',
        task: '0_0',
        running: true,
        clean: true,
        checkpoint: undefined,
        stores: [
          {
            name: 'counts',
            changelog: 'views-counts-changelog-0',
            visit: (visit) => stored.forEach((value, key) => visit(key, value)),
          },
        ],
      },
    ],
  };

  /** The twenty rows are ten of each path; the application says so, or something else. */
  function counted(first: number, second: number, late = 0): { view: SyntheticView; checker: Checker } {
    const view = new SyntheticView();
    view.applications = [application];
    const checker = new Checker(view);
    view.append(view.rows(0, 20, { at: 0 }));
    view.expose(20);
    view.answer(0, 20, 0);
    const changelog = new SyntheticReplica('views-counts-changelog');
    changelog.role = 'leader';
    const counts = [first - 1, second, first].map(int64ToBytes);
    const keys = ['/0', '/1', '/0'].map(cell);
    changelog.records.batches = [syntheticBatch(counts, { at: 0, keys, producerId: -1 })];
    changelog.highWatermark = 3;
    view.broker(1).replicas = [view.replica(1), changelog];
    if (late > 0)
      view.tell('views-1', {
        type: 'late-record-dropped',
        task: '0_0',
        partition: 'clicks-0',
        offsets: Array.from({ length: late }, (_, i) => i),
        timestamp: 0,
        streamTime: 1,
        records: late,
        dropped: late,
      });
    stored.clear();
    stored.set(cell('/0'), int64ToBytes(first)).set(cell('/1'), int64ToBytes(second));
    checker.afterEvent();
    return { view, checker };
  }

  const brokenBy = ({ checker }: { checker: Checker }): number[] => {
    checker.atQuiescence();
    return checker.violations.map(({ invariant }) => invariant);
  };

  test('nothing is broken when it counts right, or says what came too late', () => {
    expect(brokenBy(counted(10, 10))).toEqual([]);
    expect(brokenBy(counted(10, 7, 3))).toEqual([]);
  });

  test('47, a record is counted twice', () => expect(brokenBy(counted(11, 10))).toEqual([47]));

  test('40 and 47, a record is not counted', () => expect(brokenBy(counted(10, 9))).toEqual([40, 47]));

  test('43, the store says something else than its changelog', () => {
    const run = counted(10, 10);
    stored.set(cell('/1'), int64ToBytes(9));
    expect(brokenBy(run)).toEqual([43]);
  });

  test('the ledger has the sum of the newest counts and of late records', () => {
    expect(counted(10, 7, 3).checker.ledger()).toMatchObject({ asked: 20, counted: 20, droppedLate: 3 });
  });

  test('a record without a key to be counted by is dropped, not waited for', () => {
    const byKey = TOPOLOGY.map((node) =>
      node.op === 'groupBy' ? { op: 'groupByKey', id: 'by-path', of: 'in' } : node,
    );
    const view = new SyntheticView();
    view.applications = [{ ...application, topology: byKey }];
    const checker = new Checker(view);
    const keys = (from: number, to: number) => ({ keys: Array.from({ length: to - from }, () => null) });
    view.append(view.rows(0, 20, { at: 0, ...keys(0, 20) }));
    view.expose(15);
    view.answer(0, 20, 0);
    checker.afterEvent();
    expect(checker.ledger()).toMatchObject({ counted: 0, droppedUnkeyed: 0 });
    view.expose(20);
    checker.afterEvent();
    expect(checker.ledger()).toMatchObject({ asked: 20, counted: 20, droppedUnkeyed: 20, droppedLate: 0 });
  });
});
