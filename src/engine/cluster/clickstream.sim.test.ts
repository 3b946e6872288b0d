import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseScenarioText } from '../api/scenario-parse.ts';
import type { Scenario, Tape } from '../api/scenario.ts';
import { millis } from '../base/time.ts';
import { windowCells } from '../streams/runtime/window-facts.ts';
import type { StreamsMemory } from '../streams/runtime/instance-memory.ts';
import { ClusterSimulation } from './simulation.ts';

/*
 * The page's count against a count made here from the file alone: other code, no engine. Windows are [start, start + size)
 * of event time; with an hour of grace and no fault nothing is late.
 */

const csv = readFileSync('public/tapes/web-requests-2015-05.csv', 'utf8').trimEnd().split('\n').slice(1);
const rows = csv.map((line) => {
  const [time = '', user = '', , path = ''] = line.split(',');
  return { time: Number(time), user, path };
});

const TAPE: Tape = Object.freeze({
  count: rows.length,
  timestamps: rows.map(({ time }) => time),
  keys: rows.map(({ user }) => user),
  values: rows.map(({ time, user, path }, row) => JSON.stringify({ row, timestamp_ms: time, user, path })),
});

function bundled(name: string): Scenario {
  const parsed = parseScenarioText(readFileSync(`public/scenarios/${name}.json`, 'utf8'));
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

/** Path and window start → requests. */
function foldOf(size: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { time, path } of rows) {
    const cell = `${path} @${time - (time % size)}`;
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  return counts;
}

function cellsOf(simulation: ClusterSimulation): Map<string, number> {
  const cells = new Map<string, number>();
  for (const { program, memory } of simulation.kernelState().nodes.values()) {
    if (program !== 'streams-instance' || memory === undefined) continue;
    for (const { key, start, count } of windowCells(memory as StreamsMemory)) {
      const cell = `${key} @${start}`;
      cells.set(cell, (cells.get(cell) ?? 0) + count);
    }
  }
  return cells;
}

/** What was asked for and is not counted yet waits in one of the places that the page names. */
function expectAllAccounted(simulation: ClusterSimulation): void {
  const waiting = simulation.frame().changed.map((entity): number => {
    switch (entity.kind) {
      case 'producer':
        return entity.buffered + entity.inFlight;
      case 'group':
        return entity.name === 'views' ? entity.partitions.reduce((sum, { lag }) => sum + lag, 0) : 0;
      case 'task':
        return entity.buffered;
      case 'application':
        return entity.passingOn;
      case 'cluster':
        return entity.ledger.counted - entity.ledger.asked;
      default:
        return 0;
    }
  });
  expect(waiting.some((value) => value > 0)).toBe(true);
  expect(waiting.reduce((sum, value) => sum + value, 0)).toBe(0);
}

describe('the clickstream', () => {
  test('counts every request of the real tape into its minute', () => {
    const simulation = new ClusterSimulation(bundled('clickstream'), { p1: TAPE });
    simulation.advance({ until: millis(5_000), eventsMax: Infinity });
    expectAllAccounted(simulation);
    simulation.advance({ until: millis(55_000), eventsMax: Infinity });
    const fold = foldOf(60_000);
    expect(rows.length).toBe(10_000);
    expect(fold.size).toBeGreaterThan(5_000);
    expect(new Map([...cellsOf(simulation)].sort())).toEqual(new Map([...fold].sort()));
  });

  test('in ten-second windows without grace counts less, and what is missing is what was dropped', () => {
    const simulation = new ClusterSimulation(bundled('ten-second-windows'), { p1: TAPE });
    simulation.advance({ until: millis(55_000), eventsMax: Infinity });
    const fold = foldOf(10_000);
    const cells = cellsOf(simulation);
    let missing = 0;
    for (const [cell, count] of fold) {
      expect(cells.get(cell) ?? 0).toBeLessThanOrEqual(count);
      missing += count - (cells.get(cell) ?? 0);
    }
    expect([...cells.keys()].filter((cell) => !fold.has(cell))).toEqual([]);
    expect(missing).toBeGreaterThan(1_000);
    expect(simulation.atQuiescence().droppedLate).toBe(missing);
  });
});

describe('with acks=1', () => {
  test('a record that was acknowledged is really lost', () => {
    const scenario = bundled('lost-ack');
    const simulation = new ClusterSimulation({ ...scenario, commands: [] }, { p1: TAPE });
    const replaced = simulation.replaceCommands(scenario.commands);
    expect(replaced.ok).toBe(true);
    simulation.advance({ until: millis(45_000), eventsMax: Infinity });
    const { acknowledged, lost, duplicated } = simulation.atQuiescence();
    expect(acknowledged).toBe(10_000);
    expect(lost).toBeGreaterThan(0);
    expect(duplicated).toBe(0);

    // It is told once, at the election that lost it, and again only after the run was changed.
    const told = () => simulation.frame().events.filter(({ data }) => data.type === 'records-lost');
    const all = told();
    expect(all).toHaveLength(1);
    const [loss] = all;
    expect(loss?.data).toMatchObject({ partition: 'clicks-0', lost, before: 0 });
    // What the old leader had to cut when it came back is seen for five seconds, whatever way one comes there.
    simulation.seek(millis(45_000));
    const cut = simulation.frame().events.find(({ data }) => data.type === 'log-truncated');
    simulation.watch([{ what: 'records', id: 'partition:clicks-0' }]);
    const cutAt = (at: number) => {
      simulation.seek(at);
      const [records] = simulation.frame().details;
      if (records?.what !== 'records') throw new Error('no records');
      return records.replicas.flatMap((replica) => replica.cut);
    };
    expect(cutAt((cut?.at ?? 0) - 1)).toEqual([]);
    expect(cutAt(cut?.at ?? 0).length).toBeGreaterThan(0);
    expect(cutAt((cut?.at ?? 0) + 6_000_000)).toEqual([]);

    simulation.seek((loss?.at ?? 0) - 1);
    expect(told()).toEqual(all);
    simulation.advance({ until: millis(22_000), eventsMax: Infinity });
    expect(told()).toEqual([]);
    simulation.seek((loss?.at ?? 0) + 1);
    simulation.seekToPreviousNotable();
    expect(simulation.now()).toBe(loss?.at);
    simulation.seek((loss?.at ?? 0) - 1);
    expect(simulation.replaceCommands(scenario.commands.slice(0, 4)).ok).toBe(true);
    simulation.advance({ until: millis(22_000), eventsMax: Infinity });
    expect(told().map(({ data }) => data)).toEqual(all.map(({ data }) => data));
  });
});

describe('when both instances die between two commits', () => {
  /** The acts of "Counted once", with these settings of the application. */
  function play(config: Readonly<Record<string, string>>, ms: number): ClusterSimulation {
    const scenario = bundled('counted-once');
    const applications = scenario.applications.map((one) => ({
      ...one,
      config: { ...one.config, ...config },
    }));
    const simulation = new ClusterSimulation({ ...scenario, applications, commands: [] }, { p1: TAPE });
    expect(simulation.replaceCommands(scenario.commands).ok).toBe(true);
    simulation.advance({ until: millis(ms), eventsMax: Infinity });
    return simulation;
  }

  test('exactly once counts every request into its minute', () => {
    // What the second crash leaves open holds readers up until views-2 starts again and ends it.
    const end = 60_000;
    const simulation = play({}, end);
    expect(new Map([...cellsOf(simulation)].sort())).toEqual(new Map([...foldOf(60_000)].sort()));
    expect(simulation.atQuiescence()).toMatchObject({
      acknowledged: 10_000,
      counted: 10_000,
      droppedLate: 0,
    });

    // A page that jumped here is told of every commit on the way, once.
    const commitsTold = () => {
      simulation.seek(millis(end));
      return simulation
        .frame()
        .events.filter(({ data }) => data.type === 'transaction-changed' && data.state === 'CompleteCommit');
    };
    const seconds = new Set(commitsTold().map(({ at }) => Math.floor(at / 1_000_000)));
    // Nobody commits while the group waits for the end of the first life of views-1, at 16.02 s.
    expect(
      Array.from({ length: 40 }, (_, second) => second).filter((second) => !seconds.has(second)),
    ).toEqual([15, 16]);
    expect(commitsTold().length).toBeLessThan(seconds.size);
  });

  test('at least once counts some twice', () => {
    const simulation = play(
      { 'processing.guarantee': 'at_least_once', 'commit.interval.ms': '5000' },
      20_000,
    );
    const sum = [...cellsOf(simulation).values()].reduce((total, count) => total + count, 0);
    expect(sum).toBeGreaterThan(20 * 250);
  });
});
