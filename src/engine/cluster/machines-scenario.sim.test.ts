import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { utf8Decode } from '../base/bytes.ts';
import { millis } from '../base/time.ts';
import { bundledRun, committedRecords, jsonOf, rowsOfCsv } from '../testing/bundled-run.ts';
import type { ClusterSimulation } from './simulation.ts';

const read = (path: string): string => readFileSync(`public/${path}`, 'utf8');
const DURATION = 300_000;

interface Reading {
  readonly at: number;
  readonly value: number;
}

const machines = rowsOfCsv(read('tapes/machines.csv')).map(({ machine = '', limit = '', gap = '' }) => ({
  machine,
  limit: Number(limit),
  gap: Number(gap),
}));

const readingsOf = (wanted: string): Reading[] =>
  rowsOfCsv(read('tapes/readings.csv'))
    .filter(({ machine }) => machine === wanted)
    .map(({ timestamp_ms = '', temperature = '' }) => ({
      at: Number(timestamp_ms),
      value: Number(temperature),
    }))
    .sort((a, b) => a.at - b.at);

/** Since when each machine really was above its limit for five minutes: other code, no engine, all readings at hand. */
function truth(): string[] {
  const found: string[] = [];
  for (const { machine, limit, gap } of machines) {
    const runs: Reading[][] = [];
    let before: Reading | undefined;
    for (const reading of readingsOf(machine)) {
      const isNext = before !== undefined && before.value > limit && reading.at - before.at <= gap;
      if (reading.value > limit && isNext) runs.at(-1)?.push(reading);
      else if (reading.value > limit) runs.push([reading]);
      before = reading;
    }
    for (const run of runs)
      if ((run.at(-1)?.at ?? 0) - (run[0]?.at ?? 0) >= DURATION) found.push(`${machine} ${run[0]?.at}`);
  }
  return found.sort();
}

const alertsIn = (simulation: ClusterSimulation, topic: string): string[] =>
  committedRecords(simulation, topic)
    .map(jsonOf)
    .map(({ key, since }) => `${String(key)} ${String(since)}`)
    .sort();

/** How many alerts there are of each machine, where the key is a window's. */
function windowsIn(simulation: ClusterSimulation, topic: string): Map<string, number> {
  const told = new Map<string, number>();
  for (const { key } of committedRecords(simulation, topic)) {
    const machine = utf8Decode((key ?? '').slice(0, -8));
    told.set(machine, (told.get(machine) ?? 0) + 1);
  }
  return told;
}

const timesOf = (list: readonly string[], machine: string): number =>
  list.filter((one) => one.startsWith(`${machine} `)).length;

test('one of the four ways finds every time a machine was hot for five minutes, once, and no other', () => {
  const simulation = bundledRun('machines', read);
  simulation.advance({ until: millis(60_000), eventsMax: Infinity });
  simulation.atQuiescence();
  const real = truth();
  expect(real.length).toBeGreaterThan(8);
  expect(alertsIn(simulation, 'alerts')).toEqual(real);

  const byRun = alertsIn(simulation, 'alerts-by-run');
  const byCount = windowsIn(simulation, 'alerts-by-count');
  const byAverage = windowsIn(simulation, 'alerts-by-average');
  expect(timesOf(byRun, 'silent'), 'silence is taken for heat').toBeGreaterThan(timesOf(real, 'silent'));
  const straggler = (list: readonly string[]) => list.filter((one) => one.startsWith('straggler '));
  expect(
    straggler(byRun).filter((one) => real.includes(one)),
    'both are missed',
  ).toEqual([]);
  expect(straggler(byRun).length, 'and two are told that never were').toBe(2);
  expect(byCount.get('press'), 'who reports every five minutes never has five in a window').toBeUndefined();
  expect(byCount.get('steady'), 'one time is told in each window').toBeGreaterThan(timesOf(real, 'steady'));
  expect(byAverage.get('spiky'), 'one reading is enough').toBeGreaterThan(timesOf(real, 'spiky'));
  expect(byAverage.get('flapping')).toBeGreaterThan(0);

  // The outside world: both called once more for the alert that they died over; one pager knew that it had rung for it.
  const pagers = () =>
    new Map(
      simulation.frame().changed.flatMap((e) => (e.kind === 'group' ? [[e.name, e.service] as const] : [])),
    );
  const calls = real.length + 1;
  const told = pagers();
  expect(told.get('hasty')).toMatchObject({ name: 'pager-of-hasty', calls, effects: calls, repeated: 1 });
  expect(told.get('careful')).toMatchObject({ calls, effects: real.length, repeated: 0 });
  // A run that went back has forgotten what is still to come, and then counts it once.
  simulation.seek(millis(17_000));
  const before = pagers().get('hasty');
  expect(before).toMatchObject({ repeated: 0 });
  expect(before?.calls).toBeLessThan(calls);
  simulation.seek(millis(30_000));
  expect(pagers().get('hasty')).toMatchObject({ repeated: 1 });
});
