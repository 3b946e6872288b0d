import type { NodeEntity } from '../../../engine/api/entities/node.ts';
import type { PartitionEntity } from '../../../engine/api/entities/partition.ts';
import { count, seconds, shortCount } from '../number-format.ts';
import {
  boxOf,
  figure,
  line,
  px,
  rect,
  text,
  type Box,
  type Figure,
  type Mark,
  type Picture,
} from '../picture/figure.ts';
import { card, lagBar, leaderFlag, machineFrame, replica, type ReplicaKind } from '../picture/glyphs.ts';
import { shorten, textWidth } from '../picture/text-width.ts';
import type { LoomContext, LoomInput } from './context.ts';
import type { ProducersStation, ReaderStation, TopicStation } from './graph.ts';
import { cardWords } from './measures.ts';
import { cardKey, cardMeaning, homeOf, ownersOf } from './reader-rows.ts';
import { turnedPorts } from './turned-ports.ts';
import { turnedLegend, turnedRaces } from './turned-races.ts';
import type { LoomMemory } from './loom.ts';
import { layoutTurned, MARGIN, marginLines, type TurnedBlock, type TurnedLayout } from './turned-layout.ts';
import { isMoved, partitionTrouble } from './topic-rows.ts';
import {
  brokerLabel,
  describeNode,
  describePartition,
  describeProducer,
  headOf,
  statusWord,
} from './words.ts';
import { loomTitle } from './sums.ts';

/** From so many unread records on a lag has its age below it. */
const MANY = 100;

/** The loom for a narrow stage, turned: columns are partitions, machines are wide frames, records flow down. */
export function turnedPicture(context: LoomContext, input: LoomInput, memory: LoomMemory): Picture {
  const { expanded, turned: before } = memory;
  const layout = layoutTurned(context.graph, { width: input.width, expanded, before });
  memory.turned = layout;
  const figures = [
    ...turnedRaces(context, layout),
    ...layout.blocks.flatMap((b) => blockFigures(context, layout, b)),
  ];
  return {
    width: layout.width,
    height: layout.height,
    title: loomTitle(context, input.at),
    figures: [...figures, ...turnedLegend(context, layout)],
    ports: () => layout.blocks.flatMap((b) => turnedPorts(context, layout, b)),
  };
}

function blockFigures(context: LoomContext, layout: TurnedLayout, block: TurnedBlock): readonly Figure[] {
  const { station } = block;
  switch (station.kind) {
    case 'producers':
      return producerBlock(context, layout, { block, station });
    case 'topic':
      return topicBlock(context, layout, { block, station });
    case 'subtopology':
    case 'group':
      return readerBlock(context, layout, { block, station });
  }
}

/** `P1, P2`, or the first and the last of more. */
const allNames = (names: readonly string[]): string =>
  names.length < 3 ? names.join(', ') : `${names[0] ?? ''}–${names.at(-1) ?? ''}`;

function producerBlock(
  context: LoomContext,
  layout: TurnedLayout,
  { block, station }: { block: TurnedBlock; station: ProducersStation },
): readonly Figure[] {
  const { producers } = station;
  const nodes = producers.map((p) => context.graph.nodes.get(p.node));
  return context.cache.keep(`turned:${station.key}`, [layout.shape, ...producers, ...nodes], () => {
    const sum = (of: (p: (typeof producers)[number]) => number): number =>
      producers.reduce((n, p) => n + of(p), 0);
    const head = headOf(station, context.graph.nodes);
    const word = producers.length === 1 && nodes[0] ? statusWord(nodes[0]) : '';
    const { x } = layout;
    const y = block.y + 2;
    const values = [sum((p) => p.buffered), sum((p) => p.inFlight), sum((p) => p.acknowledged)];
    const words = ['buffered', 'in flight', 'acked'];
    const right = x + 146;
    const left = sum((p) => Math.max(0, p.tapeTotal - p.sent));
    const marks: Mark[] = [
      rect(boxOf(x - 4, y, 138, 42), 'inkl fc', 21),
      line([x + 38, y], [x + 38, y + 42], 'thin'),
      line([x + 76, y], [x + 76, y + 42], 'thin'),
      ...values.map((v, i) =>
        text([x + 19, x + 57, x + 102][i] ?? x, y + 26, v > 9999 ? shortCount(v) : count(v), 'm tb'),
      ),
      ...words.map((w, i) => text([x + 17, x + 62, x + 108][i] ?? x, y + 57, w, 'tt m cond')),
      text(right, y + 18, `${count(sum((p) => p.recordsPerSecond))} /s`, 'tb'),
      text(
        right,
        y + 36,
        shorten(`tape: ${count(left)} left`, layout.width - right - 6, 'tt cond'),
        'tt cond',
      ),
      text(
        10,
        y + (word === '' ? 26 : 18),
        shorten(allNames(producers.map((p, i) => nodes[i]?.label ?? p.node)), MARGIN - 6, 'tb s12 cond'),
        'tb s12 cond',
      ),
      ...(word === '' ? [] : [text(10, y + 34, word, 's12 tb cond')]),
    ];
    const [only] = producers;
    const label = only && producers.length === 1 ? describeProducer(only, nodes[0]) : head.name;
    const entity = producers.length === 1 ? (only?.id ?? null) : null;
    return [figure(station.key, marks, { entity, label, box: boxOf(6, y - 4, layout.width - 12, 66) })];
  });
}

