import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { GroupEntity } from '../api/entities/group.ts';
import { parseScenarioText } from '../api/scenario-parse.ts';
import type { TraceEventData } from '../api/trace-event.ts';
import { millis } from '../base/time.ts';
import type { Tape } from '../api/scenario.ts';
import { ClusterSimulation } from './simulation.ts';

const TEXT = readFileSync(new URL('../../../public/scenarios/share-group.json', import.meta.url), 'utf8');
const LIMIT = 3;

const rows = Array.from({ length: 2_000 }, (_, row) => row);
const TAPE: Tape = Object.freeze({
  count: rows.length,
  timestamps: rows.map((row) => 1_431_857_100_000 + row),
  keys: rows.map(() => null),
  values: rows.map((row) => `{"row":${row}}`),
});

test('a share group: members work on one partition, one dies, its records come again', () => {
  const parsed = parseScenarioText(TEXT);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const simulation = new ClusterSimulation(parsed.value, { p1: TAPE });
  const told: TraceEventData[] = [];
  let group: GroupEntity | undefined;
  let waiting = 0;
  const until = (ms: number): GroupEntity => {
    simulation.advance({ until: millis(ms), eventsMax: Infinity });
    const frame = simulation.frame();
    waiting = Math.max(waiting, ...frame.samples.map((sample) => sample.waiting['workers/jobs'] ?? 0));
    told.push(...frame.events.map(({ data }) => data));
    for (const entity of frame.changed) if (entity.kind === 'group') group = entity;
    if (group === undefined) throw new Error('no group');
    return group;
  };
  const holders = ({ share = [] }: GroupEntity): Set<string> =>
    new Set(share.flatMap(({ runs }) => runs.map(({ node }) => node)).filter((node) => node !== ''));
  for (let ms = 1_000; ms < 25_000; ms += 1_000) until(ms);
  const busy = until(25_000);
  expect(waiting).toBeGreaterThan(0);
  expect(busy).toMatchObject({ name: 'workers', state: 'Stable', members: [{}, {}, {}] });
  expect([...holders(busy)].sort()).toEqual(['workers-1', 'workers-2', 'workers-3']);
  const [held] = until(26_000).share?.[0]?.runs.filter(({ node }) => node === 'workers-2') ?? [];
  expect(held).toMatchObject({ state: 'Acquired', deliveries: 1 });
  const again = until(41_000).share?.[0]?.runs.find((run) => run.first === held?.first);
  expect(again?.node).not.toBe('workers-2');
  for (let ms = 42_000; ms <= 90_000; ms += 1_000) until(ms);
  const redelivered = told.find((data) => data.type === 'share-records-redelivered');
  expect(redelivered).toMatchObject({ group: 'workers', deliveryCount: 2 });
  const archived = told.filter((data) => data.type === 'share-records-archived');
  // A frame tells the newest events only, so some may be missing.
  expect(archived.length).toBeGreaterThan(1);
  for (const { firstOffset, records, reason } of archived)
    expect([firstOffset % 500, records, reason]).toEqual([499, 1, 'delivered too often']);
  for (const run of group?.share?.[0]?.runs ?? []) expect(run.deliveries).toBeLessThanOrEqual(LIMIT);
  expect(group?.share).toMatchObject([{ start: 2_000, acquired: 0, available: 0 }]);
});
