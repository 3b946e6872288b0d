import { centre, type Figure, type Picture, type Port } from '../picture/figure.ts';
import type { LoomContext, LoomInput } from './context.ts';
import { applicationFigures, headFigures, machineFigures } from './heads.ts';
import { machineX, rowY } from './layout.ts';
import { producerFigures } from './producers.ts';
import { raceFigures } from './races.ts';
import { cardBox, ownersOf, readerRowFigures, type PlacedReader } from './reader-rows.ts';
import { legendFigures, loomTitle, sumFigures } from './sums.ts';
import { leaderX, topicRowFigures, type PlacedTopic } from './topic-rows.ts';

/** Rows are partitions, columns are machines. */
export const acrossPicture = (context: LoomContext, { at }: LoomInput): Picture => ({
  width: context.layout.width,
  height: context.layout.height,
  title: loomTitle(context, at),
  figures: drawLoom(context),
  ports: () => loomPorts(context),
});

function drawLoom(context: LoomContext): Figure[] {
  const figures: Figure[] = [...raceFigures(context), ...(context.later?.lenses(context) ?? [])];
  for (const placed of context.layout.placed.values()) figures.push(...machineFigures(context, placed));
  for (const placed of context.layout.placed.values()) {
    const { kind } = placed.station;
    if (kind === 'producers') continue;
    if (kind === 'topic') {
      const draw = (placed.detail === 'bars' ? context.later?.topic : null) ?? topicRowFigures;
      figures.push(...draw(context, placed as PlacedTopic));
    } else {
      const draw = (placed.detail === 'bars' ? context.later?.reader : null) ?? readerRowFigures;
      figures.push(...draw(context, placed as PlacedReader));
      figures.push(...(context.later?.service(context, placed as PlacedReader) ?? []));
    }
  }
  figures.push(
    ...producerFigures(context),
    ...(context.later?.picked(context) ?? []),
    ...applicationFigures(context),
  );
  figures.push(...headFigures(context), ...sumFigures(context), ...legendFigures(context));
  return figures;
}

/** Where envelopes start and end: a machine for each of its rows, and its middle. */
function loomPorts(context: LoomContext): Port[] {
  const ports: Port[] = [];
  for (const placed of context.layout.placed.values()) {
    const { station } = placed;
    if (station.kind === 'producers') {
      for (const p of station.producers) ports.push(producerPort(context, p.node, placed.x + placed.width));
    } else if (station.kind === 'topic') ports.push(...topicPorts(context, placed as PlacedTopic));
    else ports.push(...readerPorts(placed as PlacedReader));
  }
  return ports;
}

function producerPort(context: LoomContext, node: string, x: number): Port {
  const rows = [...context.layout.placed.values()].find((p) => p.expanded);
  return { node, partition: null, x, y: rows ? (rows.y0 + rows.bottom) / 2 : 0 };
}

function topicPorts(context: LoomContext, placed: PlacedTopic): Port[] {
  const ports = placed.station.partitions.flatMap((p, row): Port[] => {
    const leader = context.graph.brokers.find((b) => b.broker?.brokerId === p?.leader);
    if (p === undefined || leader === undefined) return [];
    const x = leaderX(context, placed, row) + (placed.expanded ? placed.mark / 2 : 9);
    return [{ node: leader.id, partition: p.name, x, y: rowY(placed, row) }];
  });
  if (!placed.expanded) return ports;
  const middles = context.graph.brokers.map((b, i) => ({
    node: b.id,
    partition: null,
    x: machineX(placed, i) + placed.frame / 2,
    y: (placed.y0 + placed.bottom) / 2,
  }));
  return [...ports, ...middles];
}

function readerPorts(placed: PlacedReader): Port[] {
  const { station } = placed;
  const names =
    station.kind === 'group' ? station.reads.map((r) => [r.name]) : station.tasks.map((t) => t?.inputs ?? []);
  const rows = names.flatMap((inputs, row): Port[] => {
    return ownersOf(station, row).flatMap((owner) => {
      const node = station.machines[owner]?.id;
      if (node === undefined) return [];
      const [x, y] = centre(cardBox(placed, owner, row));
      return inputs.map((partition) => ({ node, partition, x, y }));
    });
  });
  const middles = station.machines.map((m, i) => ({
    node: m.id,
    partition: null,
    x: machineX(placed, i) + placed.frame / 2,
    y: (placed.y0 + placed.bottom) / 2,
  }));
  return [...rows, ...middles];
}
