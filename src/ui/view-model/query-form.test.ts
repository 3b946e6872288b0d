import { expect, test } from 'vitest';
import type { TraceEvent } from '../../engine/api/trace-event.ts';
import { answerLines } from './query-answers.ts';
import { EMPTY_QUERY, readQuery, type QueryValues } from './query-form.ts';

const APPLICATIONS = [
  {
    name: 'views',
    instances: ['views-1', 'views-2'],
    stores: [
      { name: 'totals', kinds: ['key', 'range'], key: 'string' },
      { name: 'counts', kinds: ['window'], key: 'string' },
    ],
  },
] as const;

const read = (values: Partial<QueryValues>) => readQuery({ ...EMPTY_QUERY, ...values }, APPLICATIONS);

test('the form makes the act, and says what is wrong', () => {
  expect(read({ key: '/blog', stale: true, instance: 'views-2', from: 'left over' })).toEqual({
    ok: true,
    value: {
      type: 'query',
      application: 'views',
      store: 'totals',
      kind: 'key',
      key: '/blog',
      stale: true,
      instance: 'views-2',
    },
  });
  expect(read({})).toEqual({ ok: false, error: 'The query needs a key.' });
  expect(read({ kind: 'range', key: 'left over', from: '/a' })).toMatchObject({
    value: { kind: 'range', fromKey: '/a' },
  });
  // A kind that the store does not know gives way to one that it does.
  const times = { store: 'counts', kind: 'key', from: '2015-05-20 21:05', to: '1432155960000' };
  expect(read(times)).toMatchObject({
    value: { kind: 'window', fromMs: 1432155900000, toMs: 1432155960000 },
  });
  expect(read({ ...times, to: 'noon' })).toMatchObject({
    ok: false,
    error: expect.stringContaining('“noon” is no time') as string,
  });
  expect(read({ ...times, to: '1' })).toEqual({
    ok: false,
    error: 'The query must not end before it begins.',
  });
});

test('an answer is told with who was asked and what was read', () => {
  const event: TraceEvent = {
    id: 7,
    at: 9_000_000,
    node: 'operator',
    cause: 0,
    data: {
      type: 'query-answered',
      act: { type: 'query', application: 'views', store: 'totals', kind: 'key', key: '/blog', stale: true },
      status: 200,
      message: 'OK',
      hops: [
        { host: 'views-1', status: 0, what: 'The connection was refused or broken off.' },
        { host: 'views-2', status: 200, what: 'OK' },
      ],
      copies: [{ partition: 3, host: 'views-2', copy: 'standby', lag: 12 }],
      rows: [{ partition: 3, key: '/blog', start: -1, end: -1, value: '41', timestamp: 5 }],
      more: 0,
    },
  };
  const names = { node: (id: string) => id.toUpperCase() };
  expect(answerLines([event], 8_000_000, names)).toEqual([]);
  expect(answerLines([event], 9_000_000, names)).toMatchObject([
    {
      asked: 'query totals of views: /blog, stale allowed',
      status: '200',
      sentence: '1 row.',
      path: 'VIEWS-1 connection was refused or broken off → VIEWS-2 200',
      read: 'Read: partition 3 on VIEWS-2 (standby, 12 behind).',
    },
  ]);
});
