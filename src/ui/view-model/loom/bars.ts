import type { PartitionEntity } from '../../../engine/api/entities/partition.ts';
import { count, shortCount } from '../number-format.ts';
import { boxOf, figure, line, path, px, text, type Figure, type Mark } from '../picture/figure.ts';
import { textWidth } from '../picture/text-width.ts';
import { lagRoom, LEAST_ROOM, type LoomContext } from './context.ts';
import type { RowLag } from './lag.ts';
import { machineX, rowY, type Placed } from './layout.ts';
import { ownerOf, type PlacedReader } from './reader-rows.ts';
import { isMoved, partitionTrouble, type PlacedTopic } from './topic-rows.ts';
import { describePartition, describeTask } from './words.ts';

/** From so many unread records on a row stands out of its column. */
const MANY = 100;
const clamp = (n: number, low: number, high: number): number => Math.min(high, Math.max(low, n));

/** Filled rectangles as one path: a hundred rows cost one element. */
function bars(boxes: readonly (readonly [number, number, number, number])[], classes: string): Mark[] {
  if (boxes.length === 0) return [];
  const d = boxes.map(([x, y, w, h]) => `M${px(x)} ${px(y)}h${px(w)}v${px(h)}h${px(-w)}z`).join('');
  return [path(d, classes)];
}

/** A topic with more rows than can be drawn in full: one bar for each replica, exceptions in words. */
export function topicBarFigures(context: LoomContext, placed: PlacedTopic): readonly Figure[] {
  const { station } = placed;
  const known = station.partitions.flatMap((p) => p ?? []);
  const shape = known.map((p) => `${p.leader}:${p.isr.join()}:${p.replicas.join()}`).join(' ');
  const drawn = context.cache.keep(`bars:${station.key}`, [context.shape, shape], () => [
    figure(
      `bars:${station.key}`,
      placed.expanded ? replicaBars(context, placed, known) : leaderBars(placed, known),
    ),
    ...troubleWords(placed, known),
  ]);
  const hits = context.cache.keep(`hits:${station.key}`, [context.shape, shape], () =>
    known.map((p) => rowHit(placed, p)),
  );
  return [...drawn, ...hits];
}

const rowHit = (placed: Placed, p: PartitionEntity): Figure =>
  figure(`row:${p.id}`, [], {
    entity: p.id,
    label: describePartition(p),
    box: boxOf(placed.x, rowY(placed, p.partition) - placed.pitch / 2, placed.width - 4, placed.pitch),
  });

function replicaBars(context: LoomContext, placed: PlacedTopic, known: readonly PartitionEntity[]): Mark[] {
  const thick = clamp(placed.pitch * 0.7, 1.2, 8);
  const thin = clamp(placed.pitch * 0.32, 0.75, 3);
  const long = placed.frame * 0.75;
  const short = placed.frame * 0.4;
  type Bar = readonly [number, number, number, number];
  const [leaders, moved, sync]: [Bar[], Bar[], Bar[]] = [[], [], []];
  let out = '';
  let moves = '';
  for (const p of known) {
    const y = rowY(placed, p.partition);
    for (const broker of p.replicas) {
      const i = context.graph.brokers.findIndex((b) => b.broker?.brokerId === broker);
      if (i < 0) continue;
      const middle = machineX(placed, i) + placed.frame / 2;
      if (broker === p.leader)
        (isMoved(p) ? moved : leaders).push([middle - long / 2, y - thick / 2, long, thick]);
      else if (p.isr.includes(broker)) sync.push([middle - short / 2, y - thin / 2, short, thin]);
      else out += `M${px(middle - long / 2)} ${px(y)}h${px(long)}`;
    }
    if (isMoved(p)) moves += moveLine(context, placed, p);
  }
  return [
    ...(out === '' ? [] : [path(out, 'dots')]),
    ...(moves === '' ? [] : [path(moves, 'ink1')]),
    ...bars(leaders, 'f2'),
    ...bars(moved, 'fi'),
    ...bars(sync, 'fl'),
    ...rowTicks(placed),
  ];
}

