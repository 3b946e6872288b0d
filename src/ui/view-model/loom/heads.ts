import type { NodeEntity } from '../../../engine/api/entities/node.ts';
import { boxOf, figure, path, px, rect, text, type Figure } from '../picture/figure.ts';
import { machineFrame, padlock, pauseBars } from '../picture/glyphs.ts';
import { NEVER_HIDES, placeWords, spread, type Wish } from '../picture/place-labels.ts';
import { textWidth, wrap } from '../picture/text-width.ts';
import { stationsOf, type LoomContext } from './context.ts';
import type { Station, TopicStation } from './graph.ts';
import { machineX, PAD, type Placed } from './layout.ts';
import { describeNode, headOf, statusWord, type Head } from './words.ts';

interface Style {
  readonly name: string;
  readonly sub: string;
  /** Least distance of two names. */
  readonly gap: number;
  /** Widest name before it is broken into two lines, which take the place of the line below. */
  readonly widest: number;
}

/** From generous to tight; the first that fits the stage is taken for all stations. */
const STYLES: readonly Style[] = [
  { name: 's15 tb', sub: 'tt', gap: 18, widest: Infinity },
  { name: 's15 tb', sub: 'tt', gap: 9, widest: Infinity },
  { name: 's15 tb', sub: 'tt cond', gap: 9, widest: Infinity },
  { name: 'tb', sub: 'tt cond', gap: 9, widest: 150 },
  { name: 'tb cond', sub: '', gap: 9, widest: 96 },
  { name: 'tb cond s12', sub: '', gap: 9, widest: 62 },
];

interface Titled {
  readonly placed: Placed;
  readonly head: Head;
  readonly x: number;
  readonly nameY: number;
}

/** Names of the stations, moved apart where they would touch. */
export function headFigures(context: LoomContext): readonly Figure[] {
  const { layout, graph } = context;
  const titled = [...layout.placed.values()].map((placed): Titled => {
    const topic =
      placed.station.kind === 'producers' ? layout.placed.get(`topic:${placed.station.topic}`) : null;
    return {
      placed,
      head: placed.stacked
        ? withOwner(placed.station, headOf(placed.station, graph.nodes))
        : headOf(placed.station, graph.nodes),
      x: placed.x + placed.width / 2,
      nameY: topic?.nameY ?? placed.nameY,
    };
  });
  const words = titled.map((t) => `${t.head.name}\n${t.head.sub}`).join('\n');
  return context.cache.keep('heads', [context.shape, words], () => layHeads(titled, layout.width));
}

/** Without a bracket over its parts an application is named below each of them. */
const withOwner = (station: Station, { name, sub }: Head): Head => ({
  name,
  sub: station.kind === 'subtopology' ? `${station.application.name}, ${sub}` : sub,
});

/** Names on top, and then those further down: only names on a level keep each other at a distance. */
function layHeads(titled: readonly Titled[], width: number): Figure[] {
  const columns = [...new Set(titled.map((t) => t.placed.column))];
  const members = columns.map((c) => titled.filter((t) => t.placed.column === c));
  const levels = [
    members.map((m) => m.slice(0, 1)),
    members.map((m) => m.slice(1)).filter((m) => m.length > 0),
  ];
  for (const style of STYLES) {
    const laid = levels.map((level) => layLevel(level, style, width));
    if (style === STYLES.at(-1) || !laid.includes(null)) return laid.flatMap((figures) => figures ?? []);
  }
  return [];
}

/** Over the marks; further down not far over to the left, where state hangs below what writes there. */
const centreOf = (t: Titled | undefined, width: number): number =>
  t?.placed.stacked === true ? Math.max(t.x, t.placed.x - OVERHANG + width / 2) : (t?.x ?? 0);

const OVERHANG = 24;

function layLevel(members: readonly (readonly Titled[])[], style: Style, width: number): Figure[] | null {
  const widths = members.map((m) => Math.max(...m.map((t) => headWidth(t.head, style))));
  const centres = members.map((m, i) => centreOf(m[0], widths[i] ?? 0));
  const at = spread(centres, widths, { left: PAD - 4, right: width - PAD + 4, gap: style.gap });
  if (at === null && style !== STYLES.at(-1)) return null;
  return members.flatMap((m, i) =>
    m.map((t) => headFigure(t, { ...style, x: at?.[i] ?? t.x, width: headWidth(t.head, style) })),
  );
}