interface TopicAt {
  readonly block: TurnedBlock;
  readonly station: TopicStation;
}

function topicBlock(
  context: LoomContext,
  layout: TurnedLayout,
  { block, station }: TopicAt,
): readonly Figure[] {
  const known = station.partitions.flatMap((p) => p ?? []);
  const state = known.map((p) => `${p.leader} ${p.isr.join()} ${p.leaderEpoch}`).join('|');
  const machines = block.expanded ? context.graph.brokers : [];
  return context.cache.keep(`turned:${station.key}`, [layout.shape, state, ...machines], () => [
    topicHead(layout, { block, station }),
    ...machines.map((m, i) => machineBand(layout, block, { node: m, i })),
    ...known.flatMap((p) => partitionColumn(context, layout, { p, block, station })),
  ]);
}

function topicHead(layout: TurnedLayout, { block, station }: TopicAt): Figure {
  const y = block.y + 12;
  const marks: Mark[] = marginLines(station).map((l, i) => text(10, y + i * 13, l, 'tb s12 cond'));
  const last = block.expanded ? block.machineY(0) - 8 : y;
  const step = layout.step >= 24 ? 1 : Math.ceil(28 / layout.step);
  for (let i = 0; block.expanded && i < station.rows; i += step)
    marks.push(text(layout.at(i), last, `p${i}`, 'm tb s12 cond'));
  return figure(`head:${station.key}`, marks, {
    entity: station.topic.id,
    label: `topic ${station.topic.name}`,
    box: boxOf(6, block.y, layout.x - 12, Math.min(28, block.height)),
  });
}

/** A machine as a wide frame, its name and status in the left margin. */
function machineBand(
  layout: TurnedLayout,
  block: TurnedBlock,
  { node, i }: { node: NodeEntity; i: number },
): Figure {
  const y = block.machineY(i);
  const word = statusWord(node);
  const box = boxOf(layout.x - 4, y, layout.width - layout.x - 6, block.machineHeight);
  const middle = y + block.machineHeight / 2;
  const high = block.machineHeight >= 24;
  const name = text(
    10,
    middle + (word !== '' && high ? -1 : 4.5),
    node.label,
    `tb s12${high ? '' : ' cond'}`,
  );
  const beside = 14 + textWidth(node.label, 'tb s12 cond');
  const state = word === 'DOWN' ? 'down' : word === 'FENCED' ? 'fenced' : 'up';
  const status =
    word === '' ? [] : [text(high ? 10 : beside, middle + (high ? 11 : 4.5), word, 's12 tb cond')];
  return figure(`band:${block.station.key}:${node.id}`, [...wideFrame(box, state), name, ...status], {
    entity: node.id,
    label: describeNode(node),
    handle: boxOf(6, y, 48, block.machineHeight),
    box: boxOf(6, y, layout.width - 12, block.machineHeight),
    outline: box,
  });
}

/** The frame of {@link machineFrame} with its breaks on the long sides. */
function wideFrame(box: Box, state: 'up' | 'down' | 'fenced'): Mark[] {
  if (state !== 'down') return machineFrame(box, state);
  const { x, y, width: w, height: h } = box;
  const parts = [
    [0.05, 0, 0, 0, 0, 1, 0.18, 1],
    [0.26, 1, 0.55, 1],
    [0.68, 1, 1, 1, 1, 0.75],
    [1, 0.3, 1, 0, 0.78, 0],
    [0.66, 0, 0.3, 0],
    [0.2, 0, 0.1, 0],
  ];
  const d = parts.map((points) => {
    const pairs = Array.from(
      { length: points.length / 2 },
      (_, k) => [points[2 * k] ?? 0, points[2 * k + 1] ?? 0] as const,
    );
    return pairs.map(([fx, fy], k) => `${k === 0 ? 'M' : 'L'}${px(x + fx * w)} ${px(y + fy * h)}`).join('');
  });
  return [{ tag: 'path', classes: 'frame', d: d.join(''), strokeWidth: null }];
}

