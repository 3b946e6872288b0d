import { int64FromBytes, int64ToBytes, utf8Decode, utf8Encode, type Bytes } from '../base/bytes.ts';
import type { ApplicationView } from '../api/views/application.ts';
import type { BatchView } from '../api/views/log.ts';
import type { TopologyNode } from '../api/scenario.ts';

/** An application's count of records per key and window, as its topology asks for it. */
export interface CountPlan {
  readonly application: string;
  /** Then only what was committed is counted, and counted once whatever dies. */
  readonly exactlyOnce: boolean;
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

/** The counts that applications were asked for. */
export const countPlans = (applications: readonly ApplicationView[]): readonly CountPlan[] =>
  applications.map(countPlan).filter((plan) => plan !== undefined);

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const millisOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** The first count in windows with a named store; undefined if the application has none. */
export function countPlan({ id, topology, exactlyOnce }: ApplicationView): CountPlan | undefined {
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
    return { application: id, exactlyOnce, changelog: `${id}-${store}-changelog`, ...window, ...input };
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
  if (batch.control !== undefined) return;
  const { keys, values, count } = batch.records;
  for (let i = 0; i < count; i++) {
    const key = keys[i];
    const value = values[i] ?? null;
    if (key !== null && key !== undefined)
      visit(key.slice(0, -SEQUENCE_SIZE), value === null ? 0 : int64FromBytes(value));
  }
}

/**
 * Calls `visit` for each window into which the records of an input batch have to be counted, of those with the indexes
 * from `from` to before `to`.
 */
export function visitExpected(
  plan: CountPlan,
  batch: BatchView,
  visit: (window: Bytes) => void,
  { from, to } = { from: 0, to: batch.records.count },
): void {
  const { keys, values, timestampDeltas } = batch.records;
  for (let i = from; i < to; i++) {
    const key = countedBy(plan, keys[i] ?? null, values[i] ?? null);
    if (key === null) continue;
    const timestamp =
      batch.timestampType === 'LogAppendTime'
        ? batch.maxTimestamp
        : batch.baseTimestamp + (timestampDeltas[i] ?? 0);
    for (const start of windowStarts(plan, timestamp)) visit(windowKey(key, start));
  }
}

/** Number of records of an input batch that cannot be counted: they have no value, or no key to be counted by. */
export function unkeyedIn(
  plan: CountPlan,
  { control, records: { keys, values, count } }: BatchView,
  { from, to } = { from: 0, to: count },
): number {
  let unkeyed = 0;
  for (let i = from; control === undefined && i < to; i++)
    if (countedBy(plan, keys[i] ?? null, values[i] ?? null) === null) unkeyed += 1;
  return unkeyed;
}

/** The key that a record is counted by; null if Kafka Streams drops it before it comes to the count. */
function countedBy({ keyField }: CountPlan, key: Bytes | null, value: Bytes | null): Bytes | null {
  if (value === null) return null;
  return keyField === null ? key : fieldOf(value, keyField);
}

/** A field of a JSON object as the bytes of its text; null if it is not there. */
function fieldOf(value: Bytes, field: string): Bytes | null {
  const parsed = parsedJson(value);
  if (typeof parsed !== 'object' || parsed === null) return null;
  const found = (parsed as Readonly<Record<string, unknown>>)[field] ?? null;
  if (found === null) return null;
  return utf8Encode(typeof found === 'string' ? found : JSON.stringify(found));
}

/** Null for what is no JSON: an application that expects some drops it or dies of it. */
function parsedJson(value: Bytes): unknown {
  try {
    return JSON.parse(utf8Decode(value));
  } catch {
    return null;
  }
}
