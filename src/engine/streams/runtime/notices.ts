import { topicPartition } from '../../api/ids.ts';
import type { AdminNotice } from '../../client/admin/admin-state.ts';
import { consumerRevoked, takeConsumerNotices } from '../../client/consumer/consumer.ts';
import type { ConsumerNotice } from '../../client/consumer/consumer-state.ts';
import { takeProducerNotices } from '../../client/producer/producer.ts';
import type { ProducerNotice } from '../../client/producer/producer-state.ts';
import { errorName, NONE } from '../../protocol/errors.ts';
import type { ThreadContext } from './thread-context.ts';
import { StreamsError } from '../task/streams-error.ts';
import { afterAcknowledgement, commitOffsets, endCommit, flushProducer } from './commit.ts';
import type { CommitReason, StreamThread } from './stream-thread.ts';
import { loseAllTasks } from './lost-transaction.ts';
import { ASSIGNOR_ERRORS, decodeTasks, type AssignedTasks } from '../assignor/member-data.ts';
import { drainOutbox, noteOutcome } from './outbox.ts';
import { takeEnds } from './restoration.ts';
import { restartFromBeginning } from './revive-task.ts';
import { beginSharing, takeCreations, takeDescriptions, takeSharingEnds } from './sharing.ts';
import { takeAssignment } from './task-manager.ts';
import { setThreadState } from './thread-state.ts';
import { rememberGroup } from './thread-transactions.ts';
import { shutDownAsAsked } from './uncaught.ts';
import { followCall } from './transaction-notices.ts';
import { loseTransaction } from './transaction-calls.ts';

/** Told when a commit has ended. */
export type OnCommitted = (reason: CommitReason, error: number) => void;

/** Takes what the embedded clients have to tell. Returns whether there was anything. Throws a {@link StreamsError}. */
export function takeNotices(thread: StreamThread, context: ThreadContext, onCommitted: OnCommitted): boolean {
  const { producer } = thread;
  const produced = takeProducerNotices(producer);
  for (const notice of produced)
    if (thread.producer === producer) followProducer(thread, context, notice, onCommitted);
  const restored = takeConsumerNotices(thread.restore);
  for (const notice of restored) followRestore(thread, context, notice);
  const consumed = takeConsumerNotices(thread.main);
  for (const notice of consumed) followMain(thread, context, notice, onCommitted);
  return [produced, restored, consumed].some(({ length }) => length > 0);
}

const clientFailed = (client: string, error: number): StreamsError =>
  new StreamsError('StreamsException', `The ${client} failed: ${errorName(error)}`);

function followProducer(
  thread: StreamThread,
  context: ThreadContext,
  notice: ProducerNotice,
  onCommitted: OnCommitted,
): void {
  switch (notice.type) {
    case 'batch-completed':
      noteOutcome(thread, notice);
      afterAcknowledgement(thread, context);
      return;
    case 'unblocked':
      thread.blocked = false;
      if (thread.commit === null) drainOutbox(thread, context);
      else flushProducer(thread, context);
      return;
    case 'send-timed-out':
      throw new StreamsError('StreamsException', 'send() found no room, or no topic, for max.block.ms');
    case 'flushed':
      commitOffsets(thread, context);
      return;
    case 'fatal':
      if (thread.transactions === null) throw clientFailed('producer', notice.error);
      loseTransaction(thread.transactions, notice.error);
      return;
    case 'transaction-call-completed':
    case 'transaction-call-timed-out':
      followCall(thread, context, notice, onCommitted);
      return;
    case 'closed':
  }
}

/** The administrator has answered this thread. Throws a {@link StreamsError}. */
export function followAdmin(thread: StreamThread, context: ThreadContext, notice: AdminNotice): void {
  switch (notice.type) {
    case 'topics-described':
      takeDescriptions(thread, context, notice);
      return;
    case 'topics-created':
      takeCreations(thread, context, notice);
      return;
    case 'partitions-answered':
      if (notice.token === thread.purgeToken) thread.purgeToken = 0;
      else if (thread.sharing?.token === notice.token) takeSharingEnds(thread, context, notice);
      else takeEnds(thread, context, notice);
      return;
    case 'configs-altered':
  }
}

function followRestore(thread: StreamThread, context: ThreadContext, notice: ConsumerNotice): void {
  if (notice.type === 'no-offset') restartFromBeginning(thread, context, notice.partitions);
  if (notice.type === 'log-truncated') restartFromBeginning(thread, context, [notice.partition]);
  if (notice.type === 'fatal') throw clientFailed('restore consumer', notice.error);
}

function followMain(
  thread: StreamThread,
  context: ThreadContext,
  notice: ConsumerNotice,
  onCommitted: OnCommitted,
): void {
  switch (notice.type) {
    case 'records-ready':
      thread.recordsReady = true;
      return;
    case 'partitions-revoked':
      revoked(thread, context, notice);
      return;
    case 'partitions-assigned':
      takeTasks(thread, context, decodeTasks(notice.userData));
      return;
    case 'assignment-needed':
      beginSharing(thread, context, notice.members);
      return;
    case 'commit-completed':
      if (thread.commit?.phase !== 'committing' || thread.commit.token !== notice.token) return;
      if (notice.error === NONE) context.anchor('after-offsets');
      onCommitted(endCommit(thread, context, notice.error), notice.error);
      return;
    case 'fatal':
      throw clientFailed('main consumer', notice.error);
    default:
  }
}

/** Takes up what the group has decided; or ends, because another instance has asked all of them to. */
function takeTasks(thread: StreamThread, context: ThreadContext, assigned: AssignedTasks): void {
  takeAssignment(thread, context, assigned);
  if (assigned.errorCode === ASSIGNOR_ERRORS.SHUTDOWN_REQUESTED) shutDownAsAsked(thread, context);
}

type Revoked = Extract<ConsumerNotice, { type: 'partitions-revoked' }>;

/** Unless the partitions are lost already, everything is committed first; that waits for work under way. */
function revoked(thread: StreamThread, context: ThreadContext, { partitions, lost }: Revoked): void {
  if (!lost) {
    thread.revoking = Object.freeze(
      partitions.map(({ topic, partition }) => topicPartition(topic, partition)),
    );
    rememberGroup(thread);
    setThreadState(context.process, thread, 'PARTITIONS_REVOKED');
    return;
  }
  loseAllTasks(thread, context);
  consumerRevoked(thread.main, context);
}
