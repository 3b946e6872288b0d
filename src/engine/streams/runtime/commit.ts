import { ensure } from '../../base/assert.ts';
import { millis } from '../../base/time.ts';
import { threadCall } from './admin-calls.ts';
import { consumerCommit, consumerLeavePoll, isRebalancing } from '../../client/consumer/consumer.ts';
import type { CommitOffset } from '../../client/consumer/consumer-state.ts';
import { producerFlush } from '../../client/producer/producer.ts';
import { isAwaited } from '../../client/producer/record-accumulator.ts';
import { NONE } from '../../protocol/errors.ts';
import type { ThreadContext } from './thread-context.ts';
import { planOf } from './application-plan.ts';
import { bindTask } from './bound-task.ts';
import type { CommitInProgress, CommitReason, StreamThread } from './stream-thread.ts';
import { drainOutbox } from './outbox.ts';
import { committableOffset, NONE_YET } from './record-queue.ts';
import { subTopologyOf, type RuntimeTask } from './runtime-task.ts';
import { isRevoked } from './revocation.ts';
import { noteConsumed } from './source-changelogs.ts';
import { checkpoint } from './state-directory.ts';
import { openTransaction } from './thread-transactions.ts';
import { commitTransaction, sendOffsets } from './transaction-calls.ts';

/**
 * Begins a commit of all tasks that processed something: stores and caches, then the producer until every record is
 * acknowledged, then the offsets, then the checkpoint. Under exactly_once_v2 the offsets go with the records' transaction
 * (`TaskExecutor.commitOffsetsOrTransaction`).
 */
export function beginCommit(thread: StreamThread, context: ThreadContext, reason: CommitReason): void {
  if (reason !== 'revocation') consumerLeavePoll(thread.main, context);
  for (const task of tasksToCommit(thread)) bindTask(thread, context, task).stream.flush();
  thread.commit = { reason, phase: 'sending', outputFlushed: false, token: 0, offsets: [] };
  context.anchor('after-state-flush');
  flushProducer(thread, context);
}

const tasksToCommit = ({ tasks }: StreamThread): RuntimeTask[] =>
  [...tasks.values()].filter(({ commitNeeded, status }) => commitNeeded && status === 'running');

/** Goes on once the producer takes everything. */
export function flushProducer(thread: StreamThread, context: ThreadContext): void {
  const { commit } = thread;
  if (commit?.phase !== 'sending' || !drainOutbox(thread, context)) return;
  commit.phase = 'flushing';
  producerFlush(thread.producer, context);
}

/** Everything is acknowledged, or failed for good: the tasks whose records failed are left out. */
export function commitOffsets(thread: StreamThread, context: ThreadContext): void {
  const { commit, corrupted, transactions } = thread;
  if (commit?.phase !== 'flushing' || (transactions !== null && transactions.error !== NONE)) return;
  afterAcknowledgement(thread, context);
  context.anchor('after-changelog-flush');
  const offsets = tasksToCommit(thread)
    .filter(({ id }) => !corrupted.has(id))
    .flatMap((task) => offsetsOf(thread, task));
  commit.offsets = Object.freeze(offsets);
  if (offsets.length > 0) context.anchor('before-offsets');
  if (transactions !== null) {
    commitInTransaction(thread, context, commit);
    return;
  }
  commit.phase = 'committing';
  commit.token = consumerCommit(thread.main, context, 'sync', commit.offsets);
}

/** While a flush is under way: notices when everything is acknowledged but what is for changelogs. */
export function afterAcknowledgement(thread: StreamThread, context: ThreadContext): void {
  const { commit, producer, config } = thread;
  if (commit?.phase !== 'flushing' || commit.outputFlushed) return;
  const { changelogs } = planOf(config);
  if (isAwaited(producer.accumulator, (topic) => !changelogs.has(topic))) return;
  commit.outputFlushed = true;
  context.anchor('after-output-flush');
}

/** Without offsets there is nothing to send, but what is open is committed all the same. */
function commitInTransaction(thread: StreamThread, context: ThreadContext, commit: CommitInProgress): void {
  commit.phase = 'offsets';
  if (commit.offsets.length === 0) {
    afterOffsets(thread, context);
    return;
  }
  if (openTransaction(thread)) sendOffsets(thread, context, commit.offsets);
}

