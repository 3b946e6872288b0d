import { beforeAll, describe, expect, test } from 'vitest';
import type { AdminAct } from '../api/admin-act.ts';
import type { Entity } from '../api/frame.ts';
import type { Scenario } from '../api/scenario.ts';
import type { TraceEventData } from '../api/trace-event.ts';
import { leanScenario, leanTape } from '../testing/lean-scenario.ts';
import { ClusterSimulation } from './simulation.ts';

const SECOND = 1_000_000;

type Printed = Extract<TraceEventData, { readonly type: 'tool-answered' }>;

/** A run whose tools are used one after the other. */
class Desk {
  readonly simulation: ClusterSimulation;
  constructor(scenario: Scenario) {
    this.simulation = new ClusterSimulation(scenario, { p1: leanTape() });
    this.run(3);
  }

  run(seconds: number): void {
    this.simulation.advance({ until: this.simulation.now() + seconds * SECOND, eventsMax: Infinity });
  }

  printed(): readonly Printed[] {
    const printed: Printed[] = [];
    const { trace } = this.simulation.kernelState();
    for (let i = trace.start; i < trace.end; i++) {
      const data = trace.at(i).data as TraceEventData;
      if (data.type === 'tool-answered') printed.push(data);
    }
    return printed;
  }

  /** What the tool of an act prints. */
  use(act: AdminAct, seconds = 2): Printed | undefined {
    const before = this.printed().length;
    expect(this.simulation.act(act)).toMatchObject({ ok: true });
    this.run(seconds);
    return this.printed()[before];
  }

  entities(): readonly Entity[] {
    this.simulation.seek(this.simulation.now()); // so that the frame tells everything
    return this.simulation.frame().changed;
  }
}

const cell = (printed: Printed | undefined, row: number, head: string): string | undefined =>
  printed?.table?.rows[row]?.[printed.table.heads.indexOf(head)];

describe('topics and partitions', () => {
  let desk: Desk;
  beforeAll(() => {
    desk = new Desk({ ...leanScenario(5), applications: [], groups: [] });
  });

  test('a topic is made, grown, described and deleted, and what cannot be is refused in Kafka’s words', () => {
    const make = { type: 'create-topic', topic: 'orders', partitions: 2, replicationFactor: 3 } as const;
    expect(desk.use(make)).toMatchObject({ tool: 'kafka-topics', done: true, error: null });
    expect(desk.use(make)).toMatchObject({
      done: false,
      error: 'TOPIC_ALREADY_EXISTS',
      message: "Topic 'orders' already exists.",
    });
    expect(desk.use({ ...make, topic: 'no such', partitions: 1 })).toMatchObject({
      error: 'INVALID_TOPIC_EXCEPTION',
    });
    expect(desk.use({ type: 'create-partitions', topic: 'orders', partitions: 1 })).toMatchObject({
      error: 'INVALID_PARTITIONS',
    });
    expect(desk.use({ type: 'create-partitions', topic: 'orders', partitions: 4 })).toMatchObject({
      done: true,
    });
    const described = desk.use({ type: 'describe', what: 'topic', name: 'orders' });
    expect(described?.table?.rows).toHaveLength(4);
    expect(cell(described, 3, 'In sync')?.split(', ')).toHaveLength(3);
    expect(desk.entities().some(({ id }) => id === 'partition:orders-3')).toBe(true);
    expect(desk.use({ type: 'delete-topic', topic: 'orders' })).toMatchObject({ done: true });
    expect(desk.entities().some(({ id }) => id.includes('orders'))).toBe(false);
    const topics = desk.use({ type: 'describe', what: 'topics' });
    expect(topics?.table?.rows.map(([name]) => name)).toEqual(['clicks', 'views']);
    expect(desk.simulation.violations).toEqual([]);
  });

  test('a partition gets other replicas, then its preferred leader back', () => {
    const at = { topic: 'clicks', partition: 0 };
    const row = () => desk.use({ type: 'describe', what: 'topic', name: 'clicks' });
    const replicas = (cell(row(), 0, 'Replicas') ?? '').split(', ').map(Number);
    const turned = [...replicas.slice(1), ...replicas.slice(0, 1)];
    expect(desk.use({ type: 'reassign-partition', ...at, replicas: [9] })).toMatchObject({
      error: 'INVALID_REPLICA_ASSIGNMENT',
    });
    expect(desk.use({ type: 'reassign-partition', ...at, replicas: turned })).toMatchObject({ done: true });
    const after = row();
    expect(cell(after, 0, 'Replicas')).toBe(turned.join(', '));
    expect(cell(after, 0, 'Leader')).toBe(`${replicas[0]}`);
    expect(desk.use({ type: 'elect-leaders', election: 'preferred', ...at })).toMatchObject({ done: true });
    expect(cell(row(), 0, 'Leader')).toBe(`${turned[0]}`);
    expect(desk.use({ type: 'reassign-partition', ...at, replicas: null })).toMatchObject({
      error: 'NO_REASSIGNMENT_IN_PROGRESS',
    });
    expect(desk.use({ type: 'elect-leaders', election: 'unclean' })).toMatchObject({ done: true });
  });

  test('records are deleted at the leader, which is looked for while there is none', () => {
    const at = { topic: 'clicks', partition: 1 };
    const deleted = desk.use({ type: 'delete-records', ...at, offset: 5 });
    expect(deleted).toMatchObject({ message: 'The log of clicks-1 begins at offset 5 now.' });
    expect(desk.use({ type: 'delete-records', ...at, offset: 1_000_000 })).toMatchObject({
      error: 'OFFSET_OUT_OF_RANGE',
    });
    const leader = cell(desk.use({ type: 'describe', what: 'topic', name: 'clicks' }), 1, 'Leader');
    desk.simulation.act({ type: 'crash', node: `b${leader}` });
    expect(desk.use({ type: 'delete-records', ...at, offset: 6 }, 12)).toMatchObject({ done: true });
    desk.simulation.act({ type: 'start', node: `b${leader}` });
    desk.run(5);
    expect(desk.simulation.violations).toEqual([]);
  });
});
