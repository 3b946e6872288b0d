import { figure, path, px, type Figure, type Mark } from '../picture/figure.ts';
import { curve, race } from '../picture/glyphs.ts';
import { lagRoom, stationsOf, type LoomContext } from './context.ts';
import { topicOf, type Edge } from './graph.ts';
import { machineX, rowY, type Placed } from './layout.ts';
import { APPROACH, isShuffle, STRAND } from './measures.ts';
import { isNarrow, springsOf } from './producers.ts';
import { ownerOf, type PlacedReader } from './reader-rows.ts';
import { leaderX, type PlacedTopic } from './topic-rows.ts';

/** Widths are drawn to half a pixel, so that a rate that trembles changes nothing. */
const wide = (rate: number, scale: number): number =>
  Math.round(rate * scale * 2) / 2 || (rate > 0 ? 0.5 : 0);

/** All races between stations that are drawn row by row; they lie under everything else. */
export function raceFigures(context: LoomContext): readonly Figure[] {
  return context.graph.edges.flatMap((edge) => {
    const from = context.layout.placed.get(edge.from);
    const to = context.layout.placed.get(edge.to);
    if (from === undefined || to === undefined) return [];
    if (to.station.kind !== 'topic') return approach(context, to as PlacedReader, from as PlacedTopic);
    if (from.detail === 'rows' && to.detail === 'rows') {
      const topic = to as PlacedTopic;
      if (from.station.kind === 'producers') return intake(context, from, topic);
      return outflow(context, { edge, from: from as PlacedReader, to: topic });
    }
    return [];
  });
}

/** From the producers through one mouth to the leader of each partition. */
function intake(context: LoomContext, from: Placed, to: PlacedTopic): readonly Figure[] {
  const station = stationsOf(context, 'producers').find((p) => p.station.key === from.station.key);
  if (station === undefined) return [];
  const { flow } = context.scales;
  const springs = springsOf(context, station).map((s) => ({ ...s, width: wide(s.rate, flow) }));
  const rates = to.station.partitions.map((p) => wide(p?.recordsPerSecond ?? 0, flow));
  const leaders = rates.map((_, row) => leaderX(context, to, row));
  const right = from.x + from.width - (isNarrow(from) ? 0 : 2);
  const mouth = Math.min(right + 18, to.x - 14);
  const key = `races:${from.station.key}`;
  return context.cache.keep(
    key,
    [context.shape, ...springs.map((s) => s.width), ...rates, ...leaders],
    () => {
      const middle = springs.reduce((sum, s) => sum + s.y, 0) / Math.max(1, springs.length);
      const marks: Mark[] = stack(
        springs.map((s) => s.width),
        middle,
      ).flatMap((y, i) => {
        const spring = springs[i];
        return spring ? race([right, spring.y], [mouth, y], spring.width) : [];
      });
      stack(rates, middle).forEach((y, row) => {
        const rowAt = rowY(to, row);
        const gate = to.x - 6;
        marks.push(...race([mouth, y], [gate, rowAt], rates[row] ?? 0, 0.55));
        marks.push(...race([gate, rowAt], [(leaders[row] ?? gate) + 1, rowAt], rates[row] ?? 0));
      });
      return [figure(key, marks)];
    },
  );
}

/** Middles of widths that lie side by side around `middle`. */
function stack(widths: readonly number[], middle: number): number[] {
  let at = middle - widths.reduce((a, b) => a + b, 0) / 2;
  return widths.map((w) => {
    const y = at + w / 2;
    at += w;
    return y;
  });
}

/** Into the work of each row: as wide as what is read; threads where the row's partition stands on another level. */
function approach(context: LoomContext, to: PlacedReader, from: PlacedTopic): readonly Figure[] {
  if (to.detail === 'bars' && !from.stacked && !to.stacked) return [];
  const rows = context.lags.get(to.station.key) ?? [];
  const key = `${from.station.key}:${to.station.key}`;
  const owners = rows.map((_, row) => ownerOf(to.station, row));
  const fed = rows.flatMap((lags, row) =>
    lags.flatMap((l) =>
      topicOf(l.name) === from.station.topic.name ? [{ row, partition: partitionOf(l.name) }] : [],
    ),
  );
  const strands = context.cache.keep(`strands:${key}`, [context.shape, fed.length], () => {
    const marks = fed.flatMap((f) => strand(from, to, f));
    return marks.length === 0 ? [] : [figure(`strands:${key}`, marks)];
  });
  if (to.detail === 'bars') return strands;
  const races = fed.flatMap(({ row }) => {
    const lags = rows[row] ?? [];
    if (topicOf(lags[0]?.name ?? '') !== from.station.topic.name) return [];
    const width = wide(
      lags.reduce((n, l) => n + l.rate, 0),
      context.scales.flow,
    );
    const owner = owners[row] ?? -1;
    return context.cache.keep(`race:${key}:${row}`, [context.shape, width, owner], () => {
      const y = rowY(to, row);
      const end = owner < 0 ? to.x - 2 : machineX(to, owner) + 3;
      return [figure(`race:${key}:${row}`, race([to.x - APPROACH, y], [end, y], width))];
    });
  });
  return [...strands, ...races];
}

