import type { PartitionEntity } from '../../../engine/api/entities/partition.ts';
import { boxOf, figure, line, text, type Figure, type Mark } from '../picture/figure.ts';
import { arrowHead, ground, leaderFlag, replica, type ReplicaKind } from '../picture/glyphs.ts';
import { textWidth } from '../picture/text-width.ts';
import type { LoomContext } from './context.ts';
import type { TopicStation } from './graph.ts';
import { machineX, rowY, type Placed } from './layout.ts';
import { brokerLabel, describePartition } from './words.ts';

export type PlacedTopic = Placed & { readonly station: TopicStation };

/** Led by another broker than the one it prefers. */
export const isMoved = (p: PartitionEntity): boolean => p.leader >= 0 && p.leader !== p.replicas[0];

/** What keeps a partition from taking acks=all, '' if nothing. */
export function partitionTrouble(p: PartitionEntity, minInsync: number): string {
  if (p.leader < 0) return 'no leader';
  return p.isr.length < minInsync ? `${p.isr.length} in sync` : '';
}

/** Rows of a topic in full: the replicas on their brokers, or only who leads. */
export function topicRowFigures(context: LoomContext, placed: PlacedTopic): readonly Figure[] {
  const { station } = placed;
  return station.partitions.flatMap((p, row) => {
    if (p === undefined) return [];
    const inputs = [context.shape, p.leader, p.isr.join(), p.replicas.join(), beliefs(p), p.leaderEpoch];
    return context.cache.keep(`row:${p.id}`, inputs, () =>
      placed.expanded ? replicaRow(context, placed, { p, row }) : leaderRow(placed, { p, row }),
    );
  });
}

/** Brokers that think they lead although they do not. */
const beliefs = (p: PartitionEntity): string =>
  p.states
    .filter((s) => s.online && s.role === 'leader' && s.broker !== p.leader)
    .map((s) => s.broker)
    .join();

interface Row {
  readonly p: PartitionEntity;
  readonly row: number;
}

/** Left edge of the mark of a broker in an expanded topic, NaN for a broker that is not on the stage. */
export function markX(context: LoomContext, placed: Placed, broker: number): number {
  const i = context.graph.brokers.findIndex((b) => b.broker?.brokerId === broker);
  return i < 0 ? NaN : machineX(placed, i) + (placed.frame - placed.mark) / 2;
}

function replicaKind(p: PartitionEntity, broker: number): ReplicaKind {
  if (broker === p.leader) return 'leader';
  if (beliefs(p).split(',').includes(String(broker))) return 'believes';
  if (p.isr.includes(broker)) return 'sync';
  return broker === p.replicas[0] && isMoved(p) ? 'led' : 'out';
}

function replicaRow(context: LoomContext, placed: PlacedTopic, { p, row }: Row): Figure[] {
  const y = rowY(placed, row);
  const c = placed.mark;
  const top = y - c / 2;
  const marks: Mark[] = p.replicas.flatMap((b) => {
    const x = markX(context, placed, b);
    return Number.isNaN(x) ? [] : replica(x, top, replicaKind(p, b), c);
  });
  if (isMoved(p)) marks.push(...moveArrow(context, placed, { p, row }));
  const labelX = placed.x + placed.width - 6;
  const trouble = partitionTrouble(p, placed.station.topic.minInsyncReplicas);
  marks.push(text(labelX, y + 4.5, `p${p.partition}`, 'e tb s12'));
  if (trouble !== '') {
    const wide = textWidth(trouble, 's12 tb cond');
    const under = placed.pitch >= 34;
    const right = under ? labelX + 2 : labelX - 22;
    marks.push(
      ground(right - wide, y + (under ? 19 : 4.5), wide),
      text(right, y + (under ? 19 : 4.5), trouble, 'e s12 tb cond'),
    );
  }
  const box = boxOf(placed.x + 2, top - 3, placed.width - 4, c + 6);
  const outline = boxOf(placed.x + 2, top - 3, placed.width - 9, c + 6);
  const whole = figure(`row:${p.id}`, marks, { entity: p.id, label: describePartition(p), box, outline });
  return [whole, ...flagFigure(p, markX(context, placed, p.leader), { y: top, c })];
}

const flagFigure = (p: PartitionEntity, x: number, { y, c }: { y: number; c: number }): Figure[] =>
  Number.isNaN(x) ? [] : [figure(`flag:${p.id}`, leaderFlag(0, 0, c), { at: [x, y] })];

/** From the slot of the preferred replica to the leader; a stub when others stand between. */
function moveArrow(context: LoomContext, placed: PlacedTopic, { p, row }: Row): Mark[] {
  const from = markX(context, placed, p.replicas[0] ?? -1);
  const to = markX(context, placed, p.leader);
  if (Number.isNaN(from) || Number.isNaN(to)) return [];
  const y = rowY(placed, row);
  const right = to > from;
  const end = right ? to - 1.5 : to + placed.mark + 1.5;
  const room = placed.machinePitch - placed.mark;
  const start = right ? end - Math.max(9, room - 1) : end + Math.max(9, room - 1);
  return [line([start, y], [end, y], 'mark'), arrowHead(end, y, right ? 'right' : 'left', 'mark')];
}

const LEADER_MOST = 18;

function leaderRow(placed: PlacedTopic, { p, row }: Row): Figure[] {
  const y = rowY(placed, row);
  const x = placed.x;
  const size = Math.min(LEADER_MOST, placed.pitch - 4);
  const name = p.leader < 0 ? 'none' : brokerLabel(p.leader);
  const trouble = partitionTrouble(p, placed.station.topic.minInsyncReplicas) !== '';
  const slot = p.leader < 0 ? replica(x, y - size / 2, 'out', size) : leaderFlag(x, y - size / 2, size);
  const marks = [...slot, text(x + size + 5, y + 4.5, name, `s12${isMoved(p) || trouble ? ' tb' : ''}`)];
  const box = boxOf(x, y - size / 2, placed.width - 2, size);
  return [figure(`row:${p.id}`, marks, { entity: p.id, label: describePartition(p), box })];
}

/** Where a partition's race ends: the mark of its leader. */
export function leaderX(context: LoomContext, placed: PlacedTopic, row: number): number {
  const leader = placed.station.partitions[row]?.leader ?? -1;
  if (!placed.expanded) return placed.x;
  const x = markX(context, placed, leader);
  return Number.isNaN(x) ? placed.x : x;
}
