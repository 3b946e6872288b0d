import { beforeAll, describe, expect, test } from 'vitest';
import type { QueryAct, QueryRow } from '../api/query-act.ts';
import type { Scenario } from '../api/scenario.ts';
import type { TraceEvent } from '../api/trace-event.ts';
import { partitionForKey } from '../base/murmur2.ts';
import { tasksOf, type StreamsMemory } from '../streams/runtime/instance-memory.ts';
import { leanScenario, leanTape, LEAN_ROWS } from '../testing/lean-scenario.ts';
import { ClusterSimulation, createSimulation } from './simulation.ts';

const SECOND = 1_000_000;
const PATHS = ['/', '/blog', '/about', '/projects', '/images/logo.png', '/favicon.ico'];

/** Counts by path, by path and window, by path and session, in two instances. */
function scenario(config: Readonly<Record<string, string>>): Scenario {
  const lean = leanScenario(5);
  const [counter] = lean.applications;
  if (counter === undefined) throw new Error('no application');
  return {
    ...lean,
    producers: lean.producers.map((producer) => ({ ...producer, pace: { kind: 'rate', perSecond: 60 } })),
    groups: [],
    applications: [
      {
        ...counter,
        instances: 2,
        topology: [
          { op: 'stream', id: 's', topic: 'clicks', key: 'string', value: 'json' },
          { op: 'groupBy', id: 'g', of: 's', keyFn: 'field:path' },
          { op: 'count', id: 'c', of: 'g', as: 'totals' },
          { op: 'windowedBy', id: 'w', of: 'g', window: { type: 'tumbling', size: 60_000, grace: 600_000 } },
          { op: 'count', id: 'd', of: 'w', as: 'minutes' },
          { op: 'windowedBy', id: 'v', of: 'g', window: { type: 'session', gap: 600_000, grace: 60_000 } },
          { op: 'count', id: 'e', of: 'v', as: 'visits' },
        ],
        config: { ...counter.config, ...config },
      },
    ],
  };
}

type Answered = Extract<TraceEvent['data'], { readonly type: 'query-answered' }>;

class Rest {
  readonly simulation: ClusterSimulation;
  constructor(config: Readonly<Record<string, string>> = {}) {
    this.simulation = new ClusterSimulation(scenario(config), { p1: leanTape() });
  }

  run(seconds: number): void {
    this.simulation.advance({ until: this.simulation.now() + seconds * SECOND, eventsMax: Infinity });
  }

  events(): TraceEvent[] {
    const { trace } = this.simulation.kernelState();
    return Array.from({ length: trace.end - trace.start }, (_, i) => trace.at(trace.start + i) as TraceEvent);
  }

  answers(): Answered[] {
    return this.events().flatMap(({ data }) => (data.type === 'query-answered' ? [data] : []));
  }

  send(query: Omit<QueryAct, 'type' | 'application'>): void {
    const act: QueryAct = { type: 'query', application: 'counter', ...query };
    expect(this.simulation.act(act)).toMatchObject({ ok: true });
  }

  /** The instance that runs the task of this partition of the stores. */
  owner(partition: number): string {
    const nodes = ['counter-1', 'counter-2'];
    const found = nodes.filter((node) => {
      const memory = this.simulation.kernelState().nodes.get(node)?.memory as StreamsMemory | undefined;
      return memory !== undefined && tasksOf(memory).some(({ id }) => id === `1_${partition}`);
    });
    expect(found).toHaveLength(1);
    return found[0] ?? '';
  }

  ask(query: Omit<QueryAct, 'type' | 'application'>, seconds = 0.2): Answered {
    const before = this.answers().length;
    this.send(query);
    this.run(seconds);
    const answer = this.answers()[before];
    if (answer === undefined) throw new Error('no answer');
    return answer;
  }
}

/** How often each path was asked for, by the tape alone. */
function totals(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of leanTape().values) {
    const { path } = JSON.parse(value ?? '') as { readonly path: string };
    counts[path] = (counts[path] ?? 0) + 1;
  }
  return counts;
}

const table = (rows: readonly QueryRow[]): Record<string, number> =>
  Object.fromEntries(rows.map(({ key, value }) => [key, Number(value)]));

const sum = (rows: readonly QueryRow[]): number => rows.reduce((all, { value }) => all + Number(value), 0);

