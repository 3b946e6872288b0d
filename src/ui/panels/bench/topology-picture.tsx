import { useRef, type KeyboardEvent } from 'react';
import type { Hop, TopologyFigure } from '../../../engine/api/topology-driver.ts';
import type {
  Flow,
  PlacedEdge,
  PlacedNode,
  PlacedPart,
  PlacedStore,
  PlacedTopic,
  PlacedTopology,
} from '../../state/bench.ts';
import { figureWords, nodeWords, partTitle, storeShape } from '../../view-model/topology/words.ts';
import { drum, signOf } from './signs.ts';
import styles from './topology-picture.module.css';

/** What is known beside the figure itself. */
export interface PictureMarks {
  /** Sums behind the title of a sub-topology. */
  readonly partNote: (part: number) => readonly string[];
  /** Words under a node's name, '' for none. */
  readonly nodeNote: (name: string) => string;
  /** Words under a store's name, '' for none. */
  readonly storeNote: (name: string) => string;
  /** The way that was taken last; null where there is none to show. */
  readonly way: readonly Hop[] | null;
}

interface PictureProps {
  readonly name: string;
  readonly figure: TopologyFigure;
  readonly placed: PlacedTopology;
  readonly marks: PictureMarks;
  readonly selected: string | null;
  readonly onSelect: (node: string | null) => void;
}

/** What every mark needs to know. */
interface Drawing extends PictureProps {
  readonly flow: Flow;
  /** The node that Tab comes to. */
  readonly current: string | undefined;
  /** Edges and nodes of the way that was taken; null: all are alike. */
  readonly taken: ReadonlySet<string> | null;
}

/** Sub-topologies as Kafka built them. Arrow keys go from node to node. */
export function TopologyPicture(props: PictureProps) {
  const { name, figure, placed, marks, selected, onSelect } = props;
  const svg = useRef<SVGSVGElement>(null);
  const names = placed.parts.flatMap(({ nodes }) => nodes.map(({ node }) => node.name));
  const onKeyDown = (event: KeyboardEvent) => {
    const at = names.indexOf(document.activeElement?.getAttribute('data-node') ?? '');
    const next = nextNode(event.key, at, names);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onSelect(next);
    svg.current?.querySelector<SVGGElement>(`[data-node="${CSS.escape(next)}"]`)?.focus();
  };
  const drawing: Drawing = {
    ...props,
    flow: placed.flow,
    current: selected !== null && names.includes(selected) ? selected : names[0],
    taken: marks.way === null ? null : takenBy(marks.way),
  };
  return (
    <svg
      ref={svg}
      className={styles.picture}
      width={placed.width}
      height={placed.height}
      role="group"
      aria-label={figureWords(name, figure)}
      onKeyDown={onKeyDown}
    >
      {placed.parts.map((part) => (
        <Part key={part.part.id} part={part} drawing={drawing} />
      ))}
    </svg>
  );
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
  Enter: 0,
  ' ': 0,
};

function nextNode(key: string, at: number, names: readonly string[]): string | undefined {
  const by = STEPS[key];
  return by === undefined || at < 0 ? undefined : names[(at + by + names.length) % names.length];
}

/** Edges as `from to`, and nodes by their names. */
const takenBy = (way: readonly Hop[]): ReadonlySet<string> =>
  new Set(way.flatMap(({ from, to }) => [`${from ?? ''} ${to}`, to]));

function Part({ part, drawing }: { readonly part: PlacedPart; readonly drawing: Drawing }) {
  const topics = new Map(part.topics.map((topic) => [`${topic.side} ${topic.name}`, topic]));
  return (
    <g transform={`translate(${part.x} ${part.y})`}>
      <rect className={styles.part} x={0.5} y={0.5} width={part.width - 1} height={part.height - 1} rx={3} />
      <text className={styles.title} x={14} y={24}>
        {partTitle(part.part)}
        {linesOfNote(drawing.marks.partNote(part.part.id), drawing.flow).map((line, i) => (
          <tspan
            key={i}
            className={styles.note}
            {...(drawing.flow === 'right' ? { dx: 10 } : { x: 14, y: 42 + 16 * i })}
          >
            {line}
          </tspan>
        ))}
      </text>
      {part.edges.map((edge) => (
        <Edge key={`${edge.from} ${edge.to}`} edge={edge} drawing={drawing} />
      ))}
      {[...topics].map(([id, topic]) => (
        <Topic key={id} topic={topic} flow={drawing.flow} />
      ))}
      {part.nodes.map((node) => (
        <Node key={node.node.name} placed={node} drawing={drawing} />
      ))}
    </g>
  );
}

/** All in one line, or two below the title where the picture is narrow. */
function linesOfNote(note: readonly string[], flow: Flow): readonly string[] {
  const lines = flow === 'right' ? [note] : [note.slice(0, 2), note.slice(2)];
  return lines.map((words) => words.join(' · ')).filter((line) => line !== '');
}

