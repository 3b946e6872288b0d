import type {
  Drop,
  DropReason,
  FigureNode,
  FigurePart,
  FigureStore,
  Hop,
  StepOutcome,
  DriverStep,
  TopologyFigure,
} from '../../../engine/api/topology-driver.ts';
import type { Json } from '../../../engine/base/json.ts';
import type { TaskEntity } from '../../../engine/api/entities/application.ts';
import type { Entity } from '../../../engine/api/frame.ts';
import { count, plural, seconds } from '../number-format.ts';
import { utc } from '../query-answers.ts';

const listed = (names: readonly string[]): string => names.join(', ');

/** What a node is for those who do not know its name. */
export function nodeWords({ kind, topics, topicsBy, stores, children }: FigureNode): string {
  if (kind === 'source')
    return `source, reads ${topicsBy === null ? listed(topics) : `all topics that match ${topicsBy}`}, passes on to ${listed(children)}`;
  if (kind === 'sink')
    return `sink, writes to ${topicsBy === null ? listed(topics) : `the topic that ${topicsBy} names`}`;
  const with_ = stores.length === 0 ? '' : `, works with ${listed(stores)}`;
  return `processor${with_}, ${children.length === 0 ? 'passes nothing on' : `passes on to ${listed(children)}`}`;
}

const SHAPES: Readonly<Record<FigureStore['kind'], string>> = {
  'key-value': 'key-value store',
  window: 'window store',
  session: 'session store',
  versioned: 'versioned store',
  buffer: 'buffer',
  subscription: 'subscriptions',
};

export const storeShape = ({ kind, windowMs }: FigureStore): string =>
  kind === 'window' && windowMs > 0 ? `windows of ${seconds(windowMs)}` : SHAPES[kind];

export const storeWords = (store: FigureStore): string =>
  `${storeShape(store)} ${store.name}, ${store.key} to ${store.value}, ${
    store.changelog === null
      ? store.isGlobal
        ? 'kept up from its topic'
        : 'without a changelog'
      : `changelog ${store.changelog}`
  }`;

export const partTitle = ({ id, isGlobal }: FigurePart): string =>
  isGlobal ? `Sub-topology ${id}, a global store` : `Sub-topology ${id}`;

/** The whole picture in one sentence. */
export function figureWords(name: string, { parts, stores, repartitionTopics }: TopologyFigure): string {
  const nodes = parts.reduce((sum, part) => sum + part.nodes.length, 0);
  const topics =
    repartitionTopics.length === 0 ? '' : `, ${plural(repartitionTopics.length, 'repartition topic')}`;
  const kept = stores.length === 0 ? '' : `, ${plural(stores.length, 'store')}`;
  return `Topology of ${name}: ${parts.length === 1 ? 'one sub-topology' : `${count(parts.length)} sub-topologies`}, ${plural(nodes, 'node')}${kept}${topics}.`;
}

const REASONS: Readonly<Record<DropReason, string>> = {
  'null-key': 'it has no key',
  'null-value': 'it has no value',
  late: 'its window has closed',
  expired: 'it is older than what the store still remembers',
  failed: 'the operator threw an exception, and the handler goes on',
  unreadable: 'its source could not read it or its time',
  refused: 'the operator has no use for it',
};

export const dropWords = ({ node, reason, records }: Drop): string =>
  `${plural(records, 'record')} dropped${node === null ? '' : ` at ${node}`}: ${REASONS[reason]}.`;

/** The nodes in the order in which something first came to them. */
export const wayWords = (hops: readonly Hop[]): string => [...new Set(hops.map(({ to }) => to))].join(' → ');

/** A key, value or header as a person reads it. */
export function jsonWords(value: Json | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return value;
  if (isWindowed(value))
    return `${jsonWords(value.key)} @ ${timeWords(value.start)} to ${timeWords(value.end)}`;
  return JSON.stringify(value);
}

const YEAR_MS = 31_536_000_000;

/** A time of our days as a date, UTC; a small one, as examples have it, in ms. */
export function timeWords(ms: number): string {
  if (ms < YEAR_MS || ms >= 8.64e15) return ms < 0 ? `−${count(-ms)}` : count(ms);
  const fraction = ms % 1_000;
  return fraction === 0 ? utc(ms) : `${utc(ms)}.${String(fraction).padStart(3, '0')}`;
}

const TIMES: readonly string[] = ['start', 'end', 'ts', 'validTo'];

/** A field of a record or of a store's entry: times are said as times. */
export const fieldWords = (field: string, value: Json | undefined): string =>
  TIMES.includes(field) && typeof value === 'number' ? timeWords(value) : jsonWords(value);

interface WindowedKey {
  readonly key: Json;
  readonly start: number;
  readonly end: number;
}

const isWindowed = (value: Json): value is Json & WindowedKey =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).join() === 'key,start,end';

export function stepWords(step: DriverStep): string {
  if ('advanceWallClock' in step) return `wall clock ${count(step.advanceWallClock)} ms on`;
  return `${step.pipe}: ${jsonWords(step.key)} = ${shortened(jsonWords(step.value))} at ${timeWords(step.ts)}`;
}

const SHORT = 40;
const shortened = (text: string): string => (text.length > SHORT ? `${text.slice(0, SHORT - 1)}…` : text);

/** What a step led to, in a few words. */
export function outcomeWords({ outputs, drops, error }: StepOutcome): string {
  if (error !== null) return error.className;
  const out = outputs.filter(({ isInternal }) => !isInternal).length;
  const dropped = drops.reduce((sum, { records }) => sum + records, 0);
  const words = [`${count(out)} out`, ...(dropped === 0 ? [] : [`${count(dropped)} dropped`])];
  return words.join(', ');
}

/** Tasks of an application, in the order of their ids. */
export function tasksOf(entities: ReadonlyMap<string, Entity>, application: string): readonly TaskEntity[] {
  return [...entities.values()]
    .filter((entity): entity is TaskEntity => entity.kind === 'task' && entity.application === application)
    .sort((a, b) => a.subtopology - b.subtopology || a.partition - b.partition);
}

export interface PartFigures {
  readonly tasks: number;
  readonly processed: number;
  readonly dropped: number;
  readonly streamTime: number;
  readonly entries: number;
}

/** The sums of a sub-topology's tasks; its stream time is the latest of them. */
export function partFigures(tasks: readonly TaskEntity[], part: number): PartFigures {
  const own = tasks.filter(({ subtopology }) => subtopology === part);
  const sum = (value: (task: TaskEntity) => number) => own.reduce((total, task) => total + value(task), 0);
  return {
    tasks: own.length,
    processed: sum(({ processed }) => processed),
    dropped: sum(({ droppedLate }) => droppedLate),
    streamTime: Math.max(-1, ...own.map(({ streamTime }) => streamTime)),
    entries: sum(({ storeEntries }) => storeEntries),
  };
}
