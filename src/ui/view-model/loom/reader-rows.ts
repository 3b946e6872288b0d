import type { TaskEntity } from '../../../engine/api/entities/application.ts';
import { count, plural, seconds, shortCount, shortSigned } from '../number-format.ts';
import { boxOf, figure, line, rect, text, type Box, type Figure, type Mark } from '../picture/figure.ts';
import { arrowHead, card, drum, lagBar, triangle } from '../picture/glyphs.ts';
import { textWidth } from '../picture/text-width.ts';
import { lagRoom, LEAST_ROOM, type LoomContext } from './context.ts';
import type { ReaderStation, SubtopologyStation } from './graph.ts';
import type { RowLag } from './lag.ts';
import { machineX, rowY, type Placed } from './layout.ts';
import { APPROACH, cardWords, LAG_LABEL } from './measures.ts';
import { describeTask } from './words.ts';

export type PlacedReader = Placed & { readonly station: ReaderStation };

/** From so many unread records on a lag also has an age and a trend. */
const MANY = 100;
const SECOND_LINE = 34;
const CARD_MARGIN = 3;

export function readerRowFigures(context: LoomContext, placed: PlacedReader): readonly Figure[] {
  return [...lagFigures(context, placed), ...cardFigures(context, placed), ...storeFigures(context, placed)];
}

/** Machine, as an index, that does the work of a row; −1 for nobody. */
export function ownerOf(station: ReaderStation, row: number): number {
  const id = station.kind === 'subtopology' ? station.tasks[row]?.instance : station.reads[row]?.owner;
  return station.machines.findIndex((m) => m.id === id);
}

/** Machines that do the work of a row: one or nobody, as −1, but in a share group every member that has the partition. */
export function ownersOf(station: ReaderStation, row: number): readonly number[] {
  if (station.kind !== 'group' || station.group.share === undefined) return [ownerOf(station, row)];
  const name = station.reads[row]?.name ?? '';
  const sharing = station.group.members.filter(({ assigned }) => assigned.includes(name));
  const found = sharing
    .map(({ node }) => station.machines.findIndex((m) => m.id === node && m.status !== 'down'))
    .filter((at) => at >= 0);
  return found.length === 0 ? [-1] : [...new Set(found)].sort((a, b) => a - b);
}

/** Key of a card: rows of share groups have several. */
export const cardKey = (station: ReaderStation, row: number, owner: number): string =>
  station.kind === 'group' && station.group.share !== undefined
    ? `card:${station.key}:${row}:${owner}`
    : `card:${station.key}:${row}`;

function lagFigures(context: LoomContext, placed: PlacedReader): readonly Figure[] {
  const rows = context.lags.get(placed.station.key) ?? [];
  const { lag: scale } = context.scales;
  const quiet = readsInternal(context, placed);
  if (quiet && lagRoom(placed).width < LEAST_ROOM) return [];
  const figures = rows.flatMap((lags, row) => {
    const numbers = lags.flatMap((l) => [
      l.done,
      l.wait,
      Math.round(l.ageMs / 50),
      Math.round(l.trend),
      l.silent,
    ]);
    return context.cache.keep(`lag:${placed.station.key}:${row}`, [context.shape, scale, ...numbers], () =>
      lags.length === 0 || (quiet && lags.every((l) => !l.silent && l.done + l.wait === 0))
        ? []
        : [figure(`lag:${placed.station.key}:${row}`, lagMarks(placed, { lags, row, scale }))],
    );
  });
  return rows.some((r) => r.length > 0) && !quiet ? [...figures, ...caret(context, placed)] : figures;
}

/** Between two halves of an application there is seldom anything to say; then nothing is said. */
const readsInternal = (context: LoomContext, placed: PlacedReader): boolean =>
  context.graph.edges
    .filter((e) => e.to === placed.station.key)
    .every((e) => {
      const from = context.layout.placed.get(e.from)?.station;
      return from?.kind === 'topic' && from.topic.internal;
    });

