import { topicPartition } from '../../api/ids.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import { takeAdminNotices } from '../../client/admin/admin.ts';
import type { AdminNotice } from '../../client/admin/admin-state.ts';
import { consumerRevoked, takeConsumerNotices } from '../../client/consumer/consumer.ts';
import type { ConsumerNotice } from '../../client/consumer/consumer-state.ts';
import { takeProducerNotices } from '../../client/producer/producer.ts';
import type { ProducerNotice } from '../../client/producer/producer-state.ts';
import { errorName, NONE } from '../../protocol/errors.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { GlobalThreadError, StreamsError } from '../task/streams-error.ts';
import { afterAcknowledgement, commitOffsets, endCommit, flushProducer } from './commit.ts';
import { takeGlobalDescriptions, takeGlobalEnds } from './global-reading.ts';
import { globalsLost } from './global-stores.ts';
import type { CommitReason, StreamsMemory } from './instance-memory.ts';
import { loseAllTasks } from './lost-transaction.ts';
import { ASSIGNOR_ERRORS, decodeTasks, type AssignedTasks } from '../assignor/member-data.ts';
import { takeQueryLags } from '../queries/query-server.ts';
import { drainOutbox, noteOutcome } from './outbox.ts';
import { takeEnds } from './restoration.ts';
import { restartFromBeginning } from './revive-task.ts';
import { beginSharing, takeCreations, takeDescriptions, takeSharingEnds } from './sharing.ts';
import { takeAssignment } from './task-manager.ts';
import { rememberGroup } from './thread-transactions.ts';
import { followCall } from './transaction-notices.ts';
import { loseTransaction } from './transaction-calls.ts';

/** Told when a commit has ended. */
export type OnCommitted = (reason: CommitReason, error: number) => void;

/** Takes what the embedded clients have to tell. Returns whether there was anything. Throws a {@link StreamsError}. */
export function takeNotices(memory: StreamsMemory, context: NodeContext, onCommitted: OnCommitted): boolean {
  const { producer } = memory;
  const produced = takeProducerNotices(producer);
  for (const notice of produced)
    if (memory.producer === producer) followProducer(memory, context, notice, onCommitted);
  const administered = takeAdminNotices(memory.admin);
  for (const notice of administered) followAdmin(memory, context, notice);
  const restored = takeConsumerNotices(memory.restore);
  for (const notice of restored) followRestore(memory, context, notice);
  const global = memory.globals === null ? [] : takeConsumerNotices(memory.globals.consumer);
  for (const notice of global) followGlobal(context, notice);
  const consumed = takeConsumerNotices(memory.main);
  for (const notice of consumed) followMain(memory, context, notice, onCommitted);
  return [produced, administered, restored, global, consumed].some(({ length }) => length > 0);
}

const clientFailed = (client: string, error: number): StreamsError =>
  new StreamsError('StreamsException', failureOf(client, error));

const failureOf = (client: string, error: number): string => `The ${client} failed: ${errorName(error)}`;

function followProducer(
  memory: StreamsMemory,
  context: NodeContext,
  notice: ProducerNotice,
  onCommitted: OnCommitted,
): void {
  switch (notice.type) {
    case 'batch-completed':
      noteOutcome(memory, notice);
      afterAcknowledgement(memory, context);
      return;
    case 'unblocked':
      memory.blocked = false;
      if (memory.commit === null) drainOutbox(memory, context);
      else flushProducer(memory, context);
      return;
    case 'send-timed-out':
      throw new StreamsError('StreamsException', 'send() found no room, or no topic, for max.block.ms');
    case 'flushed':
      commitOffsets(memory, context);
      return;
    case 'fatal':
      if (memory.transactions === null) throw clientFailed('producer', notice.error);
      loseTransaction(memory.transactions, notice.error);
      return;
    case 'transaction-call-completed':
    case 'transaction-call-timed-out':
      followCall(memory, context, notice, onCommitted);
      return;
    case 'closed':
  }
}