const linesOf = (name: string, style: Style): string[] =>
  wrap(name, Math.min(style.widest, 240), { classes: style.name, lines: 2 });

function headWidth(head: Head, style: Style): number {
  const lines = linesOf(head.name, style);
  const sub = style.sub === '' || lines.length > 1 ? 0 : textWidth(head.sub, style.sub);
  return Math.max(sub, ...lines.map((l) => textWidth(l, style.name)));
}

function headFigure(t: Titled, at: Style & { x: number; width: number }): Figure {
  const lines = linesOf(t.head.name, at);
  const marks = lines.map((l, i) => text(at.x, t.nameY + i * 15, l, `m ${at.name}`));
  if (lines.length === 1 && at.sub !== '')
    marks.push(text(at.x, t.nameY + (t.placed.stacked || t.nameY < 20 ? 15 : 17), t.head.sub, `m ${at.sub}`));
  const quiet = t.placed.stacked
    ? [rect(boxOf(at.x - at.width / 2 - 3, t.nameY - 12, at.width + 6, 30), 'fc')]
    : [];
  return figure(`head:${t.placed.station.key}`, [...quiet, ...marks], {
    entity: headEntity(t.placed.station),
    label: `${t.head.name}, ${t.head.sub}`,
    box: boxOf(at.x - at.width / 2 - 6, t.nameY - 15, at.width + 12, 36),
    outline: boxOf(at.x - at.width / 2 - 6, t.nameY - 13, at.width + 12, 35),
  });
}

function headEntity(station: Station): string | null {
  switch (station.kind) {
    case 'producers':
      return station.producers.length === 1 ? (station.producers[0]?.id ?? null) : null;
    case 'topic':
      return station.topic.id;
    case 'subtopology':
      return station.application.id;
    case 'group':
      return station.group.id;
  }
}

/** Machines as frames that their rows cross, with names above and words below. */
export function machineFigures(context: LoomContext, placed: Placed): readonly Figure[] {
  const { station } = placed;
  if (station.kind === 'producers' || (station.kind === 'topic' && !placed.expanded)) return [];
  const machines = station.kind === 'topic' ? context.graph.brokers : station.machines;
  const words = machines.map((m) => wordBelow(placed, m));
  const inputs = [context.shape, ...machines, ...words];
  return context.cache.keep(`machines:${station.key}`, inputs, () => [
    ...machines.map((m, i) => machineFigure(placed, m, i)),
    figure(`names:${station.key}`, [
      ...placeWords(
        machines.map((m, i) => nameWish(placed, machines, { node: m, i })),
        placed.machineY,
        edges(placed),
      ),
      ...placeWords(
        machines.map((m, i) => wordWish(placed, m, { word: words[i] ?? '', i })),
        placed.bottom + WORDS_BELOW,
        edges(placed),
      ),
    ]),
  ]);
}

/** Far enough for the outlines of a machine that is selected and has the focus. */
const WORDS_BELOW = 25;

const edges = (placed: Placed): { left: number; right: number } => ({
  left: placed.x - 22,
  right: placed.x + placed.width + 18,
});

function machineFigure(placed: Placed, node: NodeEntity, i: number): Figure {
  const x = machineX(placed, i);
  const word = statusWord(node);
  const box = boxOf(x, placed.y0 - 6, placed.frame, placed.bottom - placed.y0 + 10);
  const state = word === 'DOWN' ? 'down' : word === 'FENCED' ? 'fenced' : 'up';
  const marks = machineFrame(box, state);
  const beside = x + placed.frame / 2 + textWidth(node.label, 's15 tb') / 2 + 9;
  if (placed.frame >= 26 && word === 'PAUSED') marks.push(pauseBars(beside, placed.machineY - 5));
  if (placed.frame >= 26 && word === 'FENCED') marks.push(...padlock(beside - 4, placed.machineY - 15));
  return figure(`machine:${placed.station.key}:${node.id}`, marks, {
    entity: node.id,
    label: describeNode(node),
    handle: boxOf(x, placed.machineY - 14, placed.frame, 16),
    box: boxOf(x, placed.machineY - 14, placed.frame, placed.bottom + 4 - placed.machineY + 14),
    outline: box,
  });
}

