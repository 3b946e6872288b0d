import { SessionStore } from '../state-stores/session-store.ts';
import { WindowStore } from '../state-stores/window-store.ts';
import type { StoreDefinition } from '../state-stores/store.ts';
import type { StreamTask } from './stream-task.ts';

/** Open: its end has not come. Grace: it has, and late records still count. Closed: late records are dropped. */
export type WindowStatus = 'open' | 'grace' | 'closed';

/** One window of a windowed aggregate, over all keys. Times in milliseconds. */
export interface WindowFact {
  readonly start: number;
  /** Excluded by time windows, included by sliding windows and sessions. */
  readonly end: number;
  readonly status: WindowStatus;
  /** Keys that have an aggregate in it. */
  readonly keys: number;
}

/** What there is to see of one windowed aggregate in one task. */
export interface WindowedStoreFacts {
  readonly store: string;
  /** Stream time as the aggregating processor has observed it; −1 before its first record. */
  readonly observedTime: number;
  /** Windows that the store still shows, by start, then end. */
  readonly windows: readonly WindowFact[];
}

/** The facts of a task: its clock, what came too late, and its windows. */
export interface TaskFacts {
  readonly streamTime: number;
  /** Windows that had closed when a record came for them, once per window and record. */
  readonly lateDropped: number;
  readonly dropped: number;
  readonly processed: number;
  readonly stores: readonly WindowedStoreFacts[];
}

/** Reads a task's facts. Linear in the number of entries of its windowed stores. */
export function taskFacts(task: StreamTask): TaskFacts {
  const { streamTime, metrics } = task.state;
  const stores = task.topology.stores.flatMap((definition) => {
    const store = task.store(definition.name);
    if (definition.kind !== 'timestampedWindow' && definition.kind !== 'session') return [];
    const observedTime = observedBy(task, definition.name);
    const windows =
      store instanceof WindowStore
        ? timeWindows(store, observedTime)
        : store instanceof SessionStore
          ? sessions(store, observedTime)
          : [];
    return [{ store: definition.name, observedTime, windows }];
  });
  const { late, dropped, processed } = metrics;
  return { streamTime, lateDropped: late, dropped, processed, stores };
}

/** The clock of the aggregation that owns the store; of a cogroup's several the one that is ahead. */
function observedBy(task: StreamTask, store: string): number {
  let observed = -1;
  for (const node of task.topology.nodes) {
    if (node.kind !== 'processor' || !node.stores.has(store)) continue;
    const state = task.state.operators.get(node.name) as { readonly observed?: number } | undefined;
    observed = Math.max(observed, state?.observed ?? -1);
  }
  return observed;
}

function timeWindows(store: WindowStore, observed: number): WindowFact[] {
  const { definition } = store;
  const counts = new Map<number, number>();
  for (const { start } of store.all()) counts.set(start, (counts.get(start) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([start, keys]) => {
      const end = start + definition.windowSize;
      return { start, end, keys, status: statusOf(definition, end, observed) };
    });
}

function sessions(store: SessionStore, observed: number): WindowFact[] {
  return store
    .all()
    .map(({ start, end }) => ({ start, end, keys: 1, status: statusOf(store.definition, end, observed) }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
}

function statusOf({ grace }: StoreDefinition, end: number, observed: number): WindowStatus {
  if (end > observed) return 'open';
  return end > observed - grace ? 'grace' : 'closed';
}