/** The row's lag, one bar for each input; a single sum stands after them. */
function lagMarks(
  placed: Placed,
  { lags, row, scale }: { lags: readonly RowLag[]; row: number; scale: number },
): Mark[] {
  const y = rowY(placed, row);
  const room = lagRoom(placed);
  if (lags.every((l) => l.silent)) return silence(placed, y);
  const thick = lags.length === 1 ? 9 : 5;
  const marks = lags.flatMap((l, i) =>
    lagBar(
      [room.x, y + (i - (lags.length - 1) / 2) * (thick + 4)],
      { done: l.done * scale, wait: l.wait * scale },
      { thick },
    ),
  );
  const total = lags.reduce((n, l) => n + l.done + l.wait, 0);
  const wait = lags.reduce((n, l) => n + l.wait, 0);
  const longest = Math.max(...lags.map((l) => (l.done + l.wait) * scale));
  const words = total > 9_999 ? shortCount(total) : count(total);
  const classes = `s12 ${wait >= MANY ? 'tb' : 't2'}`;
  const narrow = textWidth(words, classes) > LAG_LABEL - 2 ? ' cond' : '';
  marks.push(text(room.x + Math.min(longest, room.width) + 6, y + 4.5, words, classes + narrow));
  if (wait >= MANY && placed.pitch >= SECOND_LINE)
    marks.push(text(room.x, y + 19, ageAndTrend(lags, placed), 'tt cond'));
  return marks;
}

/** Without a leader that answers there is no end to measure to. */
function silence(placed: Placed, y: number): Mark[] {
  const { x } = lagRoom(placed);
  const room = placed.x - APPROACH - x;
  const classes = ['s12 t2', 's12 t2 cond'].find((c) => textWidth('no answer', c) + 4 <= room);
  const rule = line([x, y - 8], [x, y + 8], 'thin');
  return [rule, text(x + 6, y + 4.5, classes === undefined ? '?' : 'no answer', classes ?? 's12 t2')];
}

function ageAndTrend(lags: readonly RowLag[], placed: Placed): string {
  const age = seconds(Math.max(...lags.map((l) => l.ageMs)));
  const trend = `${shortSigned(lags.reduce((n, l) => n + l.trend, 0))} /s`;
  const whole = `${age}, ${trend}`;
  return textWidth(whole, 'tt cond') <= placed.x - lagRoom(placed).x - 4 ? whole : age;
}

/** The filled caret says once for the column where the bars begin. */
function caret(context: LoomContext, placed: PlacedReader): readonly Figure[] {
  return context.cache.keep(`caret:${placed.station.key}`, [context.shape], () => {
    const { x } = lagRoom(placed);
    const marks: Mark[] = [triangle(x, placed.bottom + 2, 'up', { filled: true, size: 5 })];
    if (placed.x - x > 64) marks.push(text(x - 6, placed.bottom + 24, 'committed', 'tt'));
    return [figure(`caret:${placed.station.key}`, marks)];
  });
}

function cardFigures(context: LoomContext, placed: PlacedReader): readonly Figure[] {
  const { station } = placed;
  const words = cardWords(station);
  const room = placed.frame - 3 - CARD_MARGIN;
  const classes = ['s12', 's12 cond'].find((c) => words.every((w) => textWidth(w, c) <= room)) ?? null;
  return words.flatMap((word, row) =>
    word === ''
      ? []
      : ownersOf(station, row).flatMap((owner) => keptCard(context, placed, { word, row, owner, classes })),
  );
}

function keptCard(context: LoomContext, placed: PlacedReader, at: CardAt): readonly Figure[] {
  const { station } = placed;
  const { word, row, owner } = at;
  const task = station.kind === 'subtopology' ? station.tasks[row] : undefined;
  const inputs = [
    context.shape,
    word,
    owner,
    homeOf(station, owner),
    task?.state,
    task?.restoreRemaining,
    Math.round(task?.recordsPerSecond ?? 0),
    inHand(station, row, owner),
  ];
  return context.cache.keep(cardKey(station, row, owner), inputs, () => [cardFigure(context, placed, at)]);
}

