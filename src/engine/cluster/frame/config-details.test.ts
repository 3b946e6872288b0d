import { expect, test } from 'vitest';
import type { ConfigRow } from '../../api/detail.ts';
import type { ConfigOverrides } from '../../api/config/config-key.ts';
import { leanScenario, leanTape } from '../../testing/lean-scenario.ts';
import { ClusterSimulation } from '../simulation.ts';

/** The rows that the page shows for a machine of the lean scenario whose producer is written so. */
function rowsOf(node: string, config: ConfigOverrides = {}): ReadonlyMap<string, ConfigRow> {
  const scenario = leanScenario(1);
  const producers = scenario.producers.map((spec) => ({ ...spec, config }));
  const simulation = new ClusterSimulation({ ...scenario, producers }, { p1: leanTape() });
  simulation.watch([{ what: 'config', id: node }]);
  const detail = simulation.frame().details.find(({ what }) => what === 'config');
  if (detail?.what !== 'config') throw new Error('no configuration was told');
  return new Map(detail.rows.map((row) => [row.key, row]));
}

test.each(['p1', 'b1', 'counter-1', 'readers-1'])(
  'nothing of %s waits for its next start at first',
  (node) => {
    const waiting = [...rowsOf(node).values()].filter(({ pending }) => pending !== null);
    expect(waiting).toEqual([]);
  },
);

test('a value is told as people write it, and one that follows from another is no surprise to come', () => {
  expect(rowsOf('p1').get('acks')).toMatchObject({ value: 'all', changed: false });
  const weak = rowsOf('p1', { acks: '1' });
  expect(weak.get('acks')).toMatchObject({ value: '1', changed: true, pending: null });
  expect(weak.get('enable.idempotence')).toMatchObject({ value: 'false', default: 'true', pending: null });
});
