import type { TraceEventData } from '../../api/trace-event.ts';
import type { TopicPartitionName } from '../../api/ids.ts';
import { millis } from '../../base/time.ts';
import { consumerPause } from '../../client/consumer/consumer.ts';
import type { RecordSlice } from '../../client/consumer/consumer-state.ts';
import type { ThreadContext } from './thread-context.ts';
import { planOf } from './application-plan.ts';
import { bindTask } from './bound-task.ts';
import type { StreamThread } from './stream-thread.ts';
import type { PreparedRecord } from '../task/stream-task.ts';
import { isReady, nextQueue, type Patience } from './partition-choice.ts';
import { addSlice, type RecordQueue } from './record-queue.ts';
import { bufferedRecords, type RuntimeTask } from './runtime-task.ts';
import { closeWindows } from './window-ledger.ts';
import { ensure } from '../../base/assert.ts';

/** Longest piece of work that becomes visible at once, in µs and in records. */
const CHUNK_MICROS = millis(10);
const CHUNK_RECORDS = 1_000;

const tell = (context: ThreadContext, data: TraceEventData): number => context.trace(data);

/** Puts what a poll returned into the tasks' queues; records of partitions without a task are dropped. */
export function addRecords(
  thread: StreamThread,
  context: ThreadContext,
  slices: readonly RecordSlice[],
): void {
  for (const slice of slices) {
    for (const task of thread.tasks.values()) {
      const queue = task.queues.find(({ name }) => name === slice.name);
      if (queue === undefined || task.status !== 'running') continue;
      inheritTime(thread, task, queue);
      addSlice(queue, slice);
      bindTask(thread, context, task).findHead(queue);
      pauseIfFull(thread, queue);
    }
  }
}

/** A partition that another instance read before: its time goes on where that one committed. */
function inheritTime({ main }: StreamThread, { state }: RuntimeTask, { name }: RecordQueue): void {
  if (state.partitionTimes.has(name)) return;
  const written = main.committedMetadata.get(name) ?? '';
  if (!/^\d{1,16}$/.test(written)) return;
  state.partitionTimes.set(name, Number(written));
  state.streamTime = Math.max(state.streamTime, Number(written));
}

function pauseIfFull(thread: StreamThread, queue: RecordQueue): void {
  const full = queue.size > planOf(thread.config).settings['buffered.records.per.partition'];
  if (full === queue.paused || !thread.main.subscriptions.assigned.has(queue.name)) return;
  consumerPause(thread.main, queue.name, full);
  queue.paused = full;
}

export const patienceOf = (thread: StreamThread, context: ThreadContext): Patience => ({
  now: context.wallClockMs(),
  maxTaskIdle: planOf(thread.config).settings['max.task.idle.ms'],
});

/**
 * How many records the next piece of work is to process: as many as are ready, but no more than fit into its time. 0 if
 * nothing is ready. Kafka's thread looks up after each record; here effects become visible piece by piece, at the end
 * of the simulated time that the piece takes, so a crash in between loses the piece as a whole.
 */
export function planWork(thread: StreamThread, context: ThreadContext): number {
  const patience = patienceOf(thread, context);
  let ready = 0;
  for (const task of thread.tasks.values())
    if (isReady(thread, task, patience)) ready += bufferedRecords(task);
  const { workMicros } = thread.config;
  const fit = workMicros === 0 ? CHUNK_RECORDS : Math.max(1, Math.floor(CHUNK_MICROS / workMicros));
  return Math.min(ready, fit, CHUNK_RECORDS);
}

/** What one task did in a piece of work. */
interface Doing {
  readonly task: RuntimeTask;
  readonly lateBefore: number;
  /** What came too late, by the partition that it came from. */
  readonly late: Map<TopicPartitionName, Late>;
}

interface Late {
  readonly offsets: number[];
  /** Time of the newest of them. */
  timestamp: number;
}

/**
 * Processes so many records, task by task in turn, in each the one with the lowest time; then does what stream time asks
 * for. Throws a `StreamsError` that ends the thread.
 */
export function doWork(thread: StreamThread, context: ThreadContext, records: number): void {
  const doings = new Map<string, Doing>();
  const patience = patienceOf(thread, context);
  let left = records;
  while (left > 0) {
    const before = left;
    for (const task of inTurn(thread)) {
      if (left === 0) break;
      if (!isReady(thread, task, patience)) continue;
      processOne(thread, context, doingOf(doings, task));
      thread.lastTask = task.id;
      left -= 1;
    }
    if (left === before) break;
  }
  for (const doing of doings.values()) {
    bindTask(thread, context, doing.task).stream.punctuate('streamTime');
    report(thread, context, doing);
  }
}

/** The tasks, beginning after the one that processed last. */
function inTurn({ tasks, lastTask }: StreamThread): RuntimeTask[] {
  const all = [...tasks.values()];
  const at = all.findIndex(({ id }) => id === lastTask) + 1;
  return [...all.slice(at), ...all.slice(0, at)];
}

function doingOf(doings: Map<string, Doing>, task: RuntimeTask): Doing {
  let doing = doings.get(task.id);
  if (doing === undefined) {
    doing = { task, lateBefore: task.state.metrics.late, late: new Map() };
    doings.set(task.id, doing);
  }
  return doing;
}

function processOne(thread: StreamThread, context: ThreadContext, doing: Doing): void {
  const { task } = doing;
  const { metrics } = task.state;
  const bound = bindTask(thread, context, task);
  for (const queue of task.queues) bound.findHead(queue);
  const queue = nextQueue(task.queues);
  if (queue === undefined) return;
  const record = ensure(bound.takeHead(queue), 'record that was prepared before');
  const late = metrics.late;
  bound.stream.process(record);
  if (metrics.late > late) noteLate(doing, queue, record, metrics.late - late);
  task.commitNeeded = true;
  bound.findHead(queue);
  pauseIfFull(thread, queue);
  context.anchor('after-process');
}

function noteLate(
  { late }: Doing,
  { name }: RecordQueue,
  { input: { offset }, record }: PreparedRecord,
  windows: number,
): void {
  const known = late.get(name) ?? { offsets: [], timestamp: -1 };
  for (let i = 0; i < windows; i++) known.offsets.push(offset);
  known.timestamp = record.timestamp;
  late.set(name, known);
}

/** Tells of windows that closed and of records that came too late for theirs, once per piece of work. */
function report(thread: StreamThread, context: ThreadContext, { task, lateBefore, late }: Doing): void {
  const { streamTime } = task.state;
  for (const [store, ledger] of task.ledgers) {
    const windowed = ensure(planOf(thread.config).windowed.get(store), 'windows of a ledger');
    for (const { start, end, keys } of closeWindows(ledger, windowed, streamTime))
      tell(context, { type: 'window-closed', task: task.id, start, end, keys });
  }
  let dropped = lateBefore;
  for (const [partition, { offsets, timestamp }] of late) {
    const records = offsets.length;
    dropped += records;
    tell(context, {
      type: 'late-record-dropped',
      task: task.id,
      partition,
      offsets: Object.freeze(offsets),
      timestamp,
      streamTime,
      records,
      dropped,
    });
  }
}