const partitionOf = (name: string): number => Number(name.slice(name.lastIndexOf('-') + 1));

/** Many threads say no more than some. */
const THREADS_MOST = 24;

/** A thread from the partition to its reader's row where the two are not on one level. */
function strand(from: PlacedTopic, to: PlacedReader, at: { partition: number; row: number }): Mark[] {
  const every = Math.ceil(from.station.rows / THREADS_MOST);
  const [y1, y2] = [rowY(from, at.partition), rowY(to, at.row)];
  if (Math.abs(y1 - y2) < 1 || at.partition % every !== 0) return [];
  const x2 = lagRoom(to).x - 4;
  const x1 = Math.max(from.right + 2, x2 - STRAND);
  const middle = (x2 - x1) / 2;
  const bend = curve([x1 + middle, y1], [x2 - middle, y2], [x2, y2]);
  return [path(`M${px(from.right + 2)} ${px(y1)}H${px(x1)}${bend}`, 'thread')];
}

interface Outflow {
  readonly edge: Edge;
  readonly from: PlacedReader;
  readonly to: PlacedTopic;
}

/** Out of an operator: straight on in its row, or crossing where records get another key. */
function outflow(context: LoomContext, { edge, from, to }: Outflow): readonly Figure[] {
  if (from.station.kind !== 'subtopology') return [];
  const { flow } = context.scales;
  const stations = new Map([...context.layout.placed].map(([k, p]) => [k, p.station]));
  const crossing = isShuffle(edge, { stations });
  const only = context.graph.edges.filter((e) => e.to === edge.to).length === 1;
  const out = from.station.tasks.map((t) => wide(t?.recordsPerSecond ?? 0, flow));
  const into = to.station.partitions.map((p) => (only ? wide(p?.recordsPerSecond ?? 0, flow) : 0.5));
  const owners = out.map((_, row) => ownerOf(from.station, row));
  const leaders = into.map((_, row) => leaderX(context, to, row));
  const key = `races:${edge.from}:${edge.to}`;
  return context.cache.keep(key, [context.shape, ...out, ...into, ...owners, ...leaders], () => {
    const right = from.x + from.width;
    const gateOut = crossing ? right + 4 : right;
    const gateIn = crossing ? to.x - 10 : right;
    const start = (row: number): number => machineX(from, owners[row] ?? 0) + from.frame - 3;
    const marks = crossing ? shuffle(from, to, { x1: gateOut, x2: gateIn, out, into }) : [];
    if (crossing) {
      out.forEach((w, row) => {
        if ((owners[row] ?? -1) >= 0)
          marks.push(...race([start(row), rowY(from, row)], [gateOut, rowY(from, row)], w));
      });
    }
    into.forEach((w, row) => {
      if (!crossing && (owners[row] ?? -1) < 0) return;
      const x = crossing ? gateIn : start(row);
      const y = crossing ? rowY(to, row) : rowY(from, row);
      marks.push(...race([x, y], [(leaders[row] ?? to.x) + 1, rowY(to, row)], w));
    });
    return [figure(key, marks)];
  });
}

interface Crossing {
  readonly x1: number;
  readonly x2: number;
  readonly out: readonly number[];
  readonly into: readonly number[];
}

/** Pair by pair, every row that sends to every row that receives; how much goes which way nobody has measured. */
function shuffle(from: Placed, to: Placed, { x1, x2, out, into }: Crossing): Mark[] {
  const middle = (x2 - x1) * 0.45;
  const spreadAt = (widths: readonly number[], row: number, part: number): number =>
    (part - 0.5) * Math.max(0, (widths[row] ?? 0) - 1);
  const threads = out.flatMap((a, i) =>
    a <= 0
      ? []
      : into.flatMap((b, j) => {
          if (b <= 0) return [];
          const y1 = rowY(from, i) + spreadAt(out, i, (j + 0.5) / into.length);
          const y2 = rowY(to, j) + spreadAt(into, j, (i + 0.5) / out.length);
          return [`M${px(x1)} ${px(y1)}${curve([x1 + middle, y1], [x2 - middle, y2], [x2, y2])}`];
        }),
  );
  return threads.length === 0 ? [] : [path(threads.join(''), 'thread')];
}