function moveLine(context: LoomContext, placed: PlacedTopic, p: PartitionEntity): string {
  const at = (broker: number): number => {
    const i = context.graph.brokers.findIndex((b) => b.broker?.brokerId === broker);
    return i < 0 ? NaN : machineX(placed, i) + placed.frame / 2;
  };
  const [from, to] = [at(p.replicas[0] ?? -1), at(p.leader)];
  return Number.isNaN(from) || Number.isNaN(to)
    ? ''
    : `M${px(from)} ${px(rowY(placed, p.partition))}H${px(to)}`;
}

/** A few numbers so that rows can be found. */
function rowTicks(placed: PlacedTopic): Mark[] {
  const step = Math.max(1, Math.ceil(placed.station.rows / 4 / 5) * 5);
  const marks: Mark[] = [];
  for (let row = 0; row < placed.station.rows; row += step) {
    marks.push(
      text(
        placed.x + placed.width - 3,
        Math.max(placed.y0 + 8, rowY(placed, row) + 4.5),
        `p${row}`,
        'tt e cond',
      ),
    );
  }
  return marks;
}

function leaderBars(placed: PlacedTopic, known: readonly PartitionEntity[]): Mark[] {
  const thick = clamp(placed.pitch * 0.7, 1.2, 8);
  const bar = (p: PartitionEntity): readonly [number, number, number, number] => [
    placed.x,
    rowY(placed, p.partition) - thick / 2,
    10,
    thick,
  ];
  const led = known.filter((p) => p.leader >= 0);
  return [
    ...bars(led.filter((p) => !isMoved(p)).map(bar), 'f2'),
    ...bars(led.filter(isMoved).map(bar), 'fi'),
  ];
}

/** What is not in order, in words below the machines. */
function troubleWords(placed: PlacedTopic, known: readonly PartitionEntity[]): Figure[] {
  const { minInsyncReplicas } = placed.station.topic;
  const offline = known.filter((p) => p.leader < 0).length;
  const below = known.filter((p) => p.leader >= 0 && partitionTrouble(p, minInsyncReplicas) !== '').length;
  const lacking = known.filter((p) => p.isr.length < p.replicas.length).length;
  const moved = known.filter(isMoved).length;
  const all = [
    ...(offline > 0 ? [`${offline} without leader`] : []),
    ...(below > 0 ? [`${below} below min in sync`] : []),
    ...(lacking > 0 ? [`${lacking} lack a copy`] : []),
    ...(moved > 0 ? [`${moved} led away from home`] : []),
  ];
  const words = placed.expanded
    ? all.slice(0, 2)
    : all.filter((w) => !w.includes('copy') && !w.includes('home'));
  if (words.length === 0) return [];
  const y = placed.bottom + 38;
  return [figure(`trouble:${placed.station.key}`, [text(placed.x, y, words.join(', '), 's12 tb cond')])];
}

export function readerBarFigures(context: LoomContext, placed: PlacedReader): readonly Figure[] {
  const { station } = placed;
  const owners = Array.from({ length: station.rows }, (_, row) => ownerOf(station, row));
  const states = station.kind === 'subtopology' ? station.tasks.map((t) => t?.state).join() : '';
  const work = context.cache.keep(`work:${station.key}`, [context.shape, owners.join(), states], () => [
    figure(`work:${station.key}`, workBars(placed, owners)),
    ...taskHits(placed, owners),
  ]);
  return [...lagBarsOf(context, placed), ...work];
}

function workBars(placed: PlacedReader, owners: readonly number[]): Mark[] {
  const { station } = placed;
  const thick = clamp(placed.pitch * 0.64, 1.2, 8);
  const long = Math.max(3, placed.frame * 0.7);
  const bar = (row: number): readonly [number, number, number, number] => [
    machineX(placed, owners[row] ?? 0) + (placed.frame - long) / 2,
    rowY(placed, row) - thick / 2,
    long,
    thick,
  ];
  const rows = owners.flatMap((o, row) => (o >= 0 ? [row] : []));
  const restoring = (row: number): boolean =>
    station.kind === 'subtopology' && station.tasks[row]?.state === 'restoring';
  const nobody = owners.length - rows.length;
  return [
    ...bars(rows.filter((r) => !restoring(r)).map(bar), 'f2'),
    ...bars(rows.filter(restoring).map(bar), 'ink1 fc'),
    ...(nobody > 0 ? [text(placed.x, placed.bottom + 34, `${nobody} unassigned`, 's12 tb cond')] : []),
  ];
}

