import { wrap } from '../picture/text-width.ts';
import { isShuffle } from './measures.ts';
import type { LoomGraph, Station } from './graph.ts';

/** One station of the turned loom. */
export interface TurnedBlock {
  readonly station: Station;
  readonly y: number;
  readonly height: number;
  readonly expanded: boolean;
  /** Room for lag above the machines; 0 where nothing is said about it. */
  readonly lagHeight: number;
  /** Room above the block where records change their column. */
  readonly shuffle: number;
  readonly machineHeight: number;
  readonly machinesEnd: number;
  /** Top of the frame of a machine. */
  machineY(i: number): number;
}

export interface TurnedLayout {
  readonly width: number;
  readonly height: number;
  /** Left edge of the columns. */
  readonly x: number;
  readonly step: number;
  readonly mark: number;
  readonly blocks: readonly TurnedBlock[];
  /** The same object while nothing of the layout moves. */
  readonly shape: object;
  /** Middle of a column. */
  at(row: number): number;
}

const LEFT = 60;
const LAG = 62;
const SHUFFLE = 44;
const GAP = 10;

export interface TurnedOptions {
  readonly width: number;
  readonly expanded: string | null;
  readonly before: TurnedLayout | null;
}

/** Stations from top to bottom; internal topics are left to the shuffle above their reader. */
export function layoutTurned(graph: LoomGraph, { width, expanded, before }: TurnedOptions): TurnedLayout {
  const stations = new Map(graph.columns.flat().map((s) => [s.key, s]));
  const shown = graph.columns
    .flat()
    .filter((s) => s.kind !== 'topic' || !s.topic.internal || s.topic.name === expanded);
  const rows = Math.max(1, ...shown.map((s) => (s.kind === 'producers' ? 1 : s.rows)));
  const step = (width - LEFT - 10) / rows;
  const blocks: TurnedBlock[] = [];
  let y = 6;
  for (const station of shown) {
    const block = blockAt(station, y, { graph, stations, expanded });
    blocks.push(block);
    y = block.y + block.height + GAP;
  }
  const key = JSON.stringify([
    width,
    expanded,
    blocks.map((b) => [b.station.key, b.y, b.station.rows, b.height]),
  ]);
  const shape = before !== null && shapeKeys.get(before.shape) === key ? before.shape : {};
  shapeKeys.set(shape, key);
  return {
    width,
    height: y + 24 + 18 * troubleLines(graph),
    x: LEFT,
    step,
    mark: Math.max(1, Math.min(18, step - 4)),
    blocks,
    shape,
    at: (row) => LEFT + step * (row + 0.5),
  };
}

const shapeKeys = new WeakMap<object, string>();

const troubleLines = (graph: LoomGraph): number =>
  Math.min(3, graph.links.length + graph.controllers.filter((c) => c.status !== 'up').length);

interface Around {
  readonly graph: LoomGraph;
  readonly stations: ReadonlyMap<string, Station>;
  readonly expanded: string | null;
}

function blockAt(station: Station, top: number, around: Around): TurnedBlock {
  const isTopic = station.kind === 'topic';
  const expanded = isTopic && station.topic.name === around.expanded;
  const shuffle = needsShuffle(station, around) ? SHUFFLE : 0;
  const y = top + shuffle;
  const inputs = around.graph.edges
    .filter((e) => e.to === station.key)
    .map((e) => around.stations.get(e.from));
  const internal = inputs.every((s) => s?.kind === 'topic' && s.topic.internal);
  const lagHeight = isTopic || station.kind === 'producers' || internal ? 0 : LAG;
  const machines = isTopic
    ? expanded
      ? around.graph.brokers.length
      : 0
    : 'machines' in station
      ? station.machines.length
      : 0;
  const machineHeight = expanded ? (machines > 6 ? 18 : 26) : machines > 6 ? 14 : 24;
  const pitch = machineHeight + 4;
  const first = y + (expanded ? 7 + 13 * marginLines(station).length : lagHeight + 4);
  const machinesEnd = first + machines * pitch - 4;
  const bodyEnd =
    station.kind === 'producers'
      ? y + 62
      : expanded
        ? machinesEnd + 4
        : isTopic
          ? y + 40
          : machinesEnd + (callsOutside(station) ? 20 : 0);
  return {
    station,
    y,
    height: bodyEnd - y,
    expanded,
    lagHeight,
    shuffle,
    machineHeight,
    machinesEnd,
    machineY: (i) => first + i * pitch,
  };
}

const callsOutside = (s: Station): boolean => s.kind === 'group' && s.group.service !== undefined;

/** Width of the names in the left margin. */
export const MARGIN = 50;

/** Name of a topic as it stands in the left margin. */
export const marginLines = (station: Station): string[] =>
  station.kind === 'topic' ? wrap(station.topic.name, MARGIN, { classes: 'tb s12 cond', lines: 3 }) : [];

/** Records cross on their way into it: from its own writers, or from those of a topic that is left out. */
function needsShuffle(station: Station, { graph, stations, expanded }: Around): boolean {
  const into = (key: string): boolean => graph.edges.some((e) => e.to === key && isShuffle(e, { stations }));
  if (station.kind === 'topic') return into(station.key);
  return graph.edges.some((e) => {
    const from = stations.get(e.from);
    const hidden = from?.kind === 'topic' && from.topic.internal && from.topic.name !== expanded;
    return e.to === station.key && hidden && into(e.from);
  });
}
