import type { Port } from '../picture/figure.ts';
import type { LoomContext } from './context.ts';
import { ownerOf } from './reader-rows.ts';
import type { TurnedBlock, TurnedLayout } from './turned-layout.ts';

/** Where envelopes start and end in a block. */
export function turnedPorts(context: LoomContext, layout: TurnedLayout, block: TurnedBlock): Port[] {
  const { station } = block;
  const middle = layout.x + (layout.width - layout.x) / 2;
  if (station.kind === 'producers') {
    return station.producers.map((p) => ({
      node: p.node,
      partition: null,
      x: layout.x + 138, // right of the words below it
      y: block.y + block.height,
    }));
  }
  const machines =
    station.kind === 'topic' ? (block.expanded ? context.graph.brokers : []) : station.machines;
  const wide = machines.map((m, i) => ({
    node: m.id,
    partition: null,
    x: middle,
    y: block.machineY(i) + block.machineHeight / 2,
  }));
  return [...columnPorts(context, layout, block), ...wide];
}

function columnPorts(context: LoomContext, layout: TurnedLayout, block: TurnedBlock): Port[] {
  const { station } = block;
  if (station.kind === 'producers') return [];
  return Array.from({ length: station.rows }, (_, row): Port[] => {
    const machines = station.kind === 'topic' ? context.graph.brokers : station.machines;
    const leader = station.kind === 'topic' ? station.partitions[row]?.leader : undefined;
    const i =
      station.kind === 'topic'
        ? machines.findIndex((b) => b.broker?.brokerId === leader)
        : ownerOf(station, row);
    const node = machines[i]?.id;
    if (node === undefined) return [];
    const names =
      station.kind === 'topic'
        ? [station.partitions[row]?.name ?? '']
        : station.kind === 'group'
          ? [station.reads[row]?.name ?? '']
          : (station.tasks[row]?.inputs ?? []);
    const y =
      station.kind === 'topic' && !block.expanded
        ? block.y + 12
        : block.machineY(i) + block.machineHeight / 2;
    return names.map((partition) => ({ node, partition, x: layout.at(row), y }));
  }).flat();
}
