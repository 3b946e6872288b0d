import { count } from '../number-format.ts';
import {
  boxOf,
  figure,
  line,
  path,
  px,
  rect,
  text,
  type Box,
  type Figure,
  type Mark,
} from '../picture/figure.ts';
import { triangle } from '../picture/glyphs.ts';
import { textWidth } from '../picture/text-width.ts';
import { fateWords, spansOf, type TransactionSpan, type Writer, writerName } from '../transaction-table.ts';
import type { LanesContext } from './lanes.ts';
import { boundaryX, cellX, laneY, type LanesLayout } from './layout.ts';
import type { Lane } from './model.ts';

/** Records below the last stable offset only are for readers of what is committed; between it and the high watermark is crossed. */
export function withheld({ layout, model }: LanesContext, lane: Lane, box: Box): Mark[] {
  const { lastStable, highWatermark } = model;
  if (lastStable === null) return [];
  const from = boundaryX(layout, Math.max(lastStable, layout.first));
  const to = boundaryX(layout, Math.min(highWatermark, lane.state.logEnd));
  if (to - from < 2) return [];
  const inset = lane.leader ? 2 : 1;
  const height = layout.size.padding * 2 + layout.size.cell - 3;
  return [rect(boxOf(from + 1, box.y + inset, to - from - 1, height), 'crossed')];
}

/** The last stable offset: a hollow head and a dashed rule, its number to the left of it. */
export function stableFigures({ layout, model }: LanesContext): readonly Figure[] {
  const { lastStable } = model;
  if (lastStable === null || lastStable === model.highWatermark) return [];
  const top = layout.y - 30;
  const bottom = layout.readersShown > 0 ? layout.readersY : laneY(layout, 0) + layout.frameHeight;
  const words = `LSO ${count(lastStable)}`;
  if (lastStable < layout.first)
    return [figure('stable', [text(layout.cellsX - 4, top - 4, `${words}, further left`, 'tb')])];
  const x = boundaryX(layout, lastStable);
  const room = x - 12 - textWidth(words, 'tb');
  const free = boundaryX(layout, model.highWatermark) - 30 - (x + 14);
  return [
    figure('stable', [
      line([x, top], [x, bottom], 'mark dashed'),
      triangle(x, top + 2, 'down', { filled: false, size: 7 }),
      room >= layout.cellsX ? text(x - 12, top - 1, words, 'e tb') : text(x, top - 14, words, 'm tb'),
      ...(textWidth(WITHHELD, 'tt') <= free ? [text(x + 14, top - 1, WITHHELD, 'tt')] : []),
    ]),
  ];
}

const WITHHELD = 'withheld from read_committed';

const ROW = 13;
const ROWS_MAX = 2;

/**
 * Which records are one transaction, whose, and what became of it: brackets, a row for each writer. They stand under the
 * leader's log, or under all logs where these stand close.
 */
export function spanFigures(context: LanesContext): readonly Figure[] {
  const { layout, model } = context;
  const i = model.lanes.findIndex(({ leader }) => leader);
  const lane = model.lanes[i];
  if (lane === undefined) return [];
  const under = layout.pitch - layout.frameHeight >= ROWS_MAX * ROW + 3 ? i : model.lanes.length - 1;
  const y = laneY(layout, under) + layout.frameHeight + 5;
  const room =
    under === i && i < model.lanes.length - 1 ? layout.pitch + laneY(layout, i) : layout.readersY - 4;
  const spans = spansOf(lane.cells).filter((span) => lastOf(span) >= layout.first);
  const writers = writersShown(spans, Math.min(ROWS_MAX, Math.floor((room - y + 3) / ROW)));
  return spans.flatMap((span) => {
    const row = writers.indexOf(span.producerId);
    if (row < 0) return [];
    const next = spans.find((other) => other.producerId === span.producerId && other.first > span.first);
    const free = next === undefined ? layout.first + layout.columns : next.first;
    return [spanFigure(context, span, { y: y + row * ROW, last: lastOf(span), free })];
  });
}

/** The producers that have a row, always in the same order; whoever holds the others up goes first if there are too many. */
function writersShown(spans: readonly TransactionSpan[], rows: number): number[] {
  const all = [...new Set(spans.map(({ producerId }) => producerId))].sort((a, b) => a - b);
  if (all.length <= rows) return all;
  const open = spans.find(({ fate }) => fate === 'open')?.producerId;
  return [...all.filter((id) => id === open), ...all.filter((id) => id !== open)].slice(0, Math.max(0, rows));
}

const lastOf = ({ marker, last }: TransactionSpan): number => Math.max(marker, last);

function spanFigure(
  { layout, model, label }: LanesContext,
  span: TransactionSpan,
  { y, last, free }: { readonly y: number; readonly last: number; readonly free: number },
): Figure {
  const writer = model.writers.get(span.producerId);
  const fate = fateWords(span.fate, writer);
  const cut = span.first < layout.first || span.torn;
  const from = cellX(layout, Math.max(span.first, layout.first));
  const to = cellX(layout, last) + layout.size.cell;
  const arms = `${cut ? `M${px(from)} ${px(y + 3)}` : `M${px(from)} ${px(y)}v3`}H${px(to)}${span.marker < 0 ? '' : 'v-3'}`;
  const all = spanWords(writer, span, { fate, label });
  const within = all.find((words) => textWidth(words, 'tt') + 6 <= to - from - 8);
  const after = all.find((words) => textWidth(words, 'tt') + 12 <= cellX(layout, free) - to);
  const marks: Mark[] = [path(arms, span.marker < 0 ? 'band open' : 'band')];
  if (within !== undefined) marks.push(...wordsOn(within, (from + to) / 2, y + 3));
  else if (after !== undefined) marks.push(...wordsOn(after, to + 6 + textWidth(after, 'tt') / 2, y + 3));
  return figure(`span:${span.producerId}:${span.first}`, marks, {
    entity: writer?.transaction.id ?? null,
    label: `transaction of ${nameOf(writer, span)}, ${fate}, from offset ${span.first}${span.marker < 0 ? '' : `, marker at ${span.marker}`}`,
    box: spanBox(layout, { from, to, y }),
  });
}

/** The name stands in the bracket's line, on a ground of its own. */
function wordsOn(words: string, middle: number, y: number): Mark[] {
  const width = textWidth(words, 'tt');
  return [
    rect(boxOf(middle - width / 2 - 3, y - 5, width + 6, 12), 'fc'),
    text(middle, y + 4.5, words, 'm tt'),
  ];
}

const spanBox = (
  layout: LanesLayout,
  { from, to, y }: { readonly from: number; readonly to: number; readonly y: number },
): Box => boxOf(from, y - 3, Math.min(to, layout.x + layout.frameWidth) - from, ROW - 2);

const nameOf = (writer: Writer | undefined, { producerId }: TransactionSpan): string =>
  writerName(producerId, writer);

/** From the most to the least that can be said. */
function spanWords(
  writer: Writer | undefined,
  span: TransactionSpan,
  { fate, label }: { readonly fate: string; readonly label: (node: string) => string },
): string[] {
  const node = writer?.producer === undefined ? undefined : label(writer.producer.node);
  const name = nameOf(writer, span);
  return [
    `${name}, ${fate}`,
    ...(node === undefined ? [] : [`${node} ${fate}`]),
    name,
    ...(node === undefined ? [] : [node]),
  ];
}