function followAdmin(memory: StreamsMemory, context: NodeContext, notice: AdminNotice): void {
  switch (notice.type) {
    case 'topics-described':
      takeDescriptions(memory, context, notice);
      if (memory.globals !== null) takeGlobalDescriptions(memory, context, notice);
      return;
    case 'topics-created':
      takeCreations(memory, context, notice);
      return;
    case 'partitions-answered':
      takeAnswers(memory, context, notice);
      return;
    case 'configs-altered':
  }
}

type Answered = Extract<AdminNotice, { type: 'partitions-answered' }>;

function takeAnswers(memory: StreamsMemory, context: NodeContext, notice: Answered): void {
  if (notice.token === memory.purgeToken) memory.purgeToken = 0;
  else if (memory.globals?.token === notice.token) takeGlobalEnds(memory, context, notice);
  else if (memory.sharing?.token === notice.token) takeSharingEnds(memory, context, notice);
  else if (memory.queries.waiting.length === 0 || !takeQueryLags(memory, context, notice))
    takeEnds(memory, context, notice);
}

function followRestore(memory: StreamsMemory, context: NodeContext, notice: ConsumerNotice): void {
  if (notice.type === 'no-offset') restartFromBeginning(memory, context, notice.partitions);
  if (notice.type === 'log-truncated') restartFromBeginning(memory, context, [notice.partition]);
  if (notice.type === 'fatal') throw clientFailed('restore consumer', notice.error);
}

function followGlobal({ disk }: NodeContext, notice: ConsumerNotice): void {
  if (notice.type === 'no-offset' || notice.type === 'log-truncated') throw globalsLost(disk);
  if (notice.type === 'fatal')
    throw new GlobalThreadError('StreamsException', failureOf('global consumer', notice.error));
}

function followMain(
  memory: StreamsMemory,
  context: NodeContext,
  notice: ConsumerNotice,
  onCommitted: OnCommitted,
): void {
  switch (notice.type) {
    case 'records-ready':
      memory.recordsReady = true;
      return;
    case 'partitions-revoked':
      revoked(memory, context, notice);
      return;
    case 'partitions-assigned':
      takeTasks(memory, context, decodeTasks(notice.userData));
      return;
    case 'assignment-needed':
      beginSharing(memory, context, notice.members);
      return;
    case 'commit-completed':
      if (memory.commit?.phase !== 'committing' || memory.commit.token !== notice.token) return;
      if (notice.error === NONE) context.anchor('after-offsets');
      onCommitted(endCommit(memory, context, notice.error), notice.error);
      return;
    case 'fatal':
      throw clientFailed('main consumer', notice.error);
    default:
  }
}

/** Takes up what the group has decided; or ends, because another instance has asked all of them to. */
function takeTasks(memory: StreamsMemory, context: NodeContext, assigned: AssignedTasks): void {
  takeAssignment(memory, context, assigned);
  if (assigned.errorCode !== ASSIGNOR_ERRORS.SHUTDOWN_REQUESTED) return;
  memory.failure =
    'A Kafka Streams client in this Kafka Streams application is requesting to shutdown the application';
  const data: TraceEventData = { type: 'client-failed', error: memory.failure };
  context.trace(data);
  memory.stopping = true;
}

type Revoked = Extract<ConsumerNotice, { type: 'partitions-revoked' }>;

/** Unless the partitions are lost already, everything is committed first; that waits for work under way. */
function revoked(memory: StreamsMemory, context: NodeContext, { partitions, lost }: Revoked): void {
  if (!lost) {
    memory.revoking = Object.freeze(
      partitions.map(({ topic, partition }) => topicPartition(topic, partition)),
    );
    rememberGroup(memory);
    return;
  }
  loseAllTasks(memory, context);
  consumerRevoked(memory.main, context);
}
