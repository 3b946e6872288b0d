import { describe, expect, it } from 'vitest';
import { clickstream } from '../clickstream.fixture.ts';
import { system } from '../system.fixture.ts';
import { entityOrder, loomGraph, type LoomGraph } from './graph.ts';
import type { Entity } from '../../../engine/api/frame.ts';

const graphOf = (entities: ReadonlyMap<string, Entity>): LoomGraph =>
  loomGraph(entities, entityOrder(entities, null));
const columns = (graph: LoomGraph): string[][] => graph.columns.map((c) => c.map((s) => s.key));

describe('the loom orders what it is given by who feeds whom', () => {
  it('follows a stream through the halves of an application, and leaves its changelog out', () => {
    expect(columns(graphOf(clickstream()))).toEqual([
      ['producers:clicks'],
      ['topic:clicks'],
      ['application:views/0'],
      ['topic:views-counts-repartition'],
      ['application:views/1'],
      ['topic:views-per-minute'],
      ['group:dash'],
    ]);
  });

  it('puts what has the same depth into one column, near to what feeds it', () => {
    const graph = graphOf(
      system({
        brokers: 3,
        topics: { orders: 2, customers: 2, enriched: 2 },
        producers: ['orders', 'customers'],
        groups: [
          { name: 'shop', topic: 'enriched', members: 1 },
          { name: 'audit', topic: 'customers', members: 1 },
        ],
        applications: [{ name: 'enrich', sources: ['orders', 'customers'], sinks: ['enriched'], stores: [] }],
      }),
    );
    expect(columns(graph)).toEqual([
      ['producers:customers', 'producers:orders'],
      ['topic:customers', 'topic:orders'],
      ['group:audit', 'application:enrich/0'],
      ['topic:enriched'],
      ['group:shop'],
    ]);
  });

  it('ends, and shows every station, when an application writes to what it reads', () => {
    const graph = graphOf(
      system({
        brokers: 1,
        topics: { a: 1, b: 1 },
        producers: [],
        groups: [],
        applications: [{ name: 'loop', sources: ['a', 'b'], sinks: ['a'], stores: [] }],
      }),
    );
    expect(columns(graph).flat().sort()).toEqual(['application:loop/0', 'topic:a', 'topic:b']);
  });

  it('counts b10 after b9, and keeps the order while the same entities exist', () => {
    const entities = clickstream({ brokers: 12 });
    const order = entityOrder(entities, null);
    expect(
      graphOf(entities)
        .brokers.map((b) => b.label)
        .slice(8),
    ).toEqual(['B9', 'B10', 'B11', 'B12']);
    expect(entityOrder(new Map(entities), order)).toBe(order);
    entities.delete('b12');
    expect(entityOrder(entities, order)).not.toContain('b12');
  });
});
