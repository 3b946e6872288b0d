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
import { machineFrame, padlock, pauseBars } from '../picture/glyphs.ts';
import { textWidth } from '../picture/text-width.ts';
import { statusWord } from '../loom/words.ts';
import { writerName } from '../transaction-table.ts';
import { describeCell, ghostMarks, hole } from './cells.ts';
import type { LanesContext } from './lanes.ts';
import { boundaryX, cellX, isShown, laneY, REGULAR, type LanesLayout } from './layout.ts';
import { epochBands, type Lane } from './model.ts';
import { offsetMarks } from './transaction-cells.ts';
import { withheld } from './transactions.ts';

/** One replica: frame, records, what is missing, what fell off, epochs, and its name. */
export function laneFigures(context: LanesContext, lane: Lane, i: number): readonly Figure[] {
  const { layout, model, cache } = context;
  const { state } = lane;
  const inputs = [
    layout.shape,
    lane.cells,
    lane.node,
    lane.leader,
    lane.inSync,
    lane.ghosts.map((g) => g.offset).join(),
    state.logEnd,
    state.online,
    state.role,
    model.highWatermark,
    model.lastStable,
    model.end,
    model.partition.leaderEpoch,
  ];
  return cache.keep(`lane:${state.broker}`, inputs, () => [
    laneFrame(context, lane, i),
    ...cellFigures(context, lane, i),
    figure(`ghosts:${state.broker}`, ghosts(context, lane, i)),
    figure(`lane-words:${state.broker}`, [
      ...laneWords(context, lane, i),
      ...bands(layout, lane, i),
      ...readout(context, lane, i),
    ]),
  ]);
}

export const frameBox = (layout: LanesLayout, i: number): Box =>
  boxOf(layout.x, laneY(layout, i), layout.frameWidth, layout.frameHeight);

function laneFrame(context: LanesContext, lane: Lane, i: number): Figure {
  const { layout, model } = context;
  const box = frameBox(layout, i);
  const word = lane.node ? statusWord(lane.node) : '';
  const frame =
    word === 'DOWN'
      ? brokenFrame(box)
      : lane.leader
        ? [rect(box, 'leader fc', 3)]
        : machineFrame(box, word === 'FENCED' ? 'fenced' : 'up');
  const marks = [
    ...frame,
    ...withheld(context, lane, box),
    ...hatch(context, lane, box),
    ...torn(layout, lane, box),
  ];
  const end = boundaryX(layout, lane.state.logEnd);
  marks.push(line([end, box.y + 3], [end, box.y + layout.size.padding * 2 + layout.size.cell - 3], 'ink1'));
  const role = lane.leader ? 'leader' : lane.inSync ? 'follower in sync' : 'out of sync';
  return figure(`lane:${lane.state.broker}`, marks, {
    entity: lane.node?.id ?? null,
    label: `${lane.node?.label ?? `B${lane.state.broker}`}, ${word === '' ? '' : `${word.toLowerCase()}, `}${role}, log end ${lane.state.logEnd}, high watermark ${model.highWatermark}`,
    box,
  });
}

/** The broken outline of a crashed machine, on the long sides. */
function brokenFrame({ x, y, width: w, height: h }: Box): Mark[] {
  const at = (fx: number, fy: number): string => `${px(x + w * fx)} ${px(y + h * fy)}`;
  const d =
    `M${at(0.04, 0)}L${at(0, 0)}L${at(0, 1)}L${at(0.3, 1)}M${at(0.42, 1)}L${at(1, 1)}L${at(1, 0.55)}` +
    `M${at(1, 0.28)}L${at(1, 0)}L${at(0.5, 0)}M${at(0.36, 0)}L${at(0.16, 0)}`;
  return [path(d, 'frame')];
}

/** Appended, but above the high watermark: not readable yet. */
function hatch({ layout, model }: LanesContext, lane: Lane, box: Box): Mark[] {
  const from = boundaryX(layout, Math.max(model.highWatermark, layout.first));
  const to = boundaryX(layout, lane.state.logEnd);
  if (to - from < 2) return [];
  const inset = lane.leader ? 2 : 1;
  return [
    rect(
      boxOf(from + 1, box.y + inset, to - from - 1, layout.size.padding * 2 + layout.size.cell - 3),
      'hatched',
    ),
  ];
}

/** A torn left edge: older records exist and are not shown, or were deleted. */
function torn(layout: LanesLayout, lane: Lane, box: Box): Mark[] {
  if (layout.first <= 0 || lane.state.logEnd <= layout.first) return [];
  const x = layout.cellsX - layout.size.gap - 3;
  const h = layout.size.cell + 6;
  const y = box.y + layout.size.padding - 3;
  const zig = `l3 ${px(h / 6)}l-6 ${px(h / 6)}`;
  return [
    path(`M${px(x)} ${px(y)}${zig}l6 ${px(h / 6)}l-6 ${px(h / 6)}l6 ${px(h / 6)}l-3 ${px(h / 6)}`, 'thin'),
  ];
}

function cellFigures(context: LanesContext, lane: Lane, i: number): Figure[] {
  const { layout, keys, model } = context;
  const y = laneY(layout, i) + layout.size.padding;
  const shown = lane.cells.filter((c) => isShown(layout, c.offset));
  const have = new Set(shown.map((c) => c.offset));
  const cells = shown.map((c) =>
    figure(
      `cell:${lane.state.broker}:${c.offset}`,
      offsetMarks([cellX(layout, c.offset), y], c, keys.markOf(c.key), layout.size),
      {
        label: describeCell(c, model.partition.name, (id) => writerName(id, model.writers.get(id))),
      },
    ),
  );
  const missing: Mark[] = [];
  for (let o = Math.max(layout.first, lane.state.logEnd); o < model.end && isShown(layout, o); o++) {
    const fallen = lane.ghosts.some((g) => g.offset === o);
    if (!have.has(o) && !fallen) missing.push(hole([cellX(layout, o), y], layout.size));
  }
  return [...cells, figure(`holes:${lane.state.broker}`, missing)];
}

