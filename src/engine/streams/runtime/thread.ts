import { millis, type SimTime } from '../../base/time.ts';
import {
  consumerLeavePoll,
  isInRebalance,
  consumerPoll,
  consumerRejoin,
  consumerRevoked,
  isRebalancing,
} from '../../client/consumer/consumer.ts';
import { NEVER } from '../../client/network/network-client.ts';
import { NONE } from '../../protocol/errors.ts';
import type { ThreadContext } from './thread-context.ts';
import { StreamsError } from '../task/streams-error.ts';
import { planOf } from './application-plan.ts';
import { bindTask } from './bound-task.ts';
import { closeAll, reviveCorrupted } from './close-tasks.ts';
import { nextLockRetry } from './directory-locks.ts';
import { endThread, isClosing, settleEnd } from './thread-end.ts';
import { setThreadState } from './thread-state.ts';
import { fail } from './uncaught.ts';
import { beginCommit, endCommit, isCommitDue, isEmptyCommit, maybePurge } from './commit.ts';
import type { CommitReason, StreamThread } from './stream-thread.ts';
import { abandonWork, isMigration, migrate, takeBackTransaction } from './lost-transaction.ts';
import { describeMember } from './member-description.ts';
import { takeNotices } from './notices.ts';
import { drainOutbox } from './outbox.ts';
import { isReady } from './partition-choice.ts';
import { addRecords, doWork, patienceOf, planWork } from './processing.ts';
import { restoreMore, retryLocked } from './restoration.ts';
import { bufferedRecords } from './runtime-task.ts';
import { revokedTasks, suspendRevoked } from './revocation.ts';
import { waitsForTransactions } from './thread-transactions.ts';

export const THREAD_TIMER = 'thread';
export const WORK_TIMER = 'work';

/**
 * Lets the stream thread do all it can do now (`StreamThread.runOnce`): what its clients tell, then close, revocation,
 * commit, punctuation, processing, and only when nothing is ready the next poll. A `StreamsError` ends the thread; what then
 * becomes of the process is the application's choice.
 */
export function runThread(thread: StreamThread, context: ThreadContext): void {
  try {
    let goesOn = !isClosing(thread);
    while (goesOn) {
      const told = takeNotices(thread, context, (reason, error) =>
        committed(thread, context, { reason, error }),
      );
      const settled = !isClosing(thread) && settleCommit(thread, context);
      const restored = !isClosing(thread) && restoreMore(thread, context);
      const did = !isClosing(thread) && isFree(thread) && step(thread, context);
      noteRunning(thread, context);
      goesOn = !isClosing(thread) && (told || settled || restored || did);
    }
    if (isClosing(thread)) settleEnd(thread, context);
  } catch (error) {
    if (!(error instanceof StreamsError)) throw error;
    fail(thread, context, error);
  }
}

/** All that was given to it runs: so does the thread (`StreamThread.maybeSetRunning`). */
function noteRunning(thread: StreamThread, context: ThreadContext): void {
  if (thread.state !== 'PARTITIONS_ASSIGNED') return;
  for (const { status } of thread.tasks.values()) if (status !== 'running') return;
  setThreadState(context.process, thread, 'RUNNING');
}

/** The thread is not inside a piece of work, a commit, or a call on its producer that waits. */
const isFree = (thread: StreamThread): boolean =>
  thread.working === 0 && thread.commit === null && !thread.blocked && !waitsForTransactions(thread);

/** Ends a commit that had nothing to do, or that cannot come to its end any more. Returns whether there was one. */
function settleCommit(thread: StreamThread, context: ThreadContext): boolean {
  const { transactions, working } = thread;
  if (transactions === null || working > 0) return false;
  const { error } = transactions;
  if (error === NONE && !isEmptyCommit(thread)) return false;
  const reason = error === NONE ? endCommit(thread, context, NONE) : (thread.commit?.reason ?? 'interval');
  if (error !== NONE) abandonWork(thread);
  committed(thread, context, { reason, error });
  return true;
}

/** In order, a rebalance is waited for, so that offsets can be committed; without tasks there are none. */
const mayClose = ({ main, tasks }: StreamThread): boolean => tasks.size === 0 || !isInRebalance(main);

/** One thing to do. Returns whether there may be more. */
function step(thread: StreamThread, context: ThreadContext): boolean {
  if (thread.outbox.length > 0) return drainOutbox(thread, context);
  if (thread.failing !== null) throw new StreamsError(thread.failing.className, thread.failing.message);
  if (thread.stopping && mayClose(thread)) return begin(thread, context, 'close');
  if (thread.state === 'CREATED') return false;
  if (thread.revoking !== null) return giveUp(thread, context);
  if (thread.corrupted.size > 0) {
    reviveCorrupted(thread, context);
    return true;
  }
  if (context.now() >= thread.probeAt) probe(thread, context);
  if (context.now() >= nextLockRetry(thread)) retryLocked(thread, context);
  if (isCommitDue(thread, context)) return begin(thread, context, 'interval');
  if (punctuate(thread, context)) return true;
  thread.working = planWork(thread, context);
  if (thread.working === 0) return poll(thread, context);
  consumerLeavePoll(thread.main, context);
  context.setTimer(WORK_TIMER, thread.working * thread.config.workMicros);
  return false;
}

