import type { NodeEntity } from '../../../engine/api/entities/node.ts';
import type { ProducerEntity } from '../../../engine/api/entities/producer.ts';
import { byteCount, count, shortCount } from '../number-format.ts';
import { boxOf, figure, line, rect, text, type Figure, type Mark } from '../picture/figure.ts';
import { pauseBars } from '../picture/glyphs.ts';
import { textWidth } from '../picture/text-width.ts';
import { stationsOf, type LoomContext } from './context.ts';
import type { ProducersStation } from './graph.ts';
import type { Placed } from './layout.ts';
import { describeProducer, statusWord } from './words.ts';

type PlacedProducers = Placed & { readonly station: ProducersStation };

/** A producer's mark and where its race begins. */
export interface Spring {
  readonly producer: ProducerEntity | null;
  readonly y: number;
  readonly height: number;
  readonly rate: number;
}

const ONE = 44;
const NARROW_ONE = 64;
const SMALL = 26;
const SMALL_PITCH = 32;
const SMALL_MOST = 7;

/** Middle of the rows that the producers feed. */
export function producersMiddle(context: LoomContext, placed: PlacedProducers): number {
  const topic = context.layout.placed.get(`topic:${placed.station.topic}`) ?? placed;
  return (topic.y0 + topic.bottom) / 2;
}

export const isNarrow = (placed: Placed): boolean => placed.width < 112;

/** One stadium for each producer; too many share one. */
export function springsOf(context: LoomContext, placed: PlacedProducers): Spring[] {
  const { producers } = placed.station;
  const middle = producersMiddle(context, placed);
  const rate = (p: ProducerEntity): number => p.recordsPerSecond;
  if (producers.length === 1 || producers.length > SMALL_MOST) {
    const height = isNarrow(placed) ? NARROW_ONE : ONE;
    const total = producers.reduce((sum, p) => sum + rate(p), 0);
    return [
      { producer: producers.length === 1 ? (producers[0] ?? null) : null, y: middle, height, rate: total },
    ];
  }
  return producers.map((producer, i) => ({
    producer,
    y: middle + (i - (producers.length - 1) / 2) * SMALL_PITCH,
    height: SMALL,
    rate: rate(producer),
  }));
}

export function producerFigures(context: LoomContext): readonly Figure[] {
  return stationsOf(context, 'producers').flatMap((placed) => {
    const { station } = placed;
    const nodes = station.producers.map((p) => context.graph.nodes.get(p.node));
    const inputs = [context.shape, ...station.producers, ...nodes];
    return context.cache.keep(station.key, inputs, () => draw(context, placed));
  });
}

function draw(context: LoomContext, placed: PlacedProducers): Figure[] {
  const springs = springsOf(context, placed);
  const { producers } = placed.station;
  const whole = springs.length === 1;
  const figures = springs.map((s): Figure => {
    const node = s.producer ? context.graph.nodes.get(s.producer.node) : undefined;
    const marks = whole ? stadium(placed, s, producers) : smallStadium(placed, s, node);
    return figure(`producer:${s.producer?.node ?? placed.station.topic}`, marks, {
      entity: s.producer?.id ?? null,
      label: s.producer ? describeProducer(s.producer, node) : `${producers.length} producers`,
      box: boxOf(placed.x, s.y - s.height / 2, placed.width, s.height),
    });
  });
  const first = springs[0];
  const last = springs.at(-1);
  if (first === undefined || last === undefined) return figures;
  return [
    ...figures,
    around(context, placed, { top: first.y - first.height / 2, end: last.y + last.height / 2 }),
  ];
}

const total = (producers: readonly ProducerEntity[], of: (p: ProducerEntity) => number): number =>
  producers.reduce((sum, p) => sum + of(p), 0);

function stadium(placed: Placed, spring: Spring, producers: readonly ProducerEntity[]): Mark[] {
  const values = [
    total(producers, (p) => p.buffered),
    total(producers, (p) => p.inFlight),
    total(producers, (p) => p.acknowledged),
  ];
  const { x, width } = placed;
  const top = spring.y - spring.height / 2;
  const outline = rect(
    boxOf(x, top, width, spring.height),
    'inkl fc',
    isNarrow(placed) ? 14 : spring.height / 2,
  );
  if (isNarrow(placed)) {
    const words = ['buffered', 'in flight', 'acked'];
    return [
      outline,
      ...words.map((w, i) =>
        text(
          x + width / 2,
          top + 18 + i * 17,
          `${shortCount(values[i] ?? 0)} ${w}`,
          `m s12 cond${i === 2 ? ' tb' : ''}`,
        ),
      ),
    ];
  }
  const a = width * 0.34;
  const b = width * 0.25;
  const centres = [a * 0.54, a + b / 2, (a + b + width) / 2 - 2];
  const room = [a - 8, b - 6, width - a - b - 10];
  return [
    outline,
    line([x + a, top], [x + a, top + spring.height], 'thin'),
    line([x + a + b, top], [x + a + b, top + spring.height], 'thin'),
    ...centres.map((c, i) => fitNumber(x + c, spring.y + 5, { value: values[i] ?? 0, room: room[i] ?? 20 })),
    text(x - 4, top + spring.height + 15, 'buffered', 'tt cond'),
    text(x + width * 0.53, top + spring.height + 15, 'in flight', 'tt m cond'),
    text(x + width + 8, top + spring.height + 15, 'acked', 'tt e cond'),
  ];
}

