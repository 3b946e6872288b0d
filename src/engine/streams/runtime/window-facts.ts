import type { WindowFacts, WindowRow } from '../../api/entities/application.ts';
import type { Bytes } from '../../base/bytes.ts';
import { orderedTime, timeAt } from '../state-stores/ordered-time.ts';
import { planOf } from './application-plan.ts';
import { tasksOf, type StreamsMemory } from './instance-memory.ts';
import type { RuntimeTask } from './runtime-task.ts';
import type { TaskId } from '../assignor/task-id.ts';
import type { WindowedStore } from './windowed-stores.ts';
import type { WindowLedger } from './window-ledger.ts';

/** Most rows that are listed. */
export const WINDOW_ROWS_MAX = 60;

interface Watched {
  readonly task: RuntimeTask;
  readonly ledger: WindowLedger;
}

/**
 * The windows of the first windowed store, over all tasks of these instances, newest first; null if the application has
 * none. Linear in the number of windows, not of their keys: tallies are kept as stores change. A window is closed when it
 * is for every task that holds it.
 */
export function windowFacts(instances: readonly StreamsMemory[]): WindowFacts | null {
  const [first] = instances;
  const store = first === undefined ? undefined : [...planOf(first.config).windowed.values()][0];
  if (store === undefined) return null;
  const watched = instances.flatMap((instance) => tasksOf(instance).flatMap((task) => watch(task, store)));
  const { size, advance, grace } = store.windows;
  const starts = newestStarts(watched);
  const rows = starts.slice(0, WINDOW_ROWS_MAX).map((at) => rowOf(store, watched, at));
  const streamTime = Math.max(-1, ...watched.map(({ task }) => task.state.streamTime));
  const hidden = starts.slice(WINDOW_ROWS_MAX).map((at) => rowOf(store, watched, at));
  const closed = [...rows, ...hidden].filter(({ state }) => state === 'closed').length;
  return {
    sizeMs: size,
    advanceMs: advance,
    graceMs: grace,
    streamTime,
    rows,
    closed,
    rowsHidden: hidden.length,
  };
}

function watch(task: RuntimeTask, { store }: WindowedStore): Watched[] {
  const ledger = task.ledgers.get(store);
  return ledger === undefined ? [] : [{ task, ledger }];
}

/** Encoded starts of all windows, newest first. */
function newestStarts(watched: readonly Watched[]): Bytes[] {
  const starts = new Set<Bytes>();
  for (const { ledger } of watched) ledger.tallies.visit({}, (_, at) => void starts.add(at));
  return [...starts].sort((a, b) => (a > b ? -1 : 1));
}

function rowOf({ windows }: WindowedStore, watched: readonly Watched[], at: Bytes): WindowRow {
  const start = timeAt(at, 0);
  const end = start + windows.size;
  let keys = 0;
  let count = 0;
  let slowest = Infinity;
  for (const { task, ledger } of watched) {
    const tally = ledger.tallies.get(at);
    if (tally === undefined) continue;
    keys += tally.keys;
    count += tally.count;
    slowest = Math.min(slowest, task.state.streamTime);
  }
  const state = slowest >= end + windows.grace ? 'closed' : slowest >= end ? 'grace' : 'open';
  return { start, end, state, keys, count };
}

/** One key in one window, as one task's store came to hold it. */
export interface WindowCell {
  readonly task: TaskId;
  readonly store: string;
  /** Bytes of the key. */
  readonly key: Bytes;
  /** ms since 1970. */
  readonly start: number;
  readonly count: number;
}

const START_BYTES = orderedTime(0).length;

/** Every key in every window of an instance's tasks, also of windows that the stores have forgotten. */
export function windowCells(instance: StreamsMemory): WindowCell[] {
  const cells: WindowCell[] = [];
  for (const { id: task, ledgers } of tasksOf(instance))
    for (const [store, ledger] of ledgers)
      ledger.cells.visit({}, (count, at) => {
        cells.push({ task, store, key: at.slice(START_BYTES), start: timeAt(at, 0), count });
      });
  return cells;
}
