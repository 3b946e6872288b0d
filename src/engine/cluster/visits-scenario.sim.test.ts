import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { int64FromBytes, utf8Decode } from '../base/bytes.ts';
import { millis } from '../base/time.ts';
import { bundledRun, committedRecords, rowsOfCsv } from '../testing/bundled-run.ts';

const read = (path: string): string => readFileSync(`public/${path}`, 'utf8');
const ROWS = 1_500;
const GAP = 1_800_000;

/** Visits as `user from to: requests`, from the file alone: other code, no engine. */
function truth(): string[] {
  const byUser = new Map<string, number[]>();
  for (const { user = '', timestamp_ms = '' } of rowsOfCsv(read('tapes/web-requests-2015-05.csv')).slice(
    0,
    ROWS,
  ))
    byUser.set(user, [...(byUser.get(user) ?? []), Number(timestamp_ms)]);
  const visits: string[] = [];
  for (const [user, times] of byUser) {
    const sorted = times.sort((a, b) => a - b);
    let [start = 0] = sorted;
    let count = 0;
    sorted.forEach((at, i) => {
      count += 1;
      const next = sorted[i + 1] ?? Infinity;
      if (next - at <= GAP) return;
      visits.push(`${user} ${start} ${at}: ${count}`);
      [start, count] = [next, 0];
    });
  }
  return visits.sort();
}

test('every visit of every user is in the table of visits, from its first request to its last', () => {
  const simulation = bundledRun('visits', read, (scenario) => ({
    ...scenario,
    producers: scenario.producers.map((one) => ({ ...one, tape: { ...one.tape, limit: ROWS } })),
  }));
  simulation.advance({ until: millis(12_000), eventsMax: Infinity });
  simulation.atQuiescence();
  const table = new Map(committedRecords(simulation, 'visits').map(({ key, value }) => [key ?? '', value]));
  const visits = [...table].flatMap(([key, value]) => {
    if (value === null) return [];
    const [end, start] = [int64FromBytes(key, key.length - 16), int64FromBytes(key, key.length - 8)];
    return [`${utf8Decode(key.slice(0, -16))} ${start} ${end}: ${int64FromBytes(value)}`];
  });
  expect(visits.sort()).toEqual(truth());
  expect(table.size, 'some grew, and were taken away').toBeGreaterThan(visits.length);
});