function fitNumber(x: number, y: number, { value, room }: { value: number; room: number }): Mark {
  const tries = [
    [count(value), 'm s15 tb'],
    [count(value), 'm tb cond'],
    [shortCount(value), 'm tb cond'],
  ] as const;
  const fitting = tries.find(([words, classes]) => textWidth(words, classes) <= room) ?? tries[2];
  return text(x, y, fitting[0], fitting[1]);
}

function smallStadium(placed: Placed, spring: Spring, node: NodeEntity | undefined): Mark[] {
  const { x, width } = placed;
  const words = `${node?.label ?? ''}  ${shortCount(spring.rate)} /s`;
  const word = node ? statusWord(node) : '';
  return [
    rect(boxOf(x, spring.y - SMALL / 2, width, SMALL), 'inkl fc', SMALL / 2),
    text(
      x + width / 2,
      spring.y + 4.5,
      word === '' ? words : `${node?.label ?? ''} ${word}`,
      'm tb s12 cond',
    ),
  ];
}

/** Rate above, what is held and what is still to come below. */
function around(context: LoomContext, placed: PlacedProducers, span: { top: number; end: number }): Figure {
  const { producers } = placed.station;
  const [only] = producers;
  const node = producers.length === 1 && only ? context.graph.nodes.get(only.node) : undefined;
  const word = node ? statusWord(node) : '';
  const rate = `${count(total(producers, (p) => p.recordsPerSecond))} /s`;
  const clear =
    span.top - 20 > (context.layout.placed.get(`topic:${placed.station.topic}`) ?? placed).nameY + 17;
  const marks: Mark[] = producers.length === 1 && clear ? [text(placed.x, span.top - 10, rate, 'tb')] : [];
  if (word !== '') {
    const wide = textWidth(word, 's12 tb');
    marks.push(text(placed.x + placed.width, span.top - 10, word, 'e s12 tb'));
    if (word === 'PAUSED') marks.push(pauseBars(placed.x + placed.width - wide - 8, span.top - 14));
  }
  const captions = isNarrow(placed) || producers.length > 1 ? 18 : 38;
  const limit = lowest(context, placed);
  const lines = below(producers).filter((_, i) => span.end + captions + i * 16 <= limit);
  lines.forEach((tries, i) => {
    const room = placed.width + 8;
    const fitting = tries
      .flatMap((words) => [
        text(placed.x, span.end + captions + i * 16, words, 'tt'),
        text(placed.x, span.end + captions + i * 16, words, 'tt cond'),
      ])
      .find((t) => textWidth(t.text, t.classes) <= room);
    if (fitting !== undefined) marks.push(fitting);
  });
  return figure(`around:${placed.station.key}`, marks);
}

/** Baseline of the last line that touches nothing below. */
function lowest({ layout }: LoomContext, placed: PlacedProducers): number {
  const topic = layout.placed.get(`topic:${placed.station.topic}`);
  const rule = layout.pickedY === null ? (layout.sumsY ?? layout.legendY) - 21 : layout.pickedY - 27;
  return topic?.stacked === true ? Math.min(rule, topic.bottom + 34) : rule;
}

/** Lines, each with what to say instead when it does not fit. */
function below(producers: readonly ProducerEntity[]): string[][] {
  const held = total(producers, (p) => p.bufferBytes);
  const most = total(producers, (p) => p.bufferBytesMax);
  const left = total(producers, (p) => Math.max(0, p.tapeTotal - p.sent));
  const failed = total(producers, (p) => p.failed);
  const full = most > 0 && held >= most * 0.98;
  const room = `${byteCount(held)} of ${byteCount(most)}`;
  return [
    full ? [`FULL: ${byteCount(most)}`, 'FULL'] : [`${room} full`, room, byteCount(held)],
    left === 0
      ? ['tape has ended', 'tape ended']
      : [`tape: ${count(left)} left`, `${count(left)} left`, `${shortCount(left)} left`],
    ...(failed > 0 ? [[`${count(failed)} failed`, `${shortCount(failed)} failed`]] : []),
    ...waiting(producers),
  ];
}

/** The two partitions that most records wait for, from ten on. */
function waiting(producers: readonly ProducerEntity[]): string[][] {
  const rows = Math.max(0, ...producers.map((p) => p.waitingByPartition.length));
  return Array.from({ length: rows }, (_, i) => ({
    i,
    n: total(producers, (p) => p.waitingByPartition[i] ?? 0),
  }))
    .filter(({ n }) => n >= 10)
    .sort((a, b) => b.n - a.n || a.i - b.i)
    .slice(0, 2)
    .map(({ i, n }) => [`p${i}: ${count(n)} waiting`, `p${i}: ${shortCount(n)} wait`]);
}