function nameWish(
  placed: Placed,
  machines: readonly NodeEntity[],
  { node, i }: { node: NodeEntity; i: number },
): Wish {
  const size = placed.frame >= 25 ? 's15 tb' : placed.frame >= 17 ? 'tb' : 's12 cond';
  const special = statusWord(node) !== '';
  const digits = (m: NodeEntity): string => /\d+$/.exec(m.label)?.[0] ?? m.label;
  const all = (words: (m: NodeEntity) => string): boolean =>
    machines.every((m) => textWidth(words(m), size) + 2.5 <= placed.machinePitch);
  const edge = i === 0 || i === machines.length - 1 || special;
  const plain = all((m) => m.label) || edge ? node.label : all(digits) ? digits(node) : '';
  return {
    x: machineX(placed, i) + placed.frame / 2,
    words: plain,
    short: edge && i > 0 && !special ? digits(node) : '',
    classes: special && placed.frame < 17 ? 's12 tb' : size,
    rank: special ? 1.5 : i === 0 ? 1 : edge ? 0.5 : 0,
  };
}

function wordBelow(placed: Placed, node: NodeEntity): string {
  const { station } = placed;
  const status = statusWord(node);
  if (status !== '') return status;
  if (station.kind === 'topic') return ledWords(placed.machinePitch, ledBy(station, node), station.rows);
  if (station.kind !== 'group' || station.group.state === 'unknown') return '';
  const member = station.group.members.find((m) => m.node === node.id);
  return member === undefined ? 'no member' : member.owned.length === 0 ? 'idle' : '';
}

/** A number never stands alone: what it counts is said for all brokers, or it is left to the description. */
function ledWords(pitch: number, n: number, most: number): string {
  const fits = (words: string): boolean => textWidth(words, 'tt cond') + WORD_GAP <= pitch;
  return fits(`leads ${most}`) ? `leads ${n}` : fits(`${most} led`) ? `${n} led` : '';
}

/** Words of neighbours are read as one line when they stand closer. */
const WORD_GAP = 8;

const ledBy = (station: TopicStation, node: NodeEntity): number =>
  station.partitions.filter((p) => p?.leader === node.broker?.brokerId).length;

function wordWish(placed: Placed, node: NodeEntity, { word, i }: { word: string; i: number }): Wish {
  const status = statusWord(node) !== '';
  const x = machineX(placed, i) + placed.frame / 2;
  if (status) return { x, words: word, short: '', classes: 's12 tb', rank: NEVER_HIDES };
  return {
    x,
    words: word,
    short: '',
    classes: 'tt cond',
    rank: word === 'idle' || word === 'no member' ? NEVER_HIDES : 0,
  };
}

/** One bracket joins the halves of an application; the topics between them lie on the brokers. */
export function applicationFigures(context: LoomContext): readonly Figure[] {
  const parts = stationsOf(context, 'subtopology').filter((p) => !p.stacked);
  const applications = [...new Set(parts.map((p) => p.station.application))];
  const { low } = context.layout;
  return applications.flatMap((application) => {
    const own = parts.filter((p) => p.station.application === application);
    const from = Math.min(...own.map((p) => p.x));
    const to = Math.max(...own.map((p) => p.x + p.machinePitch * (p.station.machines.length - 1) + p.frame));
    const key = `application:${application.name}`;
    return context.cache.keep(key, [context.shape, application.id, from, to], () => [
      bracket({ from, to, y: low ? 49 : 57 }, application.id, `application ${application.name}`),
    ]);
  });
}

function bracket(at: { from: number; to: number; y: number }, entity: string, words: string): Figure {
  const { from, to, y } = at;
  const width = textWidth(words, 'tb');
  const middle = (from + to) / 2;
  const narrow = to - from < width + 24;
  const lineY = narrow ? y + 10 : y;
  const marks = [
    path(`M${px(from)} ${lineY + 6}v-6H${px(to)}v6`, 'inkl'),
    ...(narrow ? [] : [rect(boxOf(middle - width / 2 - 8, y - 9, width + 16, 16), 'fc')]),
    text(middle, y + 4.5, words, 'm tb'),
  ];
  const box = boxOf(middle - width / 2 - 4, y - 9, width + 8, 18);
  const outline = { ...box, y: y - 4, height: 8 }; // the rings around it keep off the lines above and below
  return figure(`bracket:${entity}`, marks, { entity, label: words, box, outline });
}
