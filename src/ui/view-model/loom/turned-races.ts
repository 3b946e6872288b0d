import { shortCount } from '../number-format.ts';
import { boxOf, figure, path, px, rect, text, type Figure, type Mark } from '../picture/figure.ts';
import { curve, race } from '../picture/glyphs.ts';
import { shorten, textWidth } from '../picture/text-width.ts';
import type { LoomContext } from './context.ts';
import type { Station } from './graph.ts';
import { ownerOf } from './reader-rows.ts';
import { legendNumber } from './scales.ts';
import { troubles } from './sums.ts';
import type { TurnedBlock, TurnedLayout } from './turned-layout.ts';
import { headOf } from './words.ts';

/** A race downwards: two banks, or one line when it is narrow. */
function fall(x: number, y1: number, y2: number, width: number): Mark[] {
  if (width <= 0 || y2 <= y1) return [];
  if (width < 2) return [path(`M${px(x)} ${px(y1)}V${px(y2)}`, 'water', Math.max(0.6, width))];
  const h = width / 2;
  return [
    rect(boxOf(x - h, y1, width, y2 - y1), 'ground'),
    path(`M${px(x - h)} ${px(y1)}V${px(y2)}M${px(x + h)} ${px(y1)}V${px(y2)}`, 'water', 1),
  ];
}

/** Races between the blocks: straight down their column, or crossing where records get another key. */
export function turnedRaces(context: LoomContext, layout: TurnedLayout): readonly Figure[] {
  return layout.blocks.flatMap((block, i) => {
    const before = layout.blocks[i - 1];
    if (before === undefined) return [];
    const rates = ratesInto(context, block.station).map(
      (r) => Math.round(Math.min(r * context.scales.flow, layout.step - 6) * 2) / 2,
    );
    const ends = rates.map((_, row) => targetY(context, block, row));
    const key = `turned-race:${block.station.key}`;
    return context.cache.keep(key, [layout.shape, rates.join(), ends.join()], () => {
      if (layout.step < 14)
        return block.shuffle > 0 ? [figure(key, shuffleMarks(context, layout, { block, before }))] : [];
      const start =
        block.shuffle > 0
          ? block.y - 4
          : block.lagHeight > 0
            ? block.y + block.lagHeight - 14
            : before.y + before.height + 2;
      const from =
        block.station.kind === 'topic' && before.station.kind === 'producers' ? block.machineY(0) - 5 : start;
      const falls = rates.flatMap((w, row) => fall(layout.at(row), from, ends[row] ?? from, w));
      return [
        figure(key, [
          ...falls,
          ...(block.shuffle > 0 ? shuffleMarks(context, layout, { block, before }) : []),
        ]),
      ];
    });
  });
}

function ratesInto(context: LoomContext, station: Station): number[] {
  if (station.kind === 'topic') return station.partitions.map((p) => p?.recordsPerSecond ?? 0);
  if (station.kind === 'producers') return [];
  return (context.lags.get(station.key) ?? []).map((lags) => lags.reduce((n, l) => n + l.rate, 0));
}

/** Where a column's race ends in a block: at its leader, or at the work. */
function targetY(context: LoomContext, block: TurnedBlock, row: number): number {
  const { station } = block;
  if (station.kind === 'producers') return block.y;
  if (station.kind === 'topic') {
    if (!block.expanded) return block.y + 5;
    const leader = station.partitions[row]?.leader;
    const i = context.graph.brokers.findIndex((b) => b.broker?.brokerId === leader);
    return i < 0 ? block.machineY(0) : block.machineY(i) + 5;
  }
  const owner = ownerOf(station, row);
  return owner < 0 ? block.machineY(0) : block.machineY(owner) + 3;
}

function shuffleMarks(
  context: LoomContext,
  layout: TurnedLayout,
  { block, before }: { block: TurnedBlock; before: TurnedBlock },
): Mark[] {
  const y1 = before.y + before.height + 1;
  const y2 = block.y - 3;
  const bend = (y2 - y1) * 0.5;
  const rows = (b: TurnedBlock): number[] => {
    const n = b.station.rows;
    return n <= 14
      ? Array.from({ length: n }, (_, i) => i)
      : Array.from({ length: 11 }, (_, i) => (i * (n - 1)) / 10);
  };
  const targets = rows(block).filter(
    (_, j) => rows(block).length < 11 || block.station.rows <= 14 || j % 5 === 0,
  );
  const threads = rows(before).flatMap((a) =>
    targets.map((b) => {
      const [xa, xb] = [layout.at(a), layout.at(b)];
      return `M${px(xa)} ${px(y1)}${curve([xa, y1 + bend], [xb, y2 - bend], [xb, y2])}`;
    }),
  );
  const head = headOf(before.station, context.graph.nodes);
  const words = [head.name, before.station.kind === 'subtopology' ? head.sub : ''];
  return [
    path(threads.join(''), 'thread'),
    ...words.map((w, i) => text(10, y1 + 16 + i * 14, shorten(w, 46, 'tt cond'), 'tt cond')),
  ];
}

/** The scales, and below them what is wrong but has no place of its own. */
export function turnedLegend(context: LoomContext, layout: TurnedLayout): readonly Figure[] {
  const { scales } = context;
  const wrong = troubles(context).slice(0, 3);
  const inputs = [layout.shape, scales.flow, scales.lag, layout.height, ...wrong.map((w) => w.words)];
  return context.cache.keep('turned-legend', inputs, () => {
    const y = layout.height - 10;
    const per = legendNumber(scales.flow, 13.5);
    const lag = legendNumber(scales.lag, 22);
    const first = `${shortCount(per)} /s, last second`;
    const x = 10 + 32 + textWidth(first, 'tt') + 16;
    const legend = figure('legend', [
      ...race([10, y - 4], [36, y - 4], Math.max(1, per * scales.flow)),
      text(42, y, first, 'tt'),
      rect(boxOf(x, y - 8.5, lag * scales.lag, 9), 'f2'),
      text(x + lag * scales.lag + 6, y, `${shortCount(lag)} not read yet`, 'tt'),
    ]);
    const faults = wrong.map((t, i) => {
      const at = y - 20 - 18 * (wrong.length - 1 - i);
      return figure(
        `trouble:${t.entity}`,
        [text(10, at, shorten(t.words, layout.width - 20, 'tb s12'), 'tb s12')],
        {
          entity: t.entity,
          label: t.words,
          box: boxOf(6, at - 13, layout.width - 12, 17),
        },
      );
    });
    return [legend, ...faults];
  });
}
