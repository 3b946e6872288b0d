import { count, moment, plural, shortCount } from '../number-format.ts';
import { boxOf, figure, line, rect, text, type Figure, type Mark } from '../picture/figure.ts';
import { race } from '../picture/glyphs.ts';
import { shorten, textWidth } from '../picture/text-width.ts';
import type { LoomContext } from './context.ts';
import { PAD, type Placed } from './layout.ts';
import { legendNumber } from './scales.ts';
import { statusWord } from './words.ts';

interface Sum {
  readonly x: number;
  readonly value: number;
  readonly after: string;
}

interface Line {
  readonly name: string;
  readonly sums: readonly Sum[];
}

/** One line for each thing that adds up, one column for each hop; stations that share a column are one sum. */
export function sumFigures(context: LoomContext): readonly Figure[] {
  const { sumsY, sumsPitch, width } = context.layout;
  if (sumsY === null) return [];
  const lines: Line[] = [
    { name: 'records a second', sums: rates(context) },
    { name: 'not read yet', sums: unread(context) },
    { name: 'held in memory', sums: held(context) },
  ].filter((l) => l.sums.length > 0);
  const words = lines.map((l) => l.name + l.sums.map((s) => `${s.x} ${count(s.value)}${s.after}`).join());
  return context.cache.keep('sums', [context.shape, ...words], () => {
    const left = PAD + 112;
    const marks: Mark[] = [line([PAD, sumsY - 17], [width - PAD, sumsY - 17], 'inkl')];
    lines.forEach(({ name, sums }, k) => {
      const y = sumsY + k * sumsPitch;
      marks.push(text(PAD, y, name, 't2'));
      marks.push(...spaced(sums, { y, left, right: width - PAD, strong: name === 'not read yet' }));
      const under = y + sumsPitch / 2 - 4;
      if (k < lines.length - 1) marks.push(line([PAD, under], [width - PAD, under], 'hair'));
    });
    return [figure('sums', marks)];
  });
}

const middle = (p: Placed): number => p.x + (p.width - 6) / 2;

/** Adds up what `of` says about each station, by column; null says nothing. */
function byColumn(context: LoomContext, of: (p: Placed) => Sum | null): Sum[] {
  const columns = new Map<number, Sum>();
  for (const placed of context.layout.placed.values()) {
    const sum = of(placed);
    if (sum === null) continue;
    const before = columns.get(placed.column);
    columns.set(placed.column, before ? { ...sum, value: before.value + sum.value } : sum);
  }
  return [...columns.values()];
}

const rates = (context: LoomContext): Sum[] =>
  byColumn(context, (p) => {
    const { station } = p;
    const x = middle(p);
    if (station.kind === 'producers') return null;
    if (station.kind === 'topic') return { x, value: station.topic.recordsPerSecond, after: ' in' };
    if (station.kind === 'group') return { x, value: station.group.recordsPerSecond, after: '' };
    return { x, value: station.tasks.reduce((n, t) => n + (t?.recordsPerSecond ?? 0), 0), after: '' };
  });

/** Below the topic where they wait when one reader waits there, else below the readers' own bars. */
const unread = (context: LoomContext): Sum[] =>
  byColumn(context, (p) => {
    const lags = context.lags.get(p.station.key);
    if (lags === undefined || lags.every((l) => l.length === 0)) return null;
    const value = lags.flat().reduce((n, l) => n + l.wait, 0);
    const after = lags.flat().some((l) => l.silent) ? ' known' : '';
    const inputs = context.graph.edges.filter((e) => e.to === p.station.key);
    const topic = inputs.length === 1 ? context.layout.placed.get(inputs[0]?.from ?? '') : undefined;
    const alone = context.graph.edges.filter((e) => e.from === inputs[0]?.from).length === 1;
    return { x: topic && alone ? middle(topic) : (p.lead + p.x) / 2, value, after };
  });

const held = (context: LoomContext): Sum[] =>
  byColumn(context, (p) =>
    p.station.kind === 'subtopology'
      ? { x: middle(p), value: p.station.tasks.reduce((n, t) => n + (t?.buffered ?? 0), 0), after: ' queued' }
      : null,
  );

