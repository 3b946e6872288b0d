import type { ThreadContext } from './thread-context.ts';
import type { StreamsConfig } from '../config.ts';
import { changelogHeaders, changelogKey, changelogValue } from '../state-stores/changelog.ts';
import type { Store, StoreChange } from '../state-stores/store.ts';
import { keyBytes, valueBytes, type OutgoingRecord } from '../task/outgoing-record.ts';
import type { Headers } from '../task/stream-record.ts';
import { StreamTask, type PreparedRecord, type TaskEnvironment } from '../task/stream-task.ts';
import type { TaskState } from '../task/task-state.ts';
import type { RecordHeader } from '../../protocol/record-batch.ts';
import { planOf, type ApplicationPlan } from './application-plan.ts';
import { globalStoreOf } from './bound-global.ts';
import type { StreamThread } from './stream-thread.ts';
import { firstRecord, removeFirst, NONE_YET, type RecordQueue } from './record-queue.ts';
import { subTopologyOf, type RuntimeTask } from './runtime-task.ts';
import { noteChange } from './window-ledger.ts';

/** The compiled task and the deserialised heads of its queues: code and memos, made again after a fork. */
const bound = new WeakMap<TaskState, BoundTask>();

/** The code of a task, at work in this context. */
export function bindTask(thread: StreamThread, context: ThreadContext, task: RuntimeTask): BoundTask {
  let found = bound.get(task.state);
  if (found === undefined) {
    found = new BoundTask(thread, context, task);
    bound.set(task.state, found);
  }
  found.environment.context = context;
  return found;
}

export class BoundTask {
  readonly stream: StreamTask;
  readonly environment: InstanceEnvironment;
  private readonly heads = new Map<string, PreparedRecord>();

  constructor(thread: StreamThread, context: ThreadContext, task: RuntimeTask) {
    const plan = planOf(thread.config);
    this.environment = new InstanceEnvironment(thread, context, { task, plan });
    this.stream = new StreamTask(subTopologyOf(plan, task), task.state, this.environment);
  }

  /**
   * Looks for the first record that can be processed and drops those before it that cannot. Throws a `StreamsError` if
   * one of them ends the task.
   */
  findHead(queue: RecordQueue): void {
    while (queue.headTime === NONE_YET && queue.size > 0) {
      const prepared = this.stream.prepare(firstRecord(queue));
      if (prepared === undefined) {
        removeFirst(queue);
        this.environment.task.commitNeeded = true;
        continue;
      }
      this.heads.set(queue.name, prepared);
      queue.headTime = prepared.record.timestamp;
    }
  }

  /** Takes the head out of a queue that has one. */
  takeHead(queue: RecordQueue): PreparedRecord | undefined {
    const kept = this.heads.get(queue.name);
    const first = firstRecord(queue);
    this.heads.delete(queue.name);
    removeFirst(queue);
    // After a fork, or when the queue was filled anew, what is kept is missing or another record.
    return kept !== undefined && kept.input.offset === first.offset ? kept : this.stream.prepare(first);
  }
}

/** Where a task's effects go: into the instance's outbox, and the windows' ledgers. */
class InstanceEnvironment implements TaskEnvironment {
  readonly taskId: string;
  readonly config: StreamsConfig;
  context: ThreadContext;
  readonly task: RuntimeTask;
  private readonly thread: StreamThread;
  private readonly plan: ApplicationPlan;
  private readonly changelogOf: (store: string) => string;

  constructor(
    thread: StreamThread,
    context: ThreadContext,
    { task, plan }: { readonly task: RuntimeTask; readonly plan: ApplicationPlan },
  ) {
    this.thread = thread;
    this.context = context;
    this.task = task;
    this.plan = plan;
    this.taskId = task.id;
    this.config = plan.topology.config;
    this.changelogOf = subTopologyOf(plan, task).changelogOf;
  }

  wallClock(): number {
    return this.context.wallClockMs();
  }

  emit(record: OutgoingRecord): void {
    const { topic, timestamp, headers, partition } = record;
    this.thread.outbox.push({
      topic,
      key: keyBytes(record),
      value: valueBytes(record),
      timestamp,
      ordinal: this.task.number,
      ...(partition === undefined ? {} : { partition }),
      ...(headers.length === 0 ? {} : { headers: recordHeaders(headers) }),
    });
  }

  changelog(change: StoreChange): void {
    const { store, timestamp } = change;
    const headers = changelogHeaders(change);
    this.thread.outbox.push({
      topic: this.changelogOf(store.name),
      partition: this.task.partition,
      key: changelogKey(change),
      value: changelogValue(change),
      timestamp,
      ordinal: this.task.number,
      ...(headers.length === 0 ? {} : { headers: recordHeaders(headers) }),
    });
    const windowed = this.plan.windowed.get(store.name);
    const ledger = this.task.ledgers.get(store.name);
    if (windowed === undefined || ledger === undefined) return;
    const { start, value } = change;
    noteChange(ledger, windowed, { key: store.key.serialize(change.key), start, value });
  }

  globalStore(name: string): Store | undefined {
    return globalStoreOf(this.context.process, this.context, name);
  }
}

const recordHeaders = (headers: Headers): RecordHeader[] => headers.map(([key, value]) => ({ key, value }));
