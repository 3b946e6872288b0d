import { expect, test } from 'vitest';
import type { QueryRow } from '../../engine/api/query-act.ts';
import type { TraceEvent } from '../../engine/api/trace-event.ts';
import { answerLines } from './query-answers.ts';

const row = (key: string, value: string): QueryRow => ({
  key,
  value,
  partition: 0,
  start: -1,
  end: -1,
  timestamp: -1,
});

function sentence(rows: readonly QueryRow[], more = 0): string | undefined {
  const act = { type: 'query', application: 'ledger', store: 'balances', kind: 'all', host: 'v1' };
  const data = { type: 'query-answered', act, status: 200, message: '', hops: [], copies: [], rows, more };
  const event = { id: 1, at: 5, node: 'op', data } as unknown as TraceEvent;
  return answerLines([event], 10, { node: (id) => id })[0]?.sentence;
}

test('all rows of a store of numbers are added up, and nothing else is', () => {
  expect(sentence([row('EUR-1', '250'), row('EUR-2', '-100')])).toBe('2 rows, together 150.');
  expect(sentence([row('EUR-1', '250')])).toBe('1 row.');
  expect(sentence([row('a', '{"n":1}'), row('b', '2')])).toBe('2 rows.');
  expect(sentence([row('a', '1'), row('b', '2')], 3)).toBe('5 rows.');
});
