import type { TraceEventData } from '../../api/trace-event.ts';
import { topicPartition } from '../../api/ids.ts';
import { threadCall } from './admin-calls.ts';
import type { AdminNotice } from '../../client/admin/admin-state.ts';
import { consumerAssign, consumerPause, consumerPoll, consumerSeek } from '../../client/consumer/consumer.ts';
import { NEVER } from '../../client/network/network-client.ts';
import { NONE } from '../../protocol/errors.ts';
import { LATEST_TIMESTAMP } from '../../protocol/list-offsets.ts';
import type { ThreadContext } from './thread-context.ts';
import { planOf } from './application-plan.ts';
import { applySlice } from './apply-changelog.ts';
import { lockDirectory } from './directory-locks.ts';
import type { StreamThread } from './stream-thread.ts';
import type { RecordQueue } from './record-queue.ts';
import { subTopologyOf, type ChangelogRestore, type RuntimeTask } from './runtime-task.ts';
import { describeMember } from './member-description.ts';
import { committedEnd, restorableStores } from './source-changelogs.ts';
import { checkpoint, loadTask } from './state-directory.ts';
import { readyForTasks } from './thread-transactions.ts';
import { closeWindows } from './window-ledger.ts';

/** Work of applying one changelog record, in µs: a store takes some hundred thousand a second. */
export const RESTORE_MICROS = 2;
export const RESTORE_TIMER = 'restore-work';

const tell = (context: ThreadContext, data: TraceEventData): number => context.trace(data);

/**
 * Begins to read the stores of new tasks back, from the checkpoint on the disk or from the beginning of the changelog to
 * its present end. Tasks without logged stores run at once. Running tasks go on meanwhile, as with Kafka's state updater.
 * Tasks that have to wait for the thread's producer, or for a sibling to close them, stay `created`.
 */
export function startTasks(
  thread: StreamThread,
  context: ThreadContext,
  tasks: readonly RuntimeTask[],
): void {
  const plan = planOf(thread.config);
  if (!readyForTasks(thread, context)) {
    for (const { queues } of tasks) pauseInputs(thread, queues, true);
    return;
  }
  const begun: RuntimeTask[] = [];
  for (const task of tasks) {
    if (!lockDirectory(thread, context, task.id)) {
      pauseInputs(thread, task.queues, true);
      continue;
    }
    loadTask(context.disk, plan, task);
    beginRestoring(thread, context, task);
    begun.push(task);
  }
  askForEnds(context, begun);
  assignChangelogs(thread);
  describeMember(thread, context);
}

function beginRestoring(thread: StreamThread, context: ThreadContext, task: RuntimeTask): void {
  task.restoring = changelogsOf(thread, task);
  task.status = task.restoring.length === 0 ? 'running' : 'restoring';
  pauseInputs(thread, task.queues, task.status === 'restoring');
  if (task.status === 'running') tellRunning(context, task);
}

/** What is read back. A copy does not follow a source topic: how far it may, only the owner of the input knows. */
function changelogsOf(thread: StreamThread, task: RuntimeTask): ChangelogRestore[] {
  const part = subTopologyOf(planOf(thread.config), task);
  return restorableStores(part)
    .filter((store) => task.status !== 'standby' || store.logging)
    .map(({ name: store }) => {
      const topic = part.changelogOf(store);
      const position = task.changelogOffsets.get(topic) ?? 0;
      task.changelogOffsets.set(topic, position);
      return {
        name: topicPartition(topic, task.partition),
        topic,
        store,
        position,
        begin: position,
        end: -1,
      };
    });
}

/** Input of a task that is not running is not fetched. */
export function pauseInputs(thread: StreamThread, queues: readonly RecordQueue[], paused: boolean): void {
  for (const queue of queues) {
    queue.paused = paused;
    if (thread.main.subscriptions.assigned.has(queue.name)) consumerPause(thread.main, queue.name, paused);
  }
}

