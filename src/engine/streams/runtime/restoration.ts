import type { TraceEventData } from '../../api/trace-event.ts';
import { topicPartition } from '../../api/ids.ts';
import { adminCall } from '../../client/admin/admin.ts';
import type { AdminNotice } from '../../client/admin/admin-state.ts';
import { consumerAssign, consumerPause, consumerPoll, consumerSeek } from '../../client/consumer/consumer.ts';
import { NONE } from '../../protocol/errors.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { planOf } from './application-plan.ts';
import { applySlice } from './apply-changelog.ts';
import type { StreamsMemory } from './instance-memory.ts';
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

const LATEST = -1;
const tell = (context: NodeContext, data: TraceEventData): number => context.trace(data);

/**
 * Begins to read the stores of new tasks back, from the checkpoint on the disk or from the beginning of the changelog to
 * its present end. Tasks without logged stores run at once. Running tasks go on meanwhile, as with Kafka's state updater.
 * Tasks that have to wait for the thread's producer stay `created`.
 */
export function startTasks(memory: StreamsMemory, context: NodeContext, tasks: readonly RuntimeTask[]): void {
  const plan = planOf(memory.config);
  if (!readyForTasks(memory, context)) {
    for (const { queues } of tasks) pauseInputs(memory, queues, true);
    return;
  }
  for (const task of tasks) {
    loadTask(context.disk, plan, task);
    beginRestoring(memory, context, task);
  }
  askForEnds(memory, context, tasks);
  assignChangelogs(memory);
  describeMember(memory, context);
}

function beginRestoring(memory: StreamsMemory, context: NodeContext, task: RuntimeTask): void {
  task.restoring = changelogsOf(memory, task);
  task.status = task.restoring.length === 0 ? 'running' : 'restoring';
  pauseInputs(memory, task.queues, task.status === 'restoring');
  if (task.status === 'running') tellRunning(context, task);
}