/**
 * The group is to share out again: copies may have caught up, or somebody has given up what this member is to have
 * (`nextProbingRebalanceMs`).
 */
function probe(thread: StreamThread, context: ThreadContext): void {
  thread.probeAt = NEVER;
  describeMember(thread, context);
  consumerRejoin(thread.main);
}

/** Commits before revoked tasks go, if one of them needs that. */
function giveUp(thread: StreamThread, context: ThreadContext): boolean {
  if (revokedTasks(thread).some(({ commitNeeded }) => commitNeeded))
    return begin(thread, context, 'revocation');
  committed(thread, context, { reason: 'revocation', error: NONE });
  return true;
}

function begin(thread: StreamThread, context: ThreadContext, reason: CommitReason): boolean {
  beginCommit(thread, context, reason);
  return true;
}

/** The simulated time of a piece of work is over: now it has happened. */
export function endWork(thread: StreamThread, context: ThreadContext): void {
  const records = thread.working;
  thread.working = 0;
  try {
    doWork(thread, context, records);
  } catch (error) {
    if (!(error instanceof StreamsError)) throw error;
    failOnceSent(thread, context, error);
  }
}

/**
 * What was made before the failure went to the producer record by record, so the thread had stood still in `send()` before it
 * came to the record that it fails at. It is sent while the producer closes: under at_least_once it is there, though no
 * offset is committed. What is open in a transaction is aborted.
 */
function failOnceSent(thread: StreamThread, context: ThreadContext, error: StreamsError): void {
  if (thread.transactions === null && thread.outbox.length > 0)
    thread.failing = { className: error.className, message: error.message };
  else fail(thread, context, error);
}

function punctuate(thread: StreamThread, context: ThreadContext): boolean {
  let any = false;
  for (const task of thread.tasks.values()) {
    if (task.status !== 'running' || !bindTask(thread, context, task).stream.punctuate('wallClock')) continue;
    task.commitNeeded = true;
    any = true;
  }
  return any;
}

/** Enters poll(), or looks again if records have come. */
function poll(thread: StreamThread, context: ThreadContext): boolean {
  const { main } = thread;
  if (main.inPoll && !thread.recordsReady) {
    armThread(thread, context);
    return false;
  }
  thread.recordsReady = false;
  const slices = consumerPoll(main, context);
  addRecords(thread, context, slices);
  if (slices.length === 0) armThread(thread, context);
  return slices.length > 0 || main.notices.length > 0;
}

/** Sets the timer for the next thing that comes due by time alone. */
function armThread(thread: StreamThread, context: ThreadContext): void {
  const at = Math.max(nextDue(thread, context), context.now() + 1);
  if (at === thread.wakeAt || at >= NEVER) return;
  thread.wakeAt = at;
  context.setTimer(THREAD_TIMER, at - context.now());
}

function nextDue(thread: StreamThread, context: ThreadContext): SimTime {
  const { settings } = planOf(thread.config);
  const now = context.now();
  const wallClock = context.wallClockMs();
  let due = Math.min(thread.probeAt, nextLockRetry(thread));
  for (const task of thread.tasks.values()) {
    if (task.status !== 'running') continue;
    // While the group rebalances nothing is committed: what ends that wakes the thread.
    if (task.commitNeeded && !isRebalancing(thread.main))
      due = Math.min(due, thread.lastCommitAt + millis(settings['commit.interval.ms']));
    for (const { type, next, cancelled } of task.state.punctuations)
      if (type === 'wallClock' && !cancelled)
        due = Math.min(due, now + millis(Math.max(next - wallClock, 0)));
    // Records wait for another input: look again when the poll would have timed out.
    if (bufferedRecords(task) > 0 && !isReady(thread, task, patienceOf(thread, context)))
      due = Math.min(due, now + millis(settings['poll.ms']));
  }
  return due;
}

interface Committed {
  readonly reason: CommitReason;
  readonly error: number;
}

/**
 * What follows a commit. At least once, one that failed for another reason than migration is simply tried again at the next
 * interval.
 */
function committed(thread: StreamThread, context: ThreadContext, { reason, error }: Committed): void {
  switch (reason) {
    case 'interval':
      if (error === NONE) maybePurge(thread, context);
      else if (thread.transactions !== null) takeBackTransaction(thread, context, error);
      else if (isMigration(error)) migrate(thread, context);
      return;
    case 'revocation':
      if (error === NONE) {
        suspendRevoked(thread, context);
        consumerRevoked(thread.main, context);
      } else migrate(thread, context);
      return;
    case 'close':
      closeAll(thread, context, error === NONE);
      endThread(thread, context);
  }
}