const taskHits = (placed: PlacedReader, owners: readonly number[]): Figure[] => {
  const { station } = placed;
  if (station.kind !== 'subtopology') return [];
  return station.tasks.flatMap((task, row) => {
    if (task === undefined) return [];
    const owner = owners[row] ?? -1;
    const x = owner < 0 ? placed.x : machineX(placed, owner);
    return figure(`card:${station.key}:${row}`, [], {
      entity: task.id,
      label: describeTask(task, station.machines[owner]),
      box: boxOf(
        x,
        rowY(placed, row) - placed.pitch / 2,
        owner < 0 ? placed.width : placed.frame,
        placed.pitch,
      ),
    });
  });
};

interface Behind {
  readonly row: number;
  readonly total: number;
  readonly wait: number;
}

const behind = (lags: readonly RowLag[], row: number): Behind => ({
  row,
  total: lags.reduce((n, l) => n + l.done + l.wait, 0),
  wait: lags.reduce((n, l) => n + l.wait, 0),
});

/** Every row once; the longest has its number, the calm ones are counted. */
function lagBarsOf(context: LoomContext, placed: PlacedReader): readonly Figure[] {
  const rows = (context.lags.get(placed.station.key) ?? []).map(behind);
  if (rows.length === 0) return [];
  if (lagRoom(placed).width < LEAST_ROOM) return [];
  const { lag: scale } = context.scales;
  const inputs = [context.shape, scale, rows.map((r) => `${r.total}/${r.wait >= MANY ? 1 : 0}`).join()];
  return context.cache.keep(`lags:${placed.station.key}`, inputs, () => {
    const { x } = lagRoom(placed);
    const thick = clamp(placed.pitch * 0.75, 1.2, 9);
    const bar = (r: Behind): readonly [number, number, number, number] => [
      x,
      rowY(placed, r.row) - thick / 2,
      Math.max(1, r.total * scale),
      thick,
    ];
    const hot = rows.filter((r) => r.wait >= MANY);
    return [
      figure(`lags:${placed.station.key}`, [
        line([x, placed.y0 - 4], [x, placed.bottom + 4], 'thin'),
        ...bars(rows.filter((r) => r.wait < MANY && r.total > 0).map(bar), 'fl'),
        ...bars(hot.map(bar), 'fi'),
        ...lagWords(placed, rows, { x, scale }),
      ]),
    ];
  });
}

function lagWords(
  placed: PlacedReader,
  rows: readonly Behind[],
  { x, scale }: { readonly x: number; readonly scale: number },
): Mark[] {
  const worst = rows.reduce((a, b) => (b.total > a.total ? b : a));
  const calm = rows.filter((r) => r.wait < MANY);
  const below = Math.max(0, ...calm.map((r) => r.total)) + 1;
  const summary =
    calm.length === rows.length ? `all below ${count(below)}` : `${calm.length} below ${count(below)}`;
  const room = placed.x - x - 6;
  const fit = ['tt', 'tt cond'].find((c) => textWidth(summary, c) <= room);
  const marks = fit === undefined ? [] : [text(x + 4, placed.bottom + 19, summary, fit)];
  if (worst.wait < MANY) return marks;
  const words = `${rowName(placed, worst.row)}  ${shortCount(worst.total)}`;
  const end = x + Math.max(1, worst.total * scale) + 6;
  if (placed.pitch >= 12 && end + textWidth(words, 's12 tb') <= placed.x - 4)
    return [...marks, text(end, rowY(placed, worst.row) + 4.5, words, 's12 tb')];
  const y = Math.max(placed.y0 + 8, rowY(placed, worst.row) - Math.max(4, placed.pitch * 0.6));
  const from = Math.min(x + 4, placed.x - 6 - textWidth(words, 's12 tb'));
  return [...marks, text(from, y, words, 's12 tb')];
}

/** Partition of a row in short; a task's name where it reads several. */
function rowName(placed: PlacedReader, row: number): string {
  const { station } = placed;
  const inputs =
    station.kind === 'subtopology' ? (station.tasks[row]?.inputs ?? []) : [station.reads[row]?.name ?? ''];
  const [name = ''] = inputs;
  if (inputs.length > 1 && station.kind === 'subtopology') return station.tasks[row]?.task ?? '';
  return `p${name.slice(name.lastIndexOf('-') + 1)}`;
}
