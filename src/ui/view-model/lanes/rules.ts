import { count, seconds } from '../number-format.ts';
import { boxOf, figure, line, path, px, rect, text, type Figure, type Mark } from '../picture/figure.ts';
import { arrowHead, card, triangle } from '../picture/glyphs.ts';
import { shorten, textWidth } from '../picture/text-width.ts';
import type { LanesContext } from './lanes.ts';
import { boundaryX, cellX, laneY, type LanesLayout } from './layout.ts';
import type { Reader } from './model.ts';

/** Offsets above the lanes. */
export function scaleFigure({ layout, model, cache }: LanesContext): readonly Figure[] {
  const hw = model.highWatermark;
  const lso = model.lastStable ?? hw;
  return cache
    .keep('offsets', [layout.shape, layout.first, hw, lso], () => {
      const y = layout.y - 26;
      const right = layout.x + layout.frameWidth;
      const marks: Mark[] = [line([layout.cellsX - 4, y], [right, y], 'thin')];
      const digits = textWidth(String(layout.first + layout.columns), 'tt cond') + 4;
      const step = layout.size.cell + layout.size.gap;
      const every = Math.max(layout.size.every, Math.ceil(digits / step));
      for (let k = 0; k < layout.columns; k++) {
        const offset = layout.first + k;
        marks.push(line([boundaryX(layout, offset), y], [boundaryX(layout, offset), y + 5], 'thin'));
        const middle = cellX(layout, offset) + layout.size.cell / 2;
        const hit = [hw, lso].some((rule) => Math.abs(middle - boundaryX(layout, rule)) < digits / 2 + 1);
        if (offset % every === 0 && !hit) marks.push(text(middle, y + 16, String(offset), 'tt m cond'));
      }
      return [
        figure('offsets', [
          ...marks,
          text(layout.cellsX - 12, y + (layout.phone ? 16 : -2), 'offset', 'tt e'),
        ]),
      ];
    })
    .concat(watermark(layout, hw, model.lastStable));
}

/** The high watermark: one rule through all replicas and the readers. */
function watermark(layout: LanesLayout, hw: number, lastStable: number | null): Figure {
  const x = boundaryX(layout, hw);
  const top = layout.y - 30;
  const bottom = layout.readersShown > 0 ? layout.readersY : laneY(layout, 0) + layout.frameHeight;
  const words = `${lastStable === hw ? 'LSO and ' : ''}HW ${count(hw)}`;
  const half = textWidth(words, 'tb') / 2;
  // Beside the last stable offset, whose number stands to its left, the words go to the right.
  const close = lastStable !== null && lastStable < hw && x - boundaryX(layout, lastStable) < half + 8;
  return figure('watermark', [
    line([x, top], [x, bottom], 'mark'),
    triangle(x, top + 2, 'down', { filled: true, size: 7 }),
    text(Math.min(layout.width - 6 - half, close ? x + half + 4 : x), top - 14, words, 'm tb'),
  ]);
}

/** A bracket joins the frames that are in sync. */
export function isrFigure({ layout, model }: LanesContext): Figure {
  const rows = model.lanes.flatMap((l, i) => (l.inSync ? [i] : []));
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined)
    return figure('isr', [text(layout.x - 24, layout.y + 14, 'ISR empty', 'e s12 tb')]);
  const x = layout.phone ? layout.x + layout.frameWidth + 10 : layout.x - 16;
  const arm = layout.phone ? -7 : 7;
  const top = (i: number): number => laneY(layout, i) + 4;
  const bottom = (i: number): number => laneY(layout, i) + layout.frameHeight - 4;
  const arms = rows.map((i) => {
    const before = i === first || !rows.includes(i - 1) ? `M${px(x + arm)} ${px(top(i))}h${-arm}` : '';
    const after = i === last || !rows.includes(i + 1) ? `M${px(x + arm)} ${px(bottom(i))}h${-arm}` : '';
    return before + after;
  });
  const marks = [path(`M${px(x)} ${px(top(first))}V${px(bottom(last))}${arms.join('')}`, 'mark')];
  const word = layout.phone
    ? text(x + 5, (top(first) + bottom(last)) / 2 + 4, 'ISR', 'tb s12')
    : text(x - 8, wordY(), 'ISR', 'e tb s12');
  return figure('isr', [...marks, word]);

  /** At the end of the bracket that the arrows to and from the leader do not touch. */
  function wordY(): number {
    const leader = model.lanes.findIndex((l) => l.leader);
    if (leader !== last) return bottom(last ?? 0);
    return leader === first ? bottom(last) + 15 : top(first ?? 0) + 9;
  }
}