/** What is read back. A copy does not follow a source topic: how far it may, only the owner of the input knows. */
function changelogsOf(memory: StreamsMemory, task: RuntimeTask): ChangelogRestore[] {
  const part = subTopologyOf(planOf(memory.config), task);
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
export function pauseInputs(memory: StreamsMemory, queues: readonly RecordQueue[], paused: boolean): void {
  for (const queue of queues) {
    queue.paused = paused;
    if (memory.main.subscriptions.assigned.has(queue.name)) consumerPause(memory.main, queue.name, paused);
  }
}

function askForEnds(memory: StreamsMemory, context: NodeContext, tasks: readonly RuntimeTask[]): void {
  const partitions = tasks.flatMap(({ restoring, partition }) =>
    restoring.filter(({ end }) => end < 0).map(({ topic }) => ({ topic, partition, offset: LATEST })),
  );
  if (partitions.length > 0) adminCall(memory.admin, context, { type: 'list-offsets', partitions });
}

/** Tasks whose stores are being read back, in task order. */
export const restoringTasks = ({ tasks }: StreamsMemory): RuntimeTask[] =>
  [...tasks.values()].filter(({ status }) => status === 'restoring');

/** A copy of a task that runs elsewhere begins to follow its changelogs. */
export function beginStandby(memory: StreamsMemory, task: RuntimeTask): void {
  task.status = 'standby';
  task.restoring = changelogsOf(memory, task);
}

/** Tasks whose changelogs are read now: copies wait while a task that is to run is read back (`DefaultStateUpdater`). */
function readingTasks(memory: StreamsMemory): RuntimeTask[] {
  const restoring = restoringTasks(memory);
  return restoring.length > 0 ? restoring : [...memory.standbys.values()];
}

/** Gives the restore consumer the changelogs that are to be read. */
export function assignChangelogs(memory: StreamsMemory): void {
  const { restore } = memory;
  const before = new Set(restore.subscriptions.assigned.keys());
  const wanted = readingTasks(memory).flatMap(({ restoring, partition }) =>
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
export function takeEnds(memory: StreamsMemory, context: NodeContext, { results }: Ends): void {
  for (const { topic, partition, offset, error } of results) {
    if (error !== NONE) continue;
    const name = topicPartition(topic, partition);
    for (const task of restoringTasks(memory))
      for (const changelog of task.restoring)
        if (changelog.name === name && changelog.end < 0)
          changelog.end = endOf(memory, task, { changelog, offset });
  }
  askForEnds(memory, context, restoringTasks(memory).filter(isUnanswered(results)));
}

interface KnownEnd {
  readonly changelog: ChangelogRestore;
  /** Where the leader's log ends. */
  readonly offset: number;
}

/** How far a changelog is read back; −1 while that cannot be said. */
function endOf(memory: StreamsMemory, task: RuntimeTask, { changelog, offset }: KnownEnd): number {
  const part = subTopologyOf(planOf(memory.config), task);
  if (!part.sourceTopics.includes(changelog.topic)) return offset;
  const committed = committedEnd(memory, changelog.name);
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
export function restoreMore(memory: StreamsMemory, context: NodeContext): boolean {
  const tasks = readingTasks(memory);
  if (tasks.length === 0 || memory.restoreBusy) return false;
  const slices = consumerPoll(memory.restore, context);
  let applied = 0;
  for (const slice of slices) applied += applySlice(memory, context, tasks, slice);
  if (applied > 0) {
    memory.restoreBusy = true;
    context.setTimer(RESTORE_TIMER, applied * RESTORE_MICROS);
  }
  for (const task of tasks) passGaps(memory, task);
  const complete = tasks.filter((task) => task.status === 'restoring' && isComplete(context, task));
  for (const task of complete) completeTask(memory, context, task);
  if (complete.length > 0) assignChangelogs(memory);
  if (applied > 0 || complete.length > 0) followedOn(memory, context);
  return slices.length > 0 || complete.length > 0;
}

/** Copies are nearer now: the leader is to know it, and the disk has it from time to time. */
function followedOn(memory: StreamsMemory, context: NodeContext): void {
  for (const copy of memory.standbys.values()) checkpoint(context.disk, planOf(memory.config), copy, false);
  describeMember(memory, context);
}

/**
 * The consumer stands behind what it has handed over, and behind what is not there: after retention has deleted a
 * changelog whole, nothing is left to apply (`StoreChangelogReader.hasRestoredToEnd` asks for its position too).
 */
function passGaps({ restore }: StreamsMemory, { restoring, changelogOffsets, status }: RuntimeTask): void {
  for (const changelog of restoring) {
    const reached = restore.subscriptions.assigned.get(changelog.name)?.position?.offset ?? -1;
    const end = status === 'standby' ? reached : changelog.end;
    if (end < 0 || reached <= changelog.position) continue;
    changelog.position = Math.max(changelog.position, Math.min(reached, end));
    changelogOffsets.set(changelog.topic, changelog.position);
  }
}

/** Tells of a restoration once its size is known. Returns whether all is read. */
function isComplete(context: NodeContext, task: RuntimeTask): boolean {
  const { restoring } = task;
  if (restoring.some(({ end }) => end < 0)) return false;
  if (!task.restoreTold) {
    task.restoreTold = true;
    const records = restoring.reduce((sum, { begin, end }) => sum + Math.max(0, end - begin), 0);
    if (records > 0) tell(context, { type: 'task-restoring', task: task.id, records });
  }
  return restoring.every(({ position, end }) => position >= end);
}

function completeTask(memory: StreamsMemory, context: NodeContext, task: RuntimeTask): void {
  task.restoring = [];
  task.status = 'running';
  closeRestoredWindows(memory, task);
  pauseInputs(memory, task.queues, false);
  const plan = planOf(memory.config);
  if (!plan.exactlyOnce) checkpoint(context.disk, plan, task, true);
  tellRunning(context, task);
}

const tellRunning = (context: NodeContext, { id, restored }: RuntimeTask): number =>
  tell(context, { type: 'task-running', task: id, restored });

/** Windows that had closed before the task moved were told of then. */
function closeRestoredWindows(memory: StreamsMemory, task: RuntimeTask): void {
  const { windowed } = planOf(memory.config);
  for (const [store, ledger] of task.ledgers) {
    const windows = windowed.get(store);
    if (windows !== undefined) closeWindows(ledger, windows, task.restoredTime);
  }
}