/** The offsets are part of the transaction: now all of it counts, or nothing. */
export function afterOffsets(thread: StreamThread, context: ThreadContext): void {
  const { commit, transactions } = thread;
  if (commit?.phase !== 'offsets' || transactions === null) return;
  commit.phase = 'committing';
  if (commit.offsets.length > 0) context.anchor('after-offsets');
  if (transactions.phase !== 'open') return;
  context.anchor('before-end-txn');
  commitTransaction(thread, context);
}

/** Whether the commit under way had nothing to put into a transaction. */
export const isEmptyCommit = ({ commit, transactions }: StreamThread): boolean =>
  commit?.phase === 'committing' && transactions !== null && transactions.phase !== 'open';

/** With each offset goes the partition's time, for whoever has the task next (`TopicPartitionMetadata`). */
const offsetsOf = ({ main }: StreamThread, { queues, state }: RuntimeTask): CommitOffset[] =>
  queues.flatMap((queue) => {
    const position = main.subscriptions.assigned.get(queue.name)?.position?.offset;
    const offset = committableOffset(queue, position);
    if (offset === NONE_YET) return [];
    const { topic, partition, name } = queue;
    const metadata = String(state.partitionTimes.get(name) ?? '');
    return [Object.freeze({ topic, partition, offset, leaderEpoch: -1, metadata })];
  });

/** The offsets are committed: tasks are clean, and their stores may be checkpointed. */
export function afterCommit(
  thread: StreamThread,
  context: ThreadContext,
  { reason, offsets }: Pick<CommitInProgress, 'reason' | 'offsets'>,
): void {
  const plan = planOf(thread.config);
  for (const task of thread.tasks.values()) {
    if (thread.corrupted.has(task.id)) continue;
    if (task.status === 'running') task.commitNeeded = false;
    noteConsumed(subTopologyOf(plan, task), task, offsets);
    const enforced = reason === 'close' || isRevoked(thread, task);
    if (task.status !== 'created' && (enforced || !plan.exactlyOnce))
      checkpoint(context.disk, plan, task, enforced);
  }
}

/**
 * Whether `commit.interval.ms` is over. Intervals in which nothing happened go by without a commit; while the group
 * rebalances there is none (`TaskManager.commit`).
 */
export function isCommitDue(thread: StreamThread, context: ThreadContext): boolean {
  const interval = millis(planOf(thread.config).settings['commit.interval.ms']);
  const since = context.now() - thread.lastCommitAt;
  if (since < interval || isRebalancing(thread.main)) return false;
  if (tasksToCommit(thread).length > 0 || thread.transactions?.phase === 'open') return true;
  thread.lastCommitAt += interval === 0 ? since : since - (since % interval);
  return false;
}

/** Deletes what the committed offsets have passed from the repartition topics, every `repartition.purge.interval.ms`. */
export function maybePurge(thread: StreamThread, context: ThreadContext): void {
  const plan = planOf(thread.config);
  const interval = millis(plan.settings['repartition.purge.interval.ms']);
  if (thread.purgeToken !== 0 || context.now() < thread.lastPurgeAt + interval) return;
  thread.lastPurgeAt = context.now();
  const internal = new Set(plan.topology.repartitionTopics.map(({ name }) => name));
  const partitions = [...thread.tasks.values()]
    .filter(({ status }) => status === 'running')
    .flatMap((task) => offsetsOf(thread, task))
    .filter(({ topic }) => internal.has(topic))
    .map(({ topic, partition, offset }) => ({ topic, partition, offset }));
  if (partitions.length === 0) return;
  thread.purgeToken = threadCall(context, { type: 'delete-records', partitions });
}

/** The commit under way has ended. Returns its reason. */
export function endCommit(thread: StreamThread, context: ThreadContext, error: number): CommitReason {
  const commit = ensure(thread.commit, 'commit');
  thread.commit = null;
  thread.lastCommitAt = context.now();
  if (error === NONE) {
    afterCommit(thread, context, commit);
    context.anchor('after-commit');
  }
  return commit.reason;
}
