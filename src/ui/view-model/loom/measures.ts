import { textWidth } from '../picture/text-width.ts';
import type { Edge, LoomGraph, ReaderStation, Station, TopicStation } from './graph.ts';
import { inputsOf } from './graph.ts';

/** A width that may be squeezed, and its share of what is left over. */
export interface Span {
  readonly min: number;
  readonly ideal: number;
  readonly grow: number;
}

/** Below this pitch the marks of a row no longer fit and rows become bars. */
export const ROW_MIN = 20;

/** Widest label of a replica's broker, a lag, or a partition. */
export const LAG_LABEL = 32;
export const PARTITION_LABEL = 25;
/** What stands between a lag and the machines that read. */
export const APPROACH = 10;

const clamp = (n: number, low: number, high: number): number => Math.min(high, Math.max(low, n));
const none: Span = { min: 0, ideal: 0, grow: 0 };

export interface Measuring {
  readonly graph: LoomGraph;
  readonly stations: ReadonlyMap<string, Station>;
  readonly expanded: string | null;
  readonly bars: boolean;
}

/** Width of a station's own marks. */
export function bodySpan(station: Station, by: Measuring): Span {
  if (station.kind === 'producers') return { min: 70, ideal: 120, grow: 0 };
  if (station.kind === 'topic') return topicSpan(station, by);
  const n = Math.max(1, station.machines.length);
  if (by.bars) return { min: n * clamp(60 / n, 4, 12), ideal: n * clamp(120 / n, 6, 15), grow: 0 };
  const worded = (cardWidth(station, 's12 cond') + 6) / 0.78;
  const one = n <= 2 ? worded : n <= MOST_WORDED ? Math.min(worded, 22) : 13;
  const ideal =
    n <= MOST_WORDED ? Math.max((cardWidth(station, 's12') + 8) / 0.78, Math.min(40, 200 / n)) : 200 / n;
  return { min: n * one, ideal: n * Math.max(one, ideal), grow: 0 };
}

/** More machines than this have cards without words. */
const MOST_WORDED = 6;

function topicSpan(station: TopicStation, { graph, expanded, bars }: Measuring): Span {
  if (station.topic.name !== expanded) {
    const width = bars ? 14 : 18 + 7 + brokerNameWidth(graph);
    return { min: width, ideal: width, grow: 0 };
  }
  const n = Math.max(1, graph.brokers.length);
  return {
    min: n * clamp(110 / n, 8, 24) + PARTITION_LABEL,
    ideal: n * clamp(240 / n, 12, 40) + PARTITION_LABEL,
    grow: 0,
  };
}

const brokerNameWidth = (graph: LoomGraph): number =>
  Math.max(14, ...graph.brokers.map((b) => textWidth(b.label, 's12 tb')));

/** Width of the widest words on the cards of a reader. */
const cardWidth = (station: ReaderStation, classes: string): number =>
  Math.max(14, ...cardWords(station).map((w) => textWidth(w, classes)));

/** What stands on the card of each row. */
export function cardWords(station: ReaderStation): string[] {
  if (station.kind === 'subtopology') return station.tasks.map((t) => t?.task ?? '');
  const topics = inputsOf(station);
  return station.reads.map((r) => {
    const partition = r.name.slice(r.name.lastIndexOf('-') + 1);
    return topics.length > 1
      ? `${topics.indexOf(r.name.slice(0, r.name.lastIndexOf('-')))}:${partition}`
      : `p${partition}`;
  });
}

/** Width of what leads into a station: races, the shuffle, lag. */
export function leadSpan(station: Station, by: Measuring): Span {
  if (station.kind === 'producers') return none;
  if (station.kind !== 'topic') return lagSpan(station, by);
  const from = by.graph.edges.filter((e) => e.to === station.key);
  if (from.some((e) => isShuffle(e, by))) {
    return by.bars ? { min: 40, ideal: 96, grow: 1 } : { min: 36, ideal: 82, grow: 1 };
  }
  if (from.some((e) => by.stations.get(e.from)?.kind === 'producers'))
    return { min: 24, ideal: 62, grow: 0.5 };
  return from.length > 0 ? { min: 14, ideal: 22, grow: 0.2 } : none;
}

/** Room for the threads to a reader whose rows are not on the level of its partitions. */
export function threadRoom(station: Station, graph: LoomGraph): number {
  const feeding = new Set(graph.edges.flatMap((e) => (e.to === station.key ? [e.from] : [])));
  const shared = graph.columns.filter((c) => c.length > 1);
  if (!shared.flat().some((s) => s.key === station.key || feeding.has(s.key))) return 0;
  const names = shared.filter((c) => c.some((s) => feeding.has(s.key))).flatMap((c) => c.map(topicName));
  return STRAND + Math.max(0, ...names.map((name) => textWidth(name, 's15 tb') / 2 - 20));
}

const topicName = (s: Station): string => (s.kind === 'topic' ? s.topic.name : '');

/** In which a thread comes from one level to another, clear of the names that stand between. */
export const STRAND = 34;

function lagSpan(station: ReaderStation, { graph, bars, stations }: Measuring): Span {
  const inputs = graph.edges.filter((e) => e.to === station.key).map((e) => stations.get(e.from));
  const internal = inputs.length > 0 && inputs.every((t) => t?.kind === 'topic' && t.topic.internal);
  const label = LAG_LABEL + APPROACH + 6 + threadRoom(station, graph);
  if (bars) {
    const least = (internal ? 20 : 64) + threadRoom(station, graph);
    return { min: least, ideal: internal ? 90 : 130, grow: 2 };
  }
  return internal
    ? { min: APPROACH + 4, ideal: label + 18, grow: 0.5 }
    : { min: label + 12, ideal: label + 62, grow: 2 };
}

/** Whether records may change their row on the way from an operator to a topic. */
export function isShuffle(edge: Edge, by: Pick<Measuring, 'stations'>): boolean {
  const from = by.stations.get(edge.from);
  const to = by.stations.get(edge.to);
  if (from?.kind !== 'subtopology' || to?.kind !== 'topic') return false;
  return to.topic.name.endsWith('-repartition') || from.rows !== to.rows || /re-?key/.test(from.facts.label);
}