/** Numbers below their hop; short forms where the neighbours are too near. */
function spaced(
  sums: readonly Sum[],
  { y, left, right, strong }: { y: number; left: number; right: number; strong: boolean },
): Mark[] {
  const sorted = [...sums].sort((a, b) => a.x - b.x);
  let end = left;
  return sorted.flatMap((s, i) => {
    const next = sorted[i + 1]?.x ?? right + 40;
    const classes = strong && s.value >= 100 ? 'm tb' : 'm';
    const tries = [count(s.value) + s.after, shortCount(s.value) + s.after, shortCount(s.value)];
    const half = (w: string): number => textWidth(w, classes) / 2;
    const fits = (w: string): boolean => s.x + half(w) + 4 <= (s.x + next) / 2 && s.x - half(w) >= end;
    const words = tries.find(fits) ?? tries[2] ?? '';
    const x = Math.max(end + half(words), Math.min(right - half(words), s.x));
    end = x + half(words) + 5;
    return [text(x, y, words, classes)];
  });
}

/** The scales, stated on the stage, and what is wrong but has no place of its own in the picture. */
export function legendFigures(context: LoomContext): readonly Figure[] {
  const { layout, scales } = context;
  const trouble = troubles(context);
  const inputs = [context.shape, scales.flow, scales.lag, ...trouble.flatMap((t) => [t.entity, t.words])];
  return context.cache.keep('legend', inputs, () => {
    const y = layout.legendY;
    const per = legendNumber(scales.flow, 13.5);
    const lag = legendNumber(scales.lag, 30);
    const rateWords = `${count(per)} /s, last second`;
    const lagX = PAD + 46 + textWidth(rateWords, 'tt') + 24;
    const lagWords = `${count(lag)} not read yet`;
    const doneX = lagX + lag * scales.lag + 8 + textWidth(lagWords, 'tt') + 24;
    const doneWords = 'read, not committed';
    const marks: Mark[] = [
      ...race([PAD, y - 4], [PAD + 36, y - 4], Math.max(1, per * scales.flow)),
      text(PAD + 44, y, rateWords, 'tt'),
      rect(boxOf(lagX, y - 8.5, lag * scales.lag, 9), 'f2'),
      text(lagX + lag * scales.lag + 8, y, lagWords, 'tt'),
    ];
    if (layout.legendApart)
      marks.push(rect(boxOf(doneX, y - 8, 22, 8), 'bar'), text(doneX + 30, y, doneWords, 'tt'));
    const from = doneX + 30 + textWidth(doneWords, 'tt') + 24;
    return [figure('legend', marks), ...troubleFigures(trouble, { from, to: layout.width - PAD, y })];
  });
}

export interface Trouble {
  readonly entity: string;
  readonly words: string;
}

export function troubles({ graph }: LoomContext): Trouble[] {
  const label = (id: string): string => graph.nodes.get(id)?.label ?? id;
  const controllers = graph.controllers
    .filter((c) => statusWord(c) !== '')
    .map((c) => ({ entity: c.id, words: `controller ${statusWord(c)}` }));
  const links = graph.links.map((l) => {
    const state = l.cut ? 'CUT' : `SLOW, +${count(l.extraMicros / 1000)} ms`;
    return {
      entity: l.id,
      words: `${label(l.a)}\u2013${label(l.b)} ${state}${l.held > 0 ? `, ${count(l.held)} held` : ''}`,
    };
  });
  return [...controllers, ...links];
}

function troubleFigures(troubles: readonly Trouble[], at: { from: number; to: number; y: number }): Figure[] {
  let end = at.to;
  const figures: Figure[] = [];
  for (const [i, t] of troubles.entries()) {
    const rest = troubles.length - i;
    const words = shorten(t.words, Math.max(60, end - at.from), 'tb s12');
    const wide = textWidth(words, 'tb s12');
    if (end - wide < at.from + (rest > 1 ? 60 : 0)) {
      figures.push(figure('trouble:more', [text(end, at.y, `and ${plural(rest, 'more fault')}`, 'e s12')]));
      break;
    }
    const box = boxOf(end - wide - 4, at.y - 13, wide + 8, 18);
    figures.push(
      figure(`trouble:${t.entity}`, [text(end, at.y, words, 'e tb s12')], {
        entity: t.entity,
        label: t.words,
        box,
      }),
    );
    end -= wide + 16;
  }
  return figures;
}

/** The whole picture in one sentence. */
export function loomTitle(context: LoomContext, at: number): string {
  const { graph } = context;
  const notUp = graph.brokers
    .filter((b) => statusWord(b) !== '')
    .map((b) => `${b.label} ${statusWord(b).toLowerCase()}`);
  const up = graph.brokers.length - notUp.length;
  const waiting = unread(context).reduce((n, s) => n + s.value, 0);
  const faults = [...notUp, ...troubles(context).map((t) => t.words)];
  return `Topology at ${moment(at)}. ${up} of ${plural(graph.brokers.length, 'broker')} in order${faults.length > 0 ? `; ${faults.join('; ')}` : ''}. ${plural(waiting, 'record')} not read yet.`;
}