function Edge({ edge, drawing }: { readonly edge: PlacedEdge; readonly drawing: Drawing }) {
  const [[x1, y1] = [0, 0], [x2, y2] = [0, 0]] = edge.points;
  const { flow, taken } = drawing;
  const bend = flow === 'right' ? (x2 - x1) / 2 : (y2 - y1) / 2;
  const d =
    flow === 'right'
      ? `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
      : `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
  if (edge.kind === 'store') return <path className={styles.uses} d={`M${x1} ${y1}L${x2} ${y2}`} />;
  const head = flow === 'right' ? `M${x2 - 5} ${y2 - 4}l5 4l-5 4` : `M${x2 - 4} ${y2 - 5}l4 5l4 -5`;
  return <path className={isTaken(edge, taken) ? styles.taken : styles.edge} d={d + head} />;
}

function isTaken({ from, to }: PlacedEdge, taken: ReadonlySet<string> | null): boolean {
  if (taken === null) return false;
  if (from.startsWith('in ')) return taken.has(` ${to}`);
  return to.startsWith('out ') ? taken.has(from) : taken.has(`${from} ${to}`);
}

/** Lines of text under a sign, or beside it where records flow down. */
function Lines({ lines, note = '', x, y, flow, className }: LinesProps) {
  const beside = flow === 'down';
  return (
    <text className={className} textAnchor={beside ? 'start' : 'middle'}>
      {lines.map((line, i) => (
        <tspan key={i} x={beside ? x + 27 : x} y={(beside ? y : y + 31) + i * 15}>
          {line}
        </tspan>
      ))}
      {note === '' ? null : (
        <tspan
          className={styles.counted}
          x={beside ? x + 27 : x}
          y={(beside ? y : y + 31) + lines.length * 15}
        >
          {note}
        </tspan>
      )}
    </text>
  );
}

interface LinesProps {
  readonly lines: readonly string[];
  /** One more line, of what was counted. */
  readonly note?: string;
  readonly x: number;
  readonly y: number;
  readonly flow: Flow;
  readonly className?: string | undefined;
}

function Topic({ topic, flow }: { readonly topic: PlacedTopic; readonly flow: Flow }) {
  const { x, y, name, lines, isRepartition, side } = topic;
  const words = `${isRepartition ? 'repartition topic' : 'topic'} ${name}, ${side === 'in' ? 'read' : 'written'}`;
  return (
    <g role="img" aria-label={words}>
      <path
        className={styles.log}
        d={`M${x - 17} ${y - 8}h34v16h-34zM${x - 6} ${y - 8}v16M${x + 6} ${y - 8}v16`}
      />
      <Lines lines={lines} x={x} y={y} flow={flow} className={isRepartition ? styles.own : styles.topic} />
    </g>
  );
}

function Node({ placed, drawing }: { readonly placed: PlacedNode; readonly drawing: Drawing }) {
  const { node, x, y, lines, stores } = placed;
  const { figure, flow, selected, current, taken, marks, onSelect } = drawing;
  const note = marks.nodeNote(node.name);
  const isSelected = selected === node.name;
  const visited = taken?.has(node.name) === true;
  return (
    <>
      {stores.map((store) => (
        <Store key={store.store.name} placed={store} from={placed} drawing={drawing} />
      ))}
      <g
        role="button"
        className={styles.node}
        data-node={node.name}
        aria-label={`${node.name}, ${nodeWords(node)}${note === '' ? '' : `, ${note}`}`}
        aria-pressed={isSelected}
        tabIndex={current === node.name ? 0 : -1}
        onClick={() => onSelect(isSelected ? null : node.name)}
      >
        <rect className={styles.target} x={x - 22} y={y - 17} width={44} height={34} rx={3} />
        {isSelected ? (
          <rect className={styles.ring} x={x - 20} y={y - 15} width={40} height={30} rx={3} />
        ) : null}
        <path
          className={visited ? styles.visited : styles.sign}
          transform={`translate(${x - 14} ${y - 10})`}
          d={signOf(node, figure.stores)}
        />
        <Lines lines={lines} note={note} x={x} y={y} flow={flow} className={styles.name} />
      </g>
    </>
  );
}

interface StoreProps {
  readonly placed: PlacedStore;
  readonly from: PlacedNode;
  readonly drawing: Drawing;
}

function Store({ placed, from, drawing }: StoreProps) {
  const { store, x, y } = placed;
  const note = drawing.marks.storeNote(store.name);
  const words = [storeShape(store), note].filter((word) => word !== '').join(', ');
  const stem =
    drawing.flow === 'right' ? `M${x} ${y - 36}V${y - 28}` : `M${from.x} ${from.y + 15}V${y}H${x - 60}`;
  return (
    <g
      role="img"
      aria-label={`store ${store.name}, ${words}${store.changelog === null ? '' : `, changelog ${store.changelog}`}`}
    >
      <path className={styles.stem} d={stem} />
      <path className={styles.drum} d={drum(x, y, 118, 46)} />
      <text className={styles.store} x={x} textAnchor="middle">
        <tspan x={x} y={y - 6}>
          {shortName(store.name)}
        </tspan>
        <tspan className={styles.shape} x={x} y={y + 8}>
          {storeShape(store)}
        </tspan>
        <tspan x={x} y={y + 21}>
          {note}
        </tspan>
      </text>
      {store.changelog === null ? null : <path className={styles.changelog} d={`M${x + 59} ${y}h12`} />}
    </g>
  );
}

const shortName = (name: string): string =>
  name.length > 19 ? `${name.slice(0, 8)}…${name.slice(-10)}` : name;