/** Records of a share group's partition that one member has, as far as the runs that are told say. */
function inHand(station: ReaderStation, row: number, owner: number): number {
  if (station.kind !== 'group') return 0;
  const node = station.machines[owner]?.id;
  const state = station.group.share?.find(({ name }) => name === station.reads[row]?.name);
  return (state?.runs ?? [])
    .filter((run) => run.state === 'Acquired' && run.node === node)
    .reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

interface CardAt {
  readonly word: string;
  readonly row: number;
  readonly owner: number;
  /** Type that lets all words of the station stand on its cards, null if none does. */
  readonly classes: string | null;
}

/** Work that nobody does stands with the machine that fails to do it; if all are well, between them. */
export const homeOf = (station: ReaderStation, owner: number): number =>
  owner < 0 ? station.machines.findIndex((m) => m.status === 'down') : owner;

export function cardBox(placed: PlacedReader, owner: number, row: number): Box {
  const home = homeOf(placed.station, owner);
  const width = home < 0 ? Math.min(placed.width - 4, 38) : placed.frame - 3;
  const height = Math.min(22, placed.pitch - 3);
  const x = home < 0 ? placed.x + (placed.width - 6 - width) / 2 : machineX(placed, home) + 1.5;
  return { x, y: rowY(placed, row) - height / 2, width, height };
}

function cardFigure(
  context: LoomContext,
  placed: PlacedReader,
  { word, row, owner, classes }: CardAt,
): Figure {
  const { station } = placed;
  const box = cardBox(placed, owner, row);
  const task = station.kind === 'subtopology' ? station.tasks[row] : undefined;
  const marks = card(
    boxOf(0, 0, box.width, box.height),
    classes === null ? '' : word,
    owner < 0 ? 'waiting' : task?.state === 'restoring' ? 'restoring' : 'docked',
    classes ?? undefined,
  );
  return figure(cardKey(station, row, owner), marks, {
    ...cardMeaning(context, station, { row, owner }),
    box,
    at: [box.x, box.y],
  });
}

/** What a card stands for, and what is said of it. */
export function cardMeaning(
  context: LoomContext,
  station: ReaderStation,
  { row, owner }: Pick<CardAt, 'row' | 'owner'>,
): Pick<Figure, 'entity' | 'label'> {
  const machine = station.machines[owner];
  if (station.kind === 'subtopology') {
    const task = station.tasks[row];
    return task ? { entity: task.id, label: describeTask(task, machine) } : { entity: null, label: '' };
  }
  const read = station.reads[row];
  if (read === undefined) return { entity: null, label: '' };
  const who = machine ? `${verbOf(station)} ${machine.label}` : 'read by nobody';
  const has =
    station.group.share === undefined ? '' : `, ${plural(inHand(station, row, owner), 'record')} in hand`;
  return {
    entity: context.partitions.get(read.name)?.id ?? null,
    label: `${read.name} ${who} for ${station.group.name}${has}, ${plural(read.lag, 'record')} behind`,
  };
}

const verbOf = (station: ReaderStation): string =>
  station.kind === 'group' && station.group.share !== undefined ? 'shared by' : 'read by';

/** State hangs below its operator, its changelog dashed to the left. */
function storeFigures(context: LoomContext, placed: PlacedReader): readonly Figure[] {
  const { station } = placed;
  if (station.kind !== 'subtopology' || station.facts.stores.length === 0) return [];
  const entries = sum(station, (t) => t.storeEntries);
  const restore = sum(station, (t) => t.restoreRemaining);
  const { stores } = station.facts;
  const names = stores.join(', ');
  return context.cache.keep(`store:${station.key}`, [context.shape, names, entries, restore], () => {
    const room = roomBeside(context, placed);
    const fitting = (...words: string[]): string =>
      words.find((w) => textWidth(w, 'tb s12') <= room) ?? words.at(-1) ?? '';
    const name = fitting(names, plural(stores.length, 'store'));
    const state =
      restore > 0
        ? fitting(`RESTORING, ${count(restore)} left`, `RESTORING ${count(restore)}`, 'RESTORING', '')
        : plural(entries, 'row');
    const more = {
      label:
        stores.length > 1 || state === '' ? `state stores ${names}${state === '' ? ', restoring' : ''}` : '',
    };
    return [figure(`store:${station.key}`, storeMarks(placed, [name, state]), more)];
  });
}

const STORE_WORDS = 40;

/** From the words below a station to the next column. */
function roomBeside({ layout }: LoomContext, placed: Placed): number {
  const next = [...layout.placed.values()].flatMap((p) => (p.column === placed.column + 1 ? [p.x] : []));
  return Math.min(layout.width, ...next) - placed.x - STORE_WORDS - 8;
}

const sum = (station: SubtopologyStation, of: (t: TaskEntity) => number): number =>
  station.tasks.reduce((n, t) => n + (t ? of(t) : 0), 0);

function storeMarks(placed: Placed, [name = '', state = '']: readonly string[]): Mark[] {
  const y = placed.bottom + (placed.stacked ? 30 : 35); // clear of the words below machines
  const x = placed.x;
  const restoring = state.startsWith('R');
  return [
    ...drum(x + 6, y, 26, 16),
    rect(boxOf(x + 37, y - 8, Math.max(textWidth(name, 'tb s12'), textWidth(state, 'tb s12')) + 6, 28), 'fc'),
    text(x + STORE_WORDS, y + 4, name, 'tb s12'),
    text(x + STORE_WORDS, y + (placed.stacked ? 17 : 16), state, restoring ? 's12 tb' : 'tt'),
    line([x + 2, y + 9], [x - 12, y + 9], 'frame dashed'),
    arrowHead(x - 14, y + 9, 'left', 'frame'),
    text(x - 20, y + 13.5, 'changelog', 'e s12'),
  ];
}