function replicaKind(p: PartitionEntity, broker: number): ReplicaKind {
  if (broker === p.leader) return 'leader';
  if (p.isr.includes(broker)) return 'sync';
  return broker === p.replicas[0] && isMoved(p) ? 'led' : 'out';
}

function partitionColumn(
  context: LoomContext,
  layout: TurnedLayout,
  { p, block, station }: TopicAt & { p: PartitionEntity },
): Figure[] {
  const x = layout.at(p.partition);
  const c = layout.mark;
  const shown = block.expanded ? p.replicas : [p.leader];
  const marks = shown.flatMap((broker): Mark[] => {
    const i = context.graph.brokers.findIndex((b) => b.broker?.brokerId === broker);
    const y = block.expanded ? block.machineY(i) + (block.machineHeight - c) / 2 : block.y + 4;
    if (block.expanded && i < 0) return [];
    const kind = broker < 0 ? 'out' : replicaKind(p, broker);
    if (c >= 10) return kind === 'leader' ? leaderFlag(x - c / 2, y, c) : replica(x - c / 2, y, kind, c);
    return narrowReplica(boxOf(x, y, c, block.machineHeight), kind);
  });
  if (!block.expanded && layout.step >= 24)
    marks.push(
      text(
        x,
        block.y + c + 17,
        p.leader < 0 ? 'none' : brokerLabel(p.leader),
        `m s12${isMoved(p) ? ' tb' : ''}`,
      ),
    );
  if (block.expanded && partitionTrouble(p, station.topic.minInsyncReplicas) !== '' && layout.step >= 40) {
    marks.push(
      text(
        x,
        block.y + block.height - 2,
        partitionTrouble(p, station.topic.minInsyncReplicas),
        'm s12 tb cond',
      ),
    );
  }
  const half = Math.max(1.5, Math.min(layout.step / 2, 18));
  const top = block.expanded ? block.machineY(0) : block.y + 2;
  const named = layout.step >= 24 ? 22 : 6;
  return [
    figure(`row:${p.id}`, marks, {
      entity: p.id,
      label: describePartition(p),
      box: boxOf(x - half, top, 2 * half, block.expanded ? block.machinesEnd - top : c + named),
    }),
  ];
}

/** Among many partitions a replica is a stroke: long for the leader, short in sync, none out of sync. */
function narrowReplica({ x, y, width, height }: Box, kind: ReplicaKind): Mark[] {
  if (kind === 'out' || kind === 'led' || kind === 'believes') return [];
  const long = kind === 'leader' ? height * 0.7 : height * 0.3;
  const thick = kind === 'leader' ? Math.max(1.4, width) : Math.max(0.7, width * 0.5);
  const middle = y + width / 2;
  return [rect(boxOf(x - thick / 2, middle - long / 2, thick, long), kind === 'leader' ? 'f2' : 'fl')];
}

interface ReaderAt {
  readonly block: TurnedBlock;
  readonly station: ReaderStation;
}

function readerBlock(
  context: LoomContext,
  layout: TurnedLayout,
  { block, station }: ReaderAt,
): readonly Figure[] {
  const lags = context.lags.get(station.key) ?? [];
  const scale = context.scales.lag;
  const numbers = lags.flatMap((row) =>
    row.flatMap((l) => [l.done, l.wait, Math.round(l.ageMs / 50), l.silent]),
  );
  const owners = Array.from({ length: station.rows }, (_, row) => ownersOf(station, row).join('+'));
  const states = station.kind === 'subtopology' ? station.tasks.map((t) => t?.state).join() : '';
  const lagKept = context.cache.keep(
    `turned-lag:${station.key}`,
    [layout.shape, scale, numbers.join()],
    () => (block.lagHeight === 0 ? [] : [lagFigure(context, layout, { block, station })]),
  );
  const inputs = [layout.shape, owners.join(), states, ...station.machines];
  const work = context.cache.keep(`turned:${station.key}`, inputs, () => [
    ...station.machines.map((m, i) => machineBand(layout, block, { node: m, i })),
    ...cardWords(station).flatMap((word, row) =>
      ownersOf(station, row).map((owner) => cardAt(context, layout, { block, station, word, row, owner })),
    ),
  ]);
  return [...lagKept, ...work, ...(context.later?.turnedService(context, layout, block) ?? [])];
}

function lagFigure(context: LoomContext, layout: TurnedLayout, { block, station }: ReaderAt): Figure {
  const reader = station.kind === 'group' ? station.group : station.application;
  return figure(`lag:${station.key}`, lagMarks(context, layout, { block, station }), {
    entity: reader.id,
    label: `${reader.kind} ${reader.name}`,
    box: boxOf(6, block.y, layout.x - 14, 34),
  });
}