/** Half a bracket for each replica that may lead without loss although it is not in sync (KIP-966). */
export function elrFigure({ layout, model }: LanesContext): readonly Figure[] {
  const { elr = [] } = model.partition;
  const x = layout.phone ? layout.x + layout.frameWidth + 10 : layout.x - 16;
  const arm = layout.phone ? -7 : 7;
  const marks = model.lanes.flatMap(({ state }, i): Mark[] => {
    if (!elr.includes(state.broker)) return [];
    const top = laneY(layout, i) + 4;
    const half = (layout.frameHeight - 8) / 2;
    return [
      path(`M${px(x + arm)} ${px(top)}h${-arm}v${px(half)}`, 'mark'),
      layout.phone
        ? text(x + 5, top + half + 4, 'ELR', 'tb s12')
        : text(x - 8, top + half + 4, 'ELR', 'e tb s12'),
    ];
  });
  return marks.length === 0 ? [] : [figure('elr', marks)];
}

/** The leader's flag: pole, pennant, epoch. */
export function flagFigure({ layout, model }: LanesContext): Figure[] {
  const i = model.lanes.findIndex((l) => l.leader);
  if (i < 0 || layout.phone || layout.pitch - layout.frameHeight < 16) return [];
  const words = `L ep ${model.partition.leaderEpoch}`;
  const width = textWidth(words, 's12 tb') + 20;
  const marks = [
    path('M0 0v-18', 'mark'),
    path(`M0 -18h${px(width)}l-5 7.5l5 7.5h${px(-width)}z`, 'fi'),
    text(7, -6.5, words, 's12 tb onink'),
  ];
  return [figure('leader-flag', marks, { at: [layout.x + 8, laneY(layout, i)] })];
}

/** One scale for each group that reads the partition. */
export function readerFigures(context: LanesContext): readonly Figure[] {
  const { layout, model, cache } = context;
  const shown = model.readers.slice(0, layout.readersShown);
  const figures = shown.flatMap((r, i) => {
    const { read } = r;
    const inputs = [
      layout.shape,
      layout.first,
      r.group.id,
      r.owner,
      read.position,
      read.committed,
      read.end,
      Math.round(read.lagMs / 10),
    ];
    return cache.keep(`reader:${r.group.id}`, inputs, () => readerOf(context, r, i));
  });
  const rest = model.readers.length - shown.length;
  if (rest === 0) return figures;
  const y = layout.readersY + layout.readersShown * layout.readersPitch + (layout.phone ? 6 : -4);
  return [...figures, figure('more-readers', [text(layout.x + 12, y, `and ${rest} more`, 'tt')])];
}

function readerOf({ layout, model }: LanesContext, reader: Reader, i: number): Figure[] {
  const y = layout.readersY + i * layout.readersPitch;
  const right = layout.x + layout.frameWidth;
  const marks: Mark[] = [line([layout.cellsX - 4, y], [right, y], 'thin')];
  for (let o = layout.first; o <= layout.first + layout.columns; o++) {
    marks.push(line([boundaryX(layout, o), y - 4], [boundaryX(layout, o), y], 'thin'));
  }
  marks.push(...carets(layout, reader, y));
  // A phone has no room before the cells: the name begins at the frame, and is condensed before it is cut.
  const left = layout.phone ? layout.x : layout.x + 12;
  const room = layout.cellsX - left - 6;
  const classes = textWidth(reader.group.name, 's12 tb') <= room ? 's12 tb' : 's12 tb cond';
  marks.push(text(left, y - 3, layout.phone ? (reader.owner?.label ?? 'nobody') : 'group', 'tt'));
  marks.push(text(left, y + 13, shorten(reader.group.name, room, classes), classes));
  const figures = [
    figure(`reader:${reader.group.id}`, marks, {
      entity: reader.group.id,
      label: `group ${reader.group.name}, committed ${reader.read.committed}, position ${reader.read.position}, lag ${count(reader.read.lag)}`,
      box: boxOf(layout.x + 4, y - 16, layout.cellsX - layout.x - 12, 36),
    }),
  ];
  if (layout.phone) return figures;
  return [...figures, dock(layout, { reader, y, partition: model.partition.name })];
}