function askForEnds(context: ThreadContext, tasks: readonly RuntimeTask[]): void {
  const partitions = tasks.flatMap(({ restoring, partition }) =>
    restoring
      .filter(({ end }) => end < 0)
      .map(({ topic }) => ({ topic, partition, offset: LATEST_TIMESTAMP })),
  );
  if (partitions.length > 0) threadCall(context, { type: 'list-offsets', partitions });
}

/** Tasks whose stores are being read back, in task order. */
export const restoringTasks = ({ tasks }: StreamThread): RuntimeTask[] =>
  [...tasks.values()].filter(({ status }) => status === 'restoring');

/**
 * A copy of a task that runs elsewhere begins to follow its changelogs, from what the disk has if it has nothing yet. While a
 * sibling has its directory it stays `created`.
 */
export function startStandby(thread: StreamThread, context: ThreadContext, task: RuntimeTask): void {
  if (!lockDirectory(thread, context, task.id)) return;
  if (task.changelogOffsets.size === 0) loadTask(context.disk, planOf(thread.config), task);
  followChangelogs(thread, task);
  tell(context, { type: 'standby-created', task: task.id });
}

/** The copy reads its changelogs on from where its stores are. */
export function followChangelogs(thread: StreamThread, task: RuntimeTask): void {
  task.status = 'standby';
  task.restoring = changelogsOf(thread, task);
}

/** Tasks whose directory a sibling had begin, if it has closed them by now. */
export function retryLocked(thread: StreamThread, context: ThreadContext): void {
  const due = [...thread.lockRetries].filter(([, { at }]) => at <= context.now()).map(([id]) => id);
  for (const id of due) thread.lockRetries.set(id, { attempts: 0, ...thread.lockRetries.get(id), at: NEVER });
  const tasks = due.flatMap((id) => thread.tasks.get(id) ?? []);
  if (tasks.length > 0) startTasks(thread, context, tasks);
  const copies = due.flatMap((id) => thread.standbys.get(id) ?? []);
  for (const copy of copies) startStandby(thread, context, copy);
  if (copies.length > 0) assignChangelogs(thread);
}

/** Copies that follow their changelogs. */
export const copiesOf = ({ standbys }: StreamThread): RuntimeTask[] =>
  [...standbys.values()].filter(({ status }) => status === 'standby');

/** Tasks whose changelogs are read now: copies wait while a task that is to run is read back (`DefaultStateUpdater`). */
function readingTasks(thread: StreamThread): RuntimeTask[] {
  const restoring = restoringTasks(thread);
  return restoring.length > 0 ? restoring : copiesOf(thread);
}

/** Gives the restore consumer the changelogs that are to be read. */
export function assignChangelogs(thread: StreamThread): void {
  const { restore } = thread;
  const before = new Set(restore.subscriptions.assigned.keys());
  const wanted = readingTasks(thread).flatMap(({ restoring, partition }) =>
    restoring.map(({ name, topic, position }) => ({ name, topic, partition, position })),
  );
  consumerAssign(
    restore,
    wanted.map(({ topic, partition }) => ({ topic, partition })),
  );
  for (const { name, position } of wanted) if (!before.has(name)) consumerSeek(restore, name, position);
}

type Ends = Extract<AdminNotice, { type: 'partitions-answered' }>;

/** The leaders said where the changelogs end. What nobody answered is asked for again. */
export function takeEnds(thread: StreamThread, context: ThreadContext, { results }: Ends): void {
  for (const { topic, partition, offset, error } of results) {
    if (error !== NONE) continue;
    const name = topicPartition(topic, partition);
    for (const task of restoringTasks(thread))
      for (const changelog of task.restoring)
        if (changelog.name === name && changelog.end < 0)
          changelog.end = endOf(thread, task, { changelog, offset });
  }
  askForEnds(context, restoringTasks(thread).filter(isUnanswered(results)));
}

interface KnownEnd {
  readonly changelog: ChangelogRestore;
  /** Where the leader's log ends. */
  readonly offset: number;
}

