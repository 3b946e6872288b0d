import { int64FromBytes, int64ToBytes, utf8Decode, utf8Encode, type Bytes } from '../base/bytes.ts';
import type { ApplicationView, BatchView } from '../api/cluster-view.ts';
import type { TopologyNode } from '../api/scenario.ts';

/** An application's count of records per key and window, as its topology asks for it. */
export interface CountPlan {
  readonly application: string;
  /** Topic with every change of a count. */
  readonly changelog: string;
  /** Topics whose records are counted; null where what lies between is more than this oracle understands. */
  readonly inputs: readonly string[] | null;
  /** Field of the JSON value that is the key; null: the record's own key. */
  readonly keyField: string | null;
  /** ms. A tumbling window advances by its size. */
  readonly size: number;
  readonly advance: number;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const millisOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** The first count in windows with a named store; undefined if the application has none. */
export function countPlan({ id, topology }: ApplicationView): CountPlan | undefined {
  const nodes = new Map(topology.map((node) => [node.id ?? '', node]));
  const upstream = (node: TopologyNode | undefined): TopologyNode | undefined => nodes.get(node?.of ?? '');
  for (const node of topology) {
    const store = text(node.as);
    const windowed = upstream(node);
    if (node.op !== 'count' || store === undefined || windowed?.op !== 'windowedBy') continue;
    const window = windowOf(windowed);
    if (window === undefined) continue;
    const grouped = upstream(windowed);
    const input = inputOf(grouped, upstream(grouped));
    return { application: id, changelog: `${id}-${store}-changelog`, ...window, ...input };
  }
  return undefined;
}

function windowOf(node: TopologyNode): Pick<CountPlan, 'size' | 'advance'> | undefined {
  const window = node.window as Readonly<Record<string, unknown>>;
  const size = millisOf(window.size);
  const advance = window.type === 'tumbling' ? size : millisOf(window.advance);
  return size === undefined || advance === undefined ? undefined : { size, advance };
}

const UNKNOWN_INPUT = { inputs: null, keyField: null } as const;

function inputOf(
  grouped: TopologyNode | undefined,
  source: TopologyNode | undefined,
): Pick<CountPlan, 'inputs' | 'keyField'> {
  if (grouped === undefined || source?.op !== 'stream' || source.extractor !== undefined)
    return UNKNOWN_INPUT;
  const topic = text(source.topic);
  const inputs = topic === undefined ? null : [topic];
  if (grouped.op === 'groupByKey') return { inputs, keyField: null };
  const field = /^field:(.+)$/.exec(text(grouped.keyFn) ?? '')?.[1];
  const isPlain = grouped.op === 'groupBy' && grouped.fn === undefined && source.value === 'json';
  return isPlain && field !== undefined ? { inputs, keyField: field } : UNKNOWN_INPUT;
}

/** Starts of the windows that hold a time, in ms (`TimeWindows.windowsFor`). */
export function windowStarts({ size, advance }: CountPlan, timestamp: number): number[] {
  const starts: number[] = [];
  const first = Math.floor(Math.max(0, timestamp - size + advance) / advance) * advance;
  for (let start = first; start <= timestamp; start += advance) starts.push(start);
  return starts;
}

/** Number of windows that a record falls into. */
export const overlap = ({ size, advance }: CountPlan): number => Math.ceil(size / advance);

/** Key and start of a window in one, as the changelog writes them before the sequence number. */
export const windowKey = (key: Bytes, start: number): Bytes => key + int64ToBytes(start);

const SEQUENCE_SIZE = 4;

/** Calls `visit` for each change of a count in a batch of the changelog; a deleted count is 0. */
export function visitCounts(batch: BatchView, visit: (window: Bytes, count: number) => void): void {
  const { keys, values, count } = batch.records;
  for (let i = 0; i < count; i++) {
    const key = keys[i];
    const value = values[i] ?? null;
    if (key !== null && key !== undefined)
      visit(key.slice(0, -SEQUENCE_SIZE), value === null ? 0 : int64FromBytes(value));
  }
}

/** Calls `visit` for each window into which the records of an input batch have to be counted. */
export function visitExpected(plan: CountPlan, batch: BatchView, visit: (window: Bytes) => void): void {
  const { keys, values, timestampDeltas, count } = batch.records;
  for (let i = 0; i < count; i++) {
    const value = values[i] ?? null;
    const key = plan.keyField === null ? (keys[i] ?? null) : fieldOf(value, plan.keyField);
    if (key === null || value === null) continue;
    const timestamp =
      batch.timestampType === 'LogAppendTime'
        ? batch.maxTimestamp
        : batch.baseTimestamp + (timestampDeltas[i] ?? 0);
    for (const start of windowStarts(plan, timestamp)) visit(windowKey(key, start));
  }
}

/** A field of a JSON object as the bytes of its text; null if it is not there. */
function fieldOf(value: Bytes | null, field: string): Bytes | null {
  if (value === null) return null;
  const parsed: unknown = JSON.parse(utf8Decode(value));
  if (typeof parsed !== 'object' || parsed === null) return null;
  const found = (parsed as Readonly<Record<string, unknown>>)[field] ?? null;
  if (found === null) return null;
  return utf8Encode(typeof found === 'string' ? found : JSON.stringify(found));
}
