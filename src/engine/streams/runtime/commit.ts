import { ensure } from '../../base/assert.ts';
import { millis } from '../../base/time.ts';
import { adminCall } from '../../client/admin/admin.ts';
import { consumerCommit, consumerLeavePoll, isRebalancing } from '../../client/consumer/consumer.ts';
import type { CommitOffset } from '../../client/consumer/consumer-state.ts';
import { producerFlush } from '../../client/producer/producer.ts';
import { isAwaited } from '../../client/producer/record-accumulator.ts';
import { NONE } from '../../protocol/errors.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { planOf } from './application-plan.ts';
import { bindTask } from './bound-task.ts';
import type { CommitInProgress, CommitReason, StreamsMemory } from './instance-memory.ts';
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
export function beginCommit(memory: StreamsMemory, context: NodeContext, reason: CommitReason): void {
  if (reason !== 'revocation') consumerLeavePoll(memory.main, context);
  for (const task of tasksToCommit(memory)) bindTask(memory, context, task).stream.flush();
  memory.commit = { reason, phase: 'sending', outputFlushed: false, token: 0, offsets: [] };
  context.anchor('after-state-flush');
  flushProducer(memory, context);
}

const tasksToCommit = ({ tasks }: StreamsMemory): RuntimeTask[] =>
  [...tasks.values()].filter(({ commitNeeded, status }) => commitNeeded && status === 'running');

/** Goes on once the producer takes everything. */
export function flushProducer(memory: StreamsMemory, context: NodeContext): void {
  const { commit } = memory;
  if (commit?.phase !== 'sending' || !drainOutbox(memory, context)) return;
  commit.phase = 'flushing';
  producerFlush(memory.producer, context);
}

/** Everything is acknowledged, or failed for good: the tasks whose records failed are left out. */
export function commitOffsets(memory: StreamsMemory, context: NodeContext): void {
  const { commit, corrupted, transactions } = memory;
  if (commit?.phase !== 'flushing' || (transactions !== null && transactions.error !== NONE)) return;
  afterAcknowledgement(memory, context);
  context.anchor('after-changelog-flush');
  const offsets = tasksToCommit(memory)
    .filter(({ id }) => !corrupted.has(id))
    .flatMap((task) => offsetsOf(memory, task));
  commit.offsets = Object.freeze(offsets);
  if (offsets.length > 0) context.anchor('before-offsets');
  if (transactions !== null) {
    commitInTransaction(memory, context, commit);
    return;
  }
  commit.phase = 'committing';
  commit.token = consumerCommit(memory.main, context, 'sync', commit.offsets);
}

/** While a flush is under way: notices when everything is acknowledged but what is for changelogs. */
export function afterAcknowledgement(memory: StreamsMemory, context: NodeContext): void {
  const { commit, producer, config } = memory;
  if (commit?.phase !== 'flushing' || commit.outputFlushed) return;
  const { changelogs } = planOf(config);
  if (isAwaited(producer.accumulator, (topic) => !changelogs.has(topic))) return;
  commit.outputFlushed = true;
  context.anchor('after-output-flush');
}

/** Without offsets there is nothing to send, but what is open is committed all the same. */
function commitInTransaction(memory: StreamsMemory, context: NodeContext, commit: CommitInProgress): void {
  commit.phase = 'offsets';
  if (commit.offsets.length === 0) {
    afterOffsets(memory, context);
    return;
  }
  if (openTransaction(memory)) sendOffsets(memory, context, commit.offsets);
}

/** The offsets are part of the transaction: now all of it counts, or nothing. */
export function afterOffsets(memory: StreamsMemory, context: NodeContext): void {
  const { commit, transactions } = memory;
  if (commit?.phase !== 'offsets' || transactions === null) return;
  commit.phase = 'committing';
  if (commit.offsets.length > 0) context.anchor('after-offsets');
  if (transactions.phase !== 'open') return;
  context.anchor('before-end-txn');
  commitTransaction(memory, context);
}

/** Whether the commit under way had nothing to put into a transaction. */
export const isEmptyCommit = ({ commit, transactions }: StreamsMemory): boolean =>
  commit?.phase === 'committing' && transactions !== null && transactions.phase !== 'open';

/** With each offset goes the partition's time, for whoever has the task next (`TopicPartitionMetadata`). */
const offsetsOf = ({ main }: StreamsMemory, { queues, state }: RuntimeTask): CommitOffset[] =>
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
  memory: StreamsMemory,
  context: NodeContext,
  { reason, offsets }: Pick<CommitInProgress, 'reason' | 'offsets'>,
): void {
  const plan = planOf(memory.config);
  for (const task of memory.tasks.values()) {
    if (memory.corrupted.has(task.id)) continue;
    if (task.status === 'running') task.commitNeeded = false;
    noteConsumed(subTopologyOf(plan, task), task, offsets);
    const enforced = reason === 'close' || isRevoked(memory, task);
    if (task.status !== 'created' && (enforced || !plan.exactlyOnce))
      checkpoint(context.disk, plan, task, enforced);
  }
}

/**
 * Whether `commit.interval.ms` is over. Intervals in which nothing happened go by without a commit; while the group
 * rebalances there is none (`TaskManager.commit`).
 */
export function isCommitDue(memory: StreamsMemory, context: NodeContext): boolean {
  const interval = millis(planOf(memory.config).settings['commit.interval.ms']);
  const since = context.now() - memory.lastCommitAt;
  if (since < interval || isRebalancing(memory.main)) return false;
  if (tasksToCommit(memory).length > 0 || memory.transactions?.phase === 'open') return true;
  memory.lastCommitAt += interval === 0 ? since : since - (since % interval);
  return false;
}

/** Deletes what the committed offsets have passed from the repartition topics, every `repartition.purge.interval.ms`. */
export function maybePurge(memory: StreamsMemory, context: NodeContext): void {
  const plan = planOf(memory.config);
  const interval = millis(plan.settings['repartition.purge.interval.ms']);
  if (memory.purgeToken !== 0 || context.now() < memory.lastPurgeAt + interval) return;
  memory.lastPurgeAt = context.now();
  const internal = new Set(plan.topology.repartitionTopics.map(({ name }) => name));
  const partitions = [...memory.tasks.values()]
    .filter(({ status }) => status === 'running')
    .flatMap((task) => offsetsOf(memory, task))
    .filter(({ topic }) => internal.has(topic))
    .map(({ topic, partition, offset }) => ({ topic, partition, offset }));
  if (partitions.length === 0) return;
  memory.purgeToken = adminCall(memory.admin, context, { type: 'delete-records', partitions });
}

/** The commit under way has ended. Returns its reason. */
export function endCommit(memory: StreamsMemory, context: NodeContext, error: number): CommitReason {
  const commit = ensure(memory.commit, 'commit');
  memory.commit = null;
  memory.lastCommitAt = context.now();
  if (error === NONE) {
    afterCommit(memory, context, commit);
    context.anchor('after-commit');
  }
  return commit.reason;
}
