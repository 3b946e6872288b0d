import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import type { Scenario } from '../engine/api/scenario.ts';
import type { TopologyFigure } from '../engine/api/topology-driver.ts';
import { buildSource } from '../engine/streams/test-driver/build-source.ts';
import { topologyFigure } from '../engine/streams/test-driver/topology-figure.ts';
import { linesOf, placeTopology, type Flow, type PlacedPart } from './topology-layout.ts';

function figureOf(file: string): TopologyFigure {
  const scenario = JSON.parse(readFileSync(`public/scenarios/${file}.json`, 'utf8')) as Scenario;
  const [application] = scenario.applications;
  const built = buildSource({
    applicationId: application?.id ?? '',
    topology: application?.topology ?? [],
    config: application?.config ?? {},
  });
  if (!built.ok) throw new Error(built.error.message);
  return topologyFigure(built.value);
}

/** Pairs of signs that touch. */
function touching({ nodes, topics }: PlacedPart): string[] {
  const signs = [
    ...nodes.map(({ node, x, y }) => ({ name: node.name, x, y })),
    ...topics.map(({ name, side, x, y }) => ({ name: `${side} ${name}`, x, y })),
  ];
  return signs.flatMap((a, i) =>
    signs
      .slice(i + 1)
      .filter((b) => Math.abs(a.x - b.x) < 34 && Math.abs(a.y - b.y) < 24)
      .map((b) => `${a.name} ${b.name}`),
  );
}

describe.each(['clickstream', 'ledger', 'machines'])('the picture of %s', (file) => {
  it.each(['right', 'down'] satisfies Flow[])('has a place for everything, flowing %s', (flow) => {
    const figure = figureOf(file);
    const placed = placeTopology(figure, flow);
    expect(placed.parts.map(({ nodes }) => nodes.length)).toEqual(
      figure.parts.map(({ nodes }) => nodes.length),
    );
    const hung = placed.parts.flatMap(({ nodes }) => nodes.flatMap(({ stores }) => stores));
    expect(hung.map(({ store }) => store.name).sort()).toEqual(figure.stores.map(({ name }) => name).sort());
    for (const part of placed.parts) {
      expect(touching(part)).toEqual([]);
      for (const { x, y } of [...part.nodes, ...part.topics]) {
        expect(x).toBeGreaterThan(0);
        expect(x).toBeLessThan(placed.width);
        expect(y).toBeLessThan(part.height);
      }
    }
  });
});

it('breaks a name before its number, and where it would be too long', () => {
  expect(linesOf('KSTREAM-SOURCE-0000000000')).toEqual(['KSTREAM-SOURCE-', '0000000000']);
  expect(
    linesOf('KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-0000000007-topic').every((l) => l.length < 30),
  ).toBe(true);
});