function lagMarks(context: LoomContext, layout: TurnedLayout, { block, station }: ReaderAt): Mark[] {
  const name = station.kind === 'group' ? station.group.name : station.application.name;
  const y = block.y + 6;
  const rows = (context.lags.get(station.key) ?? []).map((lags, row) => ({
    row,
    done: lags.reduce((n, l) => n + l.done, 0),
    wait: lags.reduce((n, l) => n + l.wait, 0),
    age: Math.max(0, ...lags.map((l) => l.ageMs)),
    silent: lags.length > 0 && lags.every((l) => l.silent),
  }));
  const worst = rows.reduce(
    (a, b) => (b.done + b.wait > a.done + a.wait ? b : a),
    rows[0] ?? { row: 0, done: 0, wait: 0, age: 0, silent: false },
  );
  const thick = Math.max(1.2, Math.min(9, layout.step * 0.5));
  const scale = context.scales.lag;
  return [
    text(10, y + 8, 'lag of', 'tt'),
    text(10, y + 22, shorten(name, layout.at(0) - 24, 's12 tb cond'), 's12 tb cond'),
    ...rows.flatMap((r): Mark[] => {
      const x = layout.at(r.row);
      const total = r.done + r.wait;
      const long = Math.min(block.lagHeight - 24, total * scale);
      const bar =
        layout.step >= 14
          ? lagBar([x, y], { done: r.done * scale, wait: r.wait * scale }, { thick, turned: true })
          : [rect(boxOf(x - thick / 2, y, thick, Math.max(1, total * scale)), r.wait >= MANY ? 'fi' : 'fl')];
      return [...bar, ...lagNumber(layout, { ...r, total, x, y, long, worst: r.row === worst.row })];
    }),
  ];
}

interface NumberAt {
  /** No leader answers: the number is not known. */
  readonly silent: boolean;
  readonly total: number;
  readonly wait: number;
  readonly age: number;
  readonly x: number;
  readonly y: number;
  readonly long: number;
  readonly worst: boolean;
  readonly row: number;
}

/** Beside the bar, below it, or only for the longest, by the room there is. */
function lagNumber(layout: TurnedLayout, n: NumberAt): Mark[] {
  const words = n.silent ? '?' : n.total > 9_999 ? shortCount(n.total) : count(n.total);
  const classes = n.wait >= MANY ? 's12 tb' : 's12 t2';
  const room = Math.min(layout.step - 19, layout.width - 2 - n.x - 9);
  if (layout.step >= 46 && textWidth(words, classes) <= room) {
    const age = n.wait >= MANY ? [text(n.x + 9, n.y + 26, seconds(n.age), 'tt cond')] : [];
    return [text(n.x + 9, n.y + 12, words, classes), ...age];
  }
  if (layout.step >= 24 && textWidth(words, `${classes} cond`) <= layout.step - 2) {
    return [text(n.x, n.y + n.long + 17, words, `m ${classes} cond`)];
  }
  if (!n.worst || n.wait === 0) return [];
  const whole = `p${n.row}  ${words}`;
  const half = textWidth(whole, 's12 tb') / 2;
  const x = Math.max(layout.x + half, Math.min(layout.width - 8 - half, n.x));
  return [text(x, n.y + n.long + 17, whole, 'm s12 tb')];
}

function cardAt(
  context: LoomContext,
  layout: TurnedLayout,
  { block, station, word, row, owner }: ReaderAt & { word: string; row: number; owner: number },
): Figure {
  const task = station.kind === 'subtopology' ? station.tasks[row] : undefined;
  const width = Math.max(1.5, Math.min(32, layout.step - 2));
  const height = block.machineHeight - 4;
  const home = homeOf(station, owner);
  const y = home < 0 ? (block.machineY(0) + block.machinesEnd - height) / 2 : block.machineY(home) + 2;
  const box = boxOf(layout.at(row) - width / 2, y, width, height);
  const classes = ['s12', 's12 cond'].find((c) => textWidth(word, c) <= width - 1);
  const state = owner < 0 ? 'waiting' : task?.state === 'restoring' ? 'restoring' : 'docked';
  const whole = boxOf(0, 0, width, height);
  const marks =
    width < 8 ? [rect(whole, owner < 0 ? 'fl' : 'f2')] : card(whole, classes ? word : '', state, classes);
  return figure(cardKey(station, row, owner), marks, {
    ...cardMeaning(context, station, { row, owner }),
    box,
    at: [box.x, box.y],
  });
}
