import { figure, path, px, type Figure } from '../picture/figure.ts';
import type { LoomContext } from './context.ts';
import type { Edge } from './graph.ts';
import { rowY, type Placed } from './layout.ts';
import { isShuffle } from './measures.ts';
import { producersMiddle } from './producers.ts';
import { stationsOf } from './context.ts';

/** What leads between stations whose rows are bars: one shape for all rows, for single races would be a grey wall. */
export function lensFigures(context: LoomContext): readonly Figure[] {
  const stations = new Map([...context.layout.placed].map(([k, p]) => [k, p.station]));
  return context.graph.edges.flatMap((edge) => {
    const from = context.layout.placed.get(edge.from);
    const to = context.layout.placed.get(edge.to);
    if (from === undefined || to === undefined || to.station.kind !== 'topic') return [];
    if (from.detail === 'rows' && to.detail === 'rows') return [];
    if (from.station.kind === 'producers') return funnel(context, from, to);
    return isShuffle(edge, { stations }) ? shuffleLens(context, edge, { from, to }) : [];
  });
}

/** From the mouth of the producers to all rows. */
function funnel(context: LoomContext, from: Placed, to: Placed): readonly Figure[] {
  const producers = stationsOf(context, 'producers').find((p) => p.station.key === from.station.key);
  if (producers === undefined) return [];
  const rate = producers.station.producers.reduce((n, p) => n + p.recordsPerSecond, 0);
  const half = Math.round(Math.min(40, rate * context.scales.flow)) / 2;
  return context.cache.keep(`funnel:${from.station.key}`, [context.shape, half], () => {
    const y = producersMiddle(context, producers);
    const x1 = from.x + from.width;
    const x2 = to.x - 8;
    const bend = (x2 - x1) / 2;
    const edge = (dy: number, end: number): string =>
      `M${px(x1)} ${px(y + dy)}h6C${px(x1 + bend)} ${px(y + dy)} ${px(x2 - bend)} ${px(end)} ${px(x2)} ${px(end)}`;
    const top = edge(-half, to.y0);
    const back = `V${px(to.bottom)}C${px(x2 - bend)} ${px(to.bottom)} ${px(x1 + bend)} ${px(y + half)} ${px(x1 + 6)} ${px(y + half)}h-6z`;
    return [
      figure(`funnel:${from.station.key}`, [
        path(top + back, 'ground'),
        path(top + edge(half, to.bottom), 'water', 1),
      ]),
    ];
  });
}

/** Middles of at most so many rows, the first and the last among them. */
function levels(placed: Placed, most: number): number[] {
  const { rows } = placed.station;
  const n = Math.min(rows, most);
  return Array.from({ length: n }, (_, i) => rowY(placed, n < 2 ? 0 : (i * (rows - 1)) / (n - 1)));
}

/** Every row to every row, by eleven for all. */
function shuffleLens(
  context: LoomContext,
  edge: Edge,
  { from, to }: { from: Placed; to: Placed },
): readonly Figure[] {
  const key = `lens:${edge.from}:${edge.to}`;
  return context.cache.keep(key, [context.shape], () => {
    const x1 = from.x + from.width + 4;
    const x2 = to.x - 4;
    const bend = (x2 - x1) * 0.5;
    const threads: string[] = [];
    for (const y1 of levels(from, 11)) {
      for (const y2 of levels(to, 3)) {
        threads.push(
          `M${px(x1)} ${px(y1)}C${px(x1 + bend)} ${px(y1)} ${px(x2 - bend)} ${px(y2)} ${px(x2)} ${px(y2)}`,
        );
      }
    }
    return [figure(key, [path(threads.join(''), 'thread')])];
  });
}
