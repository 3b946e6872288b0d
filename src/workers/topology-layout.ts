import { Graph, layout } from '@dagrejs/dagre';
import type { FigureNode, FigurePart, FigureStore, TopologyFigure } from '../engine/api/topology-driver.ts';

/** Which way records flow in the picture. */
export type Flow = 'right' | 'down';

export interface PlacedBox {
  /** Middle of its sign. */
  readonly x: number;
  readonly y: number;
}

export interface PlacedNode extends PlacedBox {
  readonly node: FigureNode;
  /** The name, broken into lines. */
  readonly lines: readonly string[];
  /** Stores that hang below it. */
  readonly stores: readonly PlacedStore[];
}

export interface PlacedStore extends PlacedBox {
  readonly store: FigureStore;
}

/** A topic at the edge of a sub-topology. */
export interface PlacedTopic extends PlacedBox {
  readonly name: string;
  readonly lines: readonly string[];
  /** It moves records between tasks of this application. */
  readonly isRepartition: boolean;
  readonly side: 'in' | 'out';
}

export interface PlacedEdge {
  /** The names of nodes, or `in topic` and `out topic`. */
  readonly from: string;
  readonly to: string;
  /** `store`: a node that works with a store which hangs below another. */
  readonly kind: 'flow' | 'store';
  readonly points: readonly (readonly [number, number])[];
}

export interface PlacedPart {
  readonly part: FigurePart;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly topics: readonly PlacedTopic[];
  readonly edges: readonly PlacedEdge[];
}

/** A topology with a place for everything, in px. */
export interface PlacedTopology {
  readonly flow: Flow;
  readonly width: number;
  readonly height: number;
  readonly parts: readonly PlacedPart[];
}

const SIGN = { width: 34, height: 24 };
const LINE = 15;
const LINE_CHARS = 21;
const CHAR = 6.3;
/** A store with its words, below its node. */
const STORE_HEIGHT = 76;
const STORE_WIDTH = 128;
/** Title and sums above the nodes; downwards there are two lines of sums. */
const HEAD = { right: 44, down: 72 } as const;
/** Downwards a sub-topology is at least as wide as its sums. */
const DOWN_MIN = 300;
const PAD = 16;
const GAP = 16;

/** Layout with dagre, each sub-topology by itself; they stand below each other, since only topics join them. */
export function placeTopology(figure: TopologyFigure, flow: Flow): PlacedTopology {
  const stores = new Map(figure.stores.map((store) => [store.name, store]));
  const repartition = new Set(figure.repartitionTopics);
  let y = 0;
  const parts = figure.parts.map((part) => {
    const placed = placePart(part, { stores, repartition, flow });
    const at = y;
    y += placed.height + GAP;
    return { ...placed, y: at };
  });
  const width = Math.max(flow === 'down' ? DOWN_MIN : 0, ...parts.map((part) => part.width));
  return { flow, width, height: Math.max(0, y - GAP), parts: parts.map((part) => ({ ...part, width })) };
}

interface Surroundings {
  readonly stores: ReadonlyMap<string, FigureStore>;
  readonly repartition: ReadonlySet<string>;
  readonly flow: Flow;
}

interface Box {
  readonly width: number;
  readonly height: number;
  /** From the middle of the box to the middle of the sign. */
  readonly dx: number;
  readonly dy: number;
}