function ghosts({ layout, keys }: LanesContext, lane: Lane, i: number): Mark[] {
  const shown = lane.ghosts.filter((g) => isShown(layout, g.offset));
  if (shown.length === 0) return [];
  const y = laneY(layout, i) + layout.size.padding + layout.size.ghostDrop;
  const marks = shown.flatMap((g, k) =>
    ghostMarks([cellX(layout, g.offset) - 1, y + (k % 2) * 3], keys.markOf(g.key), layout.size),
  );
  const last = shown.at(-1)?.offset ?? 0;
  if (layout.pitch - layout.frameHeight < 14) return marks;
  const x = cellX(layout, last + 1) + 8;
  const words =
    layout.phone || layout.size !== REGULAR
      ? `truncated${layout.phone ? '' : `, ${shown.length}`}`
      : 'truncated';
  if (x + textWidth(words) + 12 > layout.x + layout.frameWidth + 70) return marks;
  return [...marks, text(x, laneY(layout, i) + layout.frameHeight + 15, words, 'bk')];
}

/** Name of the broker, what it is to this partition, and how it is. */
function laneWords({ layout, model }: LanesContext, lane: Lane, i: number): Mark[] {
  const y = laneY(layout, i);
  const big = layout.size.cell >= 30;
  const small = layout.size.band === 0;
  const name = lane.node?.label ?? `B${lane.state.broker}`;
  const x = layout.x + (layout.phone ? 8 : 12);
  const word = lane.node ? statusWord(lane.node) : '';
  const baseline = y + (big ? 25 : 18);
  const classes = big ? 's18 tb' : 's15 tb';
  const marks: Mark[] = [text(x, baseline, name, classes)];
  const after = x + textWidth(name, classes) + 5;
  if (word !== '' && !layout.phone) marks.push(text(after, baseline, word, 's12 tb cond'));
  if (word === 'PAUSED' && big) marks.push(pauseBars(layout.x + 8, y + layout.frameHeight - 12));
  if (word === 'FENCED' && big) marks.push(...padlock(layout.x + 66, y + layout.frameHeight - 22));
  if (word !== '' && layout.phone) return [...marks, text(x, baseline + 16, word, 's12 tb cond')];
  if (small) return marks;
  return [
    ...marks,
    ...roleWords(layout, model.partition.leaderEpoch, lane).map((w, k) =>
      text(x, baseline + (big ? 19 : 16) + k * 14, w, 'tt cond'),
    ),
  ];
}

function roleWords(layout: LanesLayout, epoch: number, lane: Lane): string[] {
  if (layout.phone) return [lane.leader ? `L ep ${epoch}` : lane.inSync ? 'in sync' : 'follower'];
  if (lane.leader) return ['leader'];
  if (lane.state.role === 'leader') return ['thinks it leads', `in epoch ${lane.state.leaderEpoch}`];
  return ['follower', lane.inSync ? 'in sync' : 'out of sync'];
}

function bands(layout: LanesLayout, lane: Lane, i: number): Mark[] {
  if (layout.size.band === 0) return [];
  const y = laneY(layout, i) + layout.size.padding + layout.size.cell + 5;
  let free = -Infinity;
  return epochBands(lane.cells.filter((c) => isShown(layout, c.offset))).flatMap((band): Mark[] => {
    const from = cellX(layout, band.from);
    const to = cellX(layout, band.to - 1) + layout.size.cell;
    const words = [`epoch ${band.epoch}`, `ep ${band.epoch}`, String(band.epoch)].find(
      (w) => textWidth(w, 'tt') <= to - from + 2,
    );
    const bar = path(`M${px(from)} ${px(y - 3)}v3H${px(to)}`, 'band');
    if (words === undefined || from < free) return [bar];
    free = from + textWidth(words, 'tt') + 4;
    return [bar, text(from, y + 13, words, 'tt')];
  });
}

function readout({ layout, model }: LanesContext, lane: Lane, i: number): Mark[] {
  if (!layout.readouts) return phoneReadout(layout, lane, i);
  const x = layout.x + layout.frameWidth + 12;
  const y = laneY(layout, i) + (layout.size.band === 0 ? 16 : 20);
  const behind = model.end - lane.state.logEnd;
  const open = lane.state.logEnd - model.highWatermark;
  const notes = [
    ...(behind > 0 ? [`${count(behind)} behind`] : []),
    ...(open > 0 && lane.leader ? [`${count(open)} not yet`, 'readable'] : []),
  ];
  const whole = `LEO ${count(lane.state.logEnd)}`;
  const long = textWidth(`LEO ${count(model.end)}`, 'tb') > layout.width - x - 4;
  const marks: Mark[] = long ? [text(x, y, count(lane.state.logEnd), 'tb cond')] : [text(x, y, whole, 'tb')];
  if (long && i === 0) marks.push(text(x, layout.y - 12, 'LEO', 'tt'));
  if (layout.size.band === 0) return marks;
  return [...marks, ...notes.map((n, k) => text(x, y + 17 + k * 15, n, 'tt cond'))];
}

const phoneReadout = (layout: LanesLayout, lane: Lane, i: number): Mark[] =>
  lane.inSync
    ? []
    : ['out of', 'sync'].map((w, k) =>
        text(layout.x + layout.frameWidth + 8, laneY(layout, i) + 22 + k * 14, w, 'tt'),
      );