/** How far a changelog is read back; −1 while that cannot be said. */
function endOf(thread: StreamThread, task: RuntimeTask, { changelog, offset }: KnownEnd): number {
  const part = subTopologyOf(planOf(thread.config), task);
  if (!part.sourceTopics.includes(changelog.topic)) return offset;
  const committed = committedEnd(thread, changelog.name);
  return committed === undefined ? -1 : Math.min(offset, committed);
}

/** Some changelog of the task was asked for in this call and has no end yet. */
const isUnanswered =
  (results: Ends['results']) =>
  ({ restoring, partition }: RuntimeTask): boolean =>
    restoring.some(
      ({ topic, end }) =>
        end < 0 &&
        (results.length === 0 || results.some((r) => r.topic === topic && r.partition === partition)),
    );

/** Reads on, applies what came, and lets tasks run whose stores are complete. Returns whether anything happened. */
export function restoreMore(thread: StreamThread, context: ThreadContext): boolean {
  const tasks = readingTasks(thread);
  if (tasks.length === 0 || thread.restoreBusy) return false;
  const slices = consumerPoll(thread.restore, context);
  let applied = 0;
  for (const slice of slices) applied += applySlice(thread, context, tasks, slice);
  if (applied > 0) {
    thread.restoreBusy = true;
    context.setTimer(RESTORE_TIMER, applied * RESTORE_MICROS);
  }
  for (const task of tasks) passGaps(thread, task);
  const complete = tasks.filter((task) => task.status === 'restoring' && isComplete(context, task));
  for (const task of complete) completeTask(thread, context, task);
  if (complete.length > 0) assignChangelogs(thread);
  if (applied > 0 || complete.length > 0) followedOn(thread, context);
  return slices.length > 0 || complete.length > 0;
}

/** Copies are nearer now: the leader is to know it, and the disk has it from time to time. */
function followedOn(thread: StreamThread, context: ThreadContext): void {
  for (const copy of copiesOf(thread)) checkpoint(context.disk, planOf(thread.config), copy, false);
  describeMember(thread, context);
}

/**
 * The consumer stands behind what it has handed over, and behind what is not there: after retention has deleted a
 * changelog whole, nothing is left to apply (`StoreChangelogReader.hasRestoredToEnd` asks for its position too).
 */
function passGaps({ restore }: StreamThread, { restoring, changelogOffsets, status }: RuntimeTask): void {
  for (const changelog of restoring) {
    const reached = restore.subscriptions.assigned.get(changelog.name)?.position?.offset ?? -1;
    const end = status === 'standby' ? reached : changelog.end;
    if (end < 0 || reached <= changelog.position) continue;
    changelog.position = Math.max(changelog.position, Math.min(reached, end));
    changelogOffsets.set(changelog.topic, changelog.position);
  }
}

/** Tells of a restoration once its size is known. Returns whether all is read. */
function isComplete(context: ThreadContext, task: RuntimeTask): boolean {
  const { restoring } = task;
  if (restoring.some(({ end }) => end < 0)) return false;
  if (!task.restoreTold) {
    task.restoreTold = true;
    const records = restoring.reduce((sum, { begin, end }) => sum + Math.max(0, end - begin), 0);
    if (records > 0) tell(context, { type: 'task-restoring', task: task.id, records });
  }
  return restoring.every(({ position, end }) => position >= end);
}

function completeTask(thread: StreamThread, context: ThreadContext, task: RuntimeTask): void {
  task.restoring = [];
  task.status = 'running';
  closeRestoredWindows(thread, task);
  pauseInputs(thread, task.queues, false);
  const plan = planOf(thread.config);
  if (!plan.exactlyOnce) checkpoint(context.disk, plan, task, true);
  tellRunning(context, task);
}

const tellRunning = (context: ThreadContext, { id, restored }: RuntimeTask): number =>
  tell(context, { type: 'task-running', task: id, restored });

/** Windows that had closed before the task moved were told of then. */
function closeRestoredWindows(thread: StreamThread, task: RuntimeTask): void {
  const { windowed } = planOf(thread.config);
  for (const [store, ledger] of task.ledgers) {
    const windows = windowed.get(store);
    if (windows !== undefined) closeWindows(ledger, windows, task.restoredTime);
  }
}