function placePart(part: FigurePart, { stores, repartition, flow }: Surroundings): PlacedPart {
  const graph = new Graph();
  graph.setGraph({
    rankdir: flow === 'right' ? 'LR' : 'TB',
    nodesep: flow === 'right' ? 14 : 18,
    ranksep: flow === 'right' ? 22 : 26,
    marginx: PAD,
    marginy: PAD,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const owned = ownedStores(part, stores);
  const boxes = new Map<string, Box>();
  const add = (id: string, lines: readonly string[], below: number) => {
    const box = boxFor(lines, below, flow);
    boxes.set(id, box);
    graph.setNode(id, { width: box.width, height: box.height });
  };
  for (const node of part.nodes) add(node.name, linesOf(node.name), owned.get(node.name)?.length ?? 0);
  const topics = topicsOf(part);
  for (const { id, name } of topics) add(id, linesOf(name), 0);
  const flows = flowsOf(part, topics);
  for (const { from, to } of flows) graph.setEdge(from, to);
  layout(graph);
  const place = placing(graph, boxes, flow);
  const nodes = part.nodes.map((node): PlacedNode => {
    const at = place(node.name);
    const lines = linesOf(node.name);
    return { node, ...at, lines, stores: hung(owned.get(node.name) ?? [], at, { lines, flow }) };
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    part,
    x: 0,
    y: 0,
    width: Math.ceil(width),
    height: Math.ceil(height) + HEAD[flow],
    nodes,
    topics: topics.map(({ id, name, side }) => ({
      name,
      side,
      lines: linesOf(name),
      isRepartition: repartition.has(name),
      ...place(id),
    })),
    edges: [...flows.map((edge) => flowEdge(edge, place, flow)), ...storeEdges(nodes)],
  };
}

/** Where the sign of a node or a topic stands. What follows one another stands on one line, whatever hangs below it. */
function placing(graph: Graph, boxes: ReadonlyMap<string, Box>, flow: Flow): (id: string) => PlacedBox {
  const raw = new Map(
    [...boxes].map(([id, { dx, dy }]) => {
      const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number };
      return [id, { rank: Math.round(flow === 'right' ? x : y), x: x + dx, y: y + dy + HEAD[flow] }] as const;
    }),
  );
  const isLine = new Set([...raw.values()].map(({ rank }) => rank)).size === raw.size;
  const x0 = Math.min(...[...raw.values()].map(({ x }) => x));
  const y0 = Math.min(...[...raw.values()].map(({ y }) => y));
  return (id) => {
    const { x = 0, y = 0 } = raw.get(id) ?? {};
    if (!isLine) return { x, y };
    return flow === 'right' ? { x, y: y0 } : { x: x0, y };
  };
}

/** Rightwards a name stands below its sign; downwards beside it, and its stores below the name. */
function boxFor(lines: readonly string[], stores: number, flow: Flow): Box {
  const text = Math.max(...lines.map((line) => line.length)) * CHAR;
  const rows = Math.max(2, lines.length);
  if (flow === 'right') {
    const width = Math.max(text, stores > 0 ? STORE_WIDTH : 0, SIGN.width);
    const height = SIGN.height + 6 + rows * LINE + 14 + stores * STORE_HEIGHT;
    return { width, height, dx: 0, dy: SIGN.height / 2 - height / 2 };
  }
  const width = SIGN.width + 10 + Math.max(text, stores > 0 ? STORE_WIDTH : 0);
  const height = Math.max(SIGN.height, (rows + 1) * LINE) + stores * STORE_HEIGHT;
  return { width, height, dx: SIGN.width / 2 - width / 2, dy: SIGN.height / 2 - height / 2 };
}

function hung(
  stores: readonly FigureStore[],
  at: PlacedBox,
  { lines, flow }: { readonly lines: readonly string[]; readonly flow: Flow },
): PlacedStore[] {
  const top =
    flow === 'right'
      ? at.y + SIGN.height / 2 + 6 + lines.length * LINE + 22
      : at.y - SIGN.height / 2 + Math.max(SIGN.height, (lines.length + 1) * LINE) + 12;
  const x = flow === 'right' ? at.x : at.x + SIGN.width / 2 + 10 + STORE_WIDTH / 2;
  return stores.map((store, i) => ({ store, x, y: top + i * STORE_HEIGHT + STORE_HEIGHT / 2 - 12 }));
}

/** Each store hangs below the first node that works with it. */
function ownedStores(
  part: FigurePart,
  stores: ReadonlyMap<string, FigureStore>,
): ReadonlyMap<string, readonly FigureStore[]> {
  const seen = new Set<string>();
  return new Map(
    part.nodes.map((node) => [
      node.name,
      node.stores.flatMap((name) => {
        const store = stores.get(name);
        if (store === undefined || seen.has(name) || (store.isGlobal && !part.isGlobal)) return [];
        seen.add(name);
        return [store];
      }),
    ]),
  );
}

interface EdgeTopic {
  readonly id: string;
  readonly name: string;
  readonly side: 'in' | 'out';
}

function topicsOf(part: FigurePart): readonly EdgeTopic[] {
  const found = new Map<string, EdgeTopic>();
  for (const node of part.nodes) {
    if (node.kind === 'processor') continue;
    const side = node.kind === 'source' ? 'in' : 'out';
    for (const name of topicNames(node)) found.set(`${side} ${name}`, { id: `${side} ${name}`, name, side });
  }
  return [...found.values()];
}

const topicNames = (node: FigureNode): readonly string[] =>
  node.topicsBy === null ? node.topics : [node.topicsBy];

function flowsOf(
  part: FigurePart,
  topics: readonly EdgeTopic[],
): readonly { readonly from: string; readonly to: string }[] {
  const known = new Set(topics.map(({ id }) => id));
  return part.nodes.flatMap((node) => {
    const inner = node.children.map((to) => ({ from: node.name, to }));
    const side = node.kind === 'source' ? 'in' : 'out';
    const outer = (node.kind === 'processor' ? [] : topicNames(node))
      .map((name) => `${side} ${name}`)
      .filter((id) => known.has(id))
      .map((id) => (node.kind === 'source' ? { from: id, to: node.name } : { from: node.name, to: id }));
    return [...outer, ...inner];
  });
}

function flowEdge(
  { from, to }: { readonly from: string; readonly to: string },
  place: (id: string) => PlacedBox,
  flow: Flow,
): PlacedEdge {
  const a = place(from);
  const b = place(to);
  const [half, tall] = [SIGN.width / 2 + 2, SIGN.height / 2 + 3];
  const points: [number, number][] =
    flow === 'right'
      ? [
          [a.x + half, a.y],
          [b.x - half, b.y],
        ]
      : [
          [a.x, a.y + tall],
          [b.x, b.y - tall],
        ];
  return { from, to, kind: 'flow', points };
}

/** From a node to a store that hangs below another one. */
function storeEdges(nodes: readonly PlacedNode[]): PlacedEdge[] {
  const places = new Map(nodes.flatMap(({ stores }) => stores.map((at) => [at.store.name, at] as const)));
  return nodes.flatMap(({ node, x, y, stores }) =>
    node.stores.flatMap((name): PlacedEdge[] => {
      const at = places.get(name);
      if (at === undefined || stores.some(({ store }) => store.name === name)) return [];
      const points = [[x, y + SIGN.height / 2 + 3] as const, [at.x, at.y - 28] as const];
      return [{ from: node.name, to: name, kind: 'store', points }];
    }),
  );
}

/** A name in lines that are not too long, broken behind its dashes. */
export function linesOf(name: string): string[] {
  const lines: string[] = [''];
  for (const piece of name.split(/(?<=[-.])/)) {
    const last = lines.at(-1) ?? '';
    const isNumber = /^\d{10}/.test(piece);
    if (last !== '' && (isNumber || last.length + piece.length > LINE_CHARS)) lines.push(piece);
    else lines[lines.length - 1] = last + piece;
  }
  return lines;
}
