import type { RecordSlice } from '../../client/consumer/consumer-state.ts';
import { offsetAt, timestampAt } from '../../protocol/record-batch.ts';
import type { ThreadContext } from './thread-context.ts';
import { timeAt } from '../state-stores/ordered-time.ts';
import type { StoreDefinition } from '../state-stores/store.ts';
import { planOf } from './application-plan.ts';
import { bindTask } from './bound-task.ts';
import type { StreamThread } from './stream-thread.ts';
import { subTopologyOf, type ChangelogRestore, type RuntimeTask } from './runtime-task.ts';
import { noteChange } from './window-ledger.ts';

/** Applies what was read of a changelog to the task that restores from it. Returns the number of records. */
export function applySlice(
  thread: StreamThread,
  context: ThreadContext,
  tasks: readonly RuntimeTask[],
  slice: RecordSlice,
): number {
  for (const task of tasks) {
    const changelog = task.restoring.find(({ name }) => name === slice.name);
    if (changelog !== undefined) return applyTo(thread, context, { task, changelog, slice });
  }
  return 0;
}

interface Applying {
  readonly task: RuntimeTask;
  readonly changelog: ChangelogRestore;
  readonly slice: RecordSlice;
}

/** Applies records up to the end as it was when the restoration began. */
function applyTo(thread: StreamThread, context: ThreadContext, { task, changelog, slice }: Applying): number {
  const plan = planOf(thread.config);
  const { stream } = bindTask(thread, context, task);
  const store = subTopologyOf(plan, task).stores.find(
    ({ name }) => name === changelog.store,
  ) as StoreDefinition;
  const { batch, from, to } = slice;
  const { keys, values } = batch.records;
  let applied = 0;
  for (let i = from; i < to; i++) {
    const offset = offsetAt(batch, i);
    const key = keys[i] ?? null;
    if (key === null || (changelog.end >= 0 && offset >= changelog.end)) continue;
    const value = values[i] ?? null;
    stream.restore(changelog.store, key, value, timestampAt(batch, i));
    noteRestored(thread, task, { store, key, value });
    task.restoredTime = Math.max(task.restoredTime, timestampAt(batch, i));
    changelog.position = offset + 1;
    applied += 1;
  }
  task.restored += applied;
  task.changelogOffsets.set(changelog.topic, changelog.position);
  return applied;
}

interface RestoredRecord {
  readonly store: StoreDefinition;
  readonly key: string;
  readonly value: string | null;
}

/** Bytes of the window's start and number at the end of a window store's changelog key. */
const WINDOW_SUFFIX = 12;

function noteRestored(thread: StreamThread, task: RuntimeTask, { store, key, value }: RestoredRecord): void {
  const ledger = task.ledgers.get(store.name);
  const windowed = planOf(thread.config).windowed.get(store.name);
  if (ledger === undefined || windowed === undefined) return;
  const at = key.length - WINDOW_SUFFIX;
  const decoded = value === null ? null : store.value.deserialize(value);
  noteChange(ledger, windowed, { key: key.slice(0, at), start: timeAt(key, at), value: decoded });
}