describe('when all is well', () => {
  let rest: Rest;
  beforeAll(() => {
    rest = new Rest();
    rest.run(8);
  });

  test('a key is answered by who owns the partition that the producer’s partitioner chose', () => {
    for (const [i, key] of PATHS.entries()) {
      const partition = partitionForKey(key, 3);
      const owner = rest.owner(partition);
      const other = owner === 'counter-1' ? 'counter-2' : 'counter-1';
      const instance = i % 2 === 0 ? other : owner;
      const { status, rows, hops, copies } = rest.ask({ store: 'totals', kind: 'key', key, instance });
      expect({ status, rows: table(rows) }).toEqual({ status: 200, rows: { [key]: totals()[key] } });
      expect(rows[0]?.partition).toBe(partition);
      expect(copies).toEqual([{ partition, host: owner, copy: 'active', lag: 0 }]);
      expect(hops.map(({ host, status: of }) => [host, of])).toEqual([
        ...(instance === owner ? [] : [[other, 307]]),
        [owner, 200],
      ]);
    }
    expect(rest.ask({ store: 'totals', kind: 'key', key: '/none' }).status).toBe(404);
  });

  test('a range, all windows and all sessions are asked of every instance', () => {
    const all = rest.ask({ store: 'totals', kind: 'range' });
    expect({ status: all.status, rows: table(all.rows) }).toEqual({ status: 200, rows: totals() });
    expect(all.copies.map(({ partition, host }) => [partition, host])).toEqual(
      [0, 1, 2].map((partition) => [partition, rest.owner(partition)]),
    );
    const some = rest.ask({ store: 'totals', kind: 'range', fromKey: '/a', toKey: '/blog' });
    expect(Object.keys(table(some.rows)).sort()).toEqual(['/about', '/blog']);
    expect(sum(rest.ask({ store: 'minutes', kind: 'window' }).rows)).toBe(LEAN_ROWS);
    expect(sum(rest.ask({ store: 'visits', kind: 'session' }).rows)).toBe(LEAN_ROWS);
  });

  test('windows of a key are those that start between two times', () => {
    const windows = rest.ask({ store: 'minutes', kind: 'window', key: '/blog' }).rows;
    expect(sum(windows)).toBe(totals()['/blog']);
    const [first, second] = windows;
    expect((second?.start ?? 0) - (first?.start ?? 0)).toBe(60_000);
    const { start = 0 } = second ?? {};
    const one = rest.ask({ store: 'minutes', kind: 'window', key: '/blog', fromMs: start - 1, toMs: start });
    expect(one.rows).toEqual([second]);
    const visit = rest.ask({ store: 'visits', kind: 'session', key: '/blog' }).rows;
    expect(visit).toHaveLength(1);
    expect(visit[0]?.value).toBe(String(totals()['/blog']));
  });

  test('the answer’s causes lead back to who asked', () => {
    const events = rest.events();
    const answer = events.findLast(({ data }) => data.type === 'query-answered');
    const chain: string[] = [];
    for (let at = answer; at !== undefined; at = events.find(({ id }) => id === at?.cause))
      chain.push(at.data.type);
    expect([chain[0], chain.at(-1)]).toEqual(['query-answered', 'command']);
    expect(new Set(chain.slice(1, -1))).toEqual(new Set(['query-handled']));
  });

  test('what cannot be asked is refused with a sentence', () => {
    const act = { type: 'query', application: 'counter', store: 'totals', kind: 'key' } as const;
    const said = (query: object) => rest.simulation.act({ ...act, ...query });
    expect(said({})).toEqual({ ok: false, error: 'The query needs a key.' });
    expect(said({ key: 'a', application: 'no' })).toEqual({
      ok: false,
      error: 'There is no application no.',
    });
    expect(said({ key: 'a', store: 'no' })).toEqual({
      ok: false,
      error: 'The query names the store no; counter can be asked for totals, minutes, visits.',
    });
    expect(said({ key: 'a', store: 'minutes' })).toEqual({
      ok: false,
      error: 'The query asks the store minutes for a key; it can be asked for a window.',
    });
    const commands = [{ id: 1, at: 1, act: { ...act, key: 'a', store: 'no' } }];
    expect(createSimulation({ ...scenario({}), commands }, {})).toMatchObject({
      ok: false,
      error: 'commands[0].act names the store no; counter can be asked for totals, minutes, visits.',
    });
  });
});

describe('when an instance dies', () => {
  const KEY = '/blog';

  test('only a copy answers, stale, until its tasks have moved; then the new owner does', () => {
    const rest = new Rest({
      'processing.guarantee': 'exactly_once_v2',
      'num.standby.replicas': '1',
      'session.timeout.ms': '6000',
    });
    rest.run(4);
    const partition = partitionForKey(KEY, 3);
    const owner = rest.owner(partition);
    const other = owner === 'counter-1' ? 'counter-2' : 'counter-1';
    const query = { store: 'totals', kind: 'key', key: KEY } as const;
    const before = rest.ask(query);
    rest.simulation.act({ type: 'crash', node: owner });
    const refused = rest.ask(query);
    expect(refused).toMatchObject({ status: 0, rows: [] });
    expect(refused.hops.some(({ host, status }) => host === other && status === 307)).toBe(true);
    const stale = rest.ask({ ...query, stale: true });
    expect(stale).toMatchObject({ status: 200, copies: [{ host: other, copy: 'standby' }] });
    expect(stale.copies[0]?.lag).toBeGreaterThanOrEqual(0);
    expect(sum(stale.rows)).toBeLessThanOrEqual(sum(before.rows));
    const all = rest.ask({ store: 'totals', kind: 'range', stale: true });
    expect(all.copies.map(({ host, copy }) => [host, copy])).toContainEqual([other, 'standby']);
    rest.run(30); // The transaction that the dead instance has left open times out first.
    expect(rest.owner(partition)).toBe(other);
    const moved = rest.ask({ ...query, instance: other });
    expect(moved).toMatchObject({ status: 200, hops: [{ host: other, status: 200 }] });
    expect(table(moved.rows)).toEqual({ [KEY]: totals()[KEY] });
  });

  test('an instance that is back knows of nothing before the group has shared out', () => {
    const rest = new Rest({ 'session.timeout.ms': '6000' });
    rest.run(5);
    const owner = rest.owner(partitionForKey(KEY, 3));
    const query = { store: 'totals', kind: 'key', key: KEY } as const;
    rest.simulation.act({ type: 'crash', node: owner });
    rest.simulation.act({ type: 'start', node: owner });
    rest.run(0.5);
    // The group waits for the dead member as long as its session lasts.
    expect(rest.ask(query)).toMatchObject({ status: 503, rows: [] });
    rest.run(9);
    expect(rest.ask(query)).toMatchObject({ status: 200 });
  });
});