/** Filled caret: committed. Hollow caret: position. Between committed and the high watermark: lag. */
function carets(layout: LanesLayout, { read }: Reader, y: number): Mark[] {
  const from = read.committed >= 0 ? read.committed : read.position;
  if (from < 0) return [text(layout.cellsX, y + 15, 'nothing read, nothing committed', 'tt')];
  const start = boundaryX(layout, from);
  const end = boundaryX(layout, Math.max(from, read.end));
  const committed = `committed ${count(read.committed)}`;
  const left = start - 12 - textWidth(committed) >= layout.cellsX - 4 && from >= layout.first;
  const marks: Mark[] = [];
  if (read.committed >= 0) marks.push(triangle(start, y + 3, 'up', { filled: true }));
  if (read.committed >= 0 && left) marks.push(text(start - 12, y + 15, committed, 'e'));
  if (read.position >= 0) marks.push(...positionMarks(layout, read.position, y));
  const age = read.lagMs > 0 ? `, ${seconds(read.lagMs)}` : '';
  const lag = `lag ${count(Math.max(0, read.end - from))}${age}${read.committed >= 0 && !left ? `, ${committed}` : ''}`;
  if (end - start > 1) marks.push(path(`M${px(start)} ${px(y + 20)}v6H${px(end)}v-6`, 'inkl'));
  const right = layout.phone ? layout.width - 6 : layout.x + layout.frameWidth + 8;
  const classes = textWidth(lag, 'tb') <= right - layout.cellsX + 20 ? 'tb' : 'tb cond';
  const half = textWidth(lag, classes) / 2;
  const middle = Math.min(right - half, Math.max(layout.cellsX - 20 + half, (start + end) / 2));
  if (end - start > 1 || !left) marks.push(text(middle, y + 41, lag, `m ${classes}`));
  return marks;
}

function positionMarks(layout: LanesLayout, position: number, y: number): Mark[] {
  const x = boundaryX(layout, position);
  const words = `position ${count(position)}`;
  const right = layout.phone ? layout.width - 6 : layout.x + layout.frameWidth + 6;
  const caret = triangle(x, y + 3, 'up', { filled: false });
  return textWidth(words) <= right - x - 12 ? [caret, text(x + 12, y + 15, words, '')] : [caret];
}

/** The consumer that owns the partition: a box with a dock and the card in it. */
function dock(
  layout: LanesLayout,
  { reader, y, partition }: { reader: Reader; y: number; partition: string },
): Figure {
  const x = layout.x + layout.frameWidth + 14;
  const width = layout.width - x - 8;
  const marks: Mark[] = [
    line([layout.x + layout.frameWidth + 2, y], [x - 3, y], 'frame'),
    arrowHead(x - 2, y, 'right', 'frame'),
    rect(boxOf(x, y - 24, width, 46), 'inkl fc'),
    text(x + 8, y - 8, reader.owner?.label ?? 'nobody', 'tb'),
    ...card(
      boxOf(x + 5, y - 3, width - 10, 20),
      shorten(partition, width - 16, 's12'),
      reader.owner ? 'docked' : 'waiting',
      's12',
    ),
  ];
  return figure(`dock:${reader.group.id}`, marks, {
    entity: reader.owner?.id ?? null,
    label: `${partition} is read by ${reader.owner?.label ?? 'nobody'}`,
    box: boxOf(x, y - 24, width, 46),
  });
}
