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
import type { NodeContext } from '../../sim/node-context.ts';
import { StreamsError } from '../task/streams-error.ts';
import { planOf } from './application-plan.ts';
import { bindTask } from './bound-task.ts';
import { closeAll, reviveCorrupted } from './close-tasks.ts';
import { end, fail } from './uncaught.ts';
import { beginCommit, endCommit, isCommitDue, isEmptyCommit, maybePurge } from './commit.ts';
import { readGlobals } from './global-reading.ts';
import type { CommitReason, StreamsMemory } from './instance-memory.ts';
import { abandonWork, isMigration, migrate, takeBackTransaction } from './lost-transaction.ts';
import { describeMember } from './member-description.ts';
import { takeNotices } from './notices.ts';
import { drainOutbox } from './outbox.ts';
import { isReady } from './partition-choice.ts';
import { addRecords, doWork, patienceOf, planWork } from './processing.ts';
import { restoreMore } from './restoration.ts';
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
export function runThread(memory: StreamsMemory, context: NodeContext): void {
  try {
    let goesOn = !memory.ended;
    while (goesOn) {
      const told = takeNotices(memory, context, (reason, error) =>
        committed(memory, context, { reason, error }),
      );
      const settled = !memory.ended && settleCommit(memory, context);
      const restored = !memory.ended && restoreMore(memory, context);
      const read = !memory.ended && memory.globals !== null && readGlobals(memory, context);
      const did = !memory.ended && isFree(memory) && step(memory, context);
      goesOn = !memory.ended && (told || settled || restored || read || did);
    }
  } catch (error) {
    if (!(error instanceof StreamsError)) throw error;
    fail(memory, context, error);
    // Another thread may have taken its place.
    runThread(memory, context);
  }
}

/** The thread is not inside a piece of work, a commit, or a call on its producer that waits. */
const isFree = (memory: StreamsMemory): boolean =>
  memory.working === 0 && memory.commit === null && !memory.blocked && !waitsForTransactions(memory);

/** Ends a commit that had nothing to do, or that cannot come to its end any more. Returns whether there was one. */
function settleCommit(memory: StreamsMemory, context: NodeContext): boolean {
  const { transactions, working } = memory;
  if (transactions === null || working > 0) return false;
  const { error } = transactions;
  if (error === NONE && !isEmptyCommit(memory)) return false;
  const reason = error === NONE ? endCommit(memory, context, NONE) : (memory.commit?.reason ?? 'interval');
  if (error !== NONE) abandonWork(memory);
  committed(memory, context, { reason, error });
  return true;
}

/** In order, a rebalance is waited for, so that offsets can be committed; without tasks there are none. */
const mayClose = ({ main, tasks }: StreamsMemory): boolean => tasks.size === 0 || !isInRebalance(main);

/** One thing to do. Returns whether there may be more. */
function step(memory: StreamsMemory, context: NodeContext): boolean {
  if (memory.outbox.length > 0) return drainOutbox(memory, context);
  if (memory.stopping && mayClose(memory)) return begin(memory, context, 'close');
  if (memory.globals !== null && memory.globals.phase !== 'running') return false;
  if (memory.revoking !== null) return giveUp(memory, context);
  if (memory.corrupted.size > 0) {
    reviveCorrupted(memory, context);
    return true;
  }
  if (context.now() >= memory.probeAt) probe(memory, context);
  if (isCommitDue(memory, context)) return begin(memory, context, 'interval');
  if (punctuate(memory, context)) return true;
  memory.working = planWork(memory, context);
  if (memory.working === 0) return poll(memory, context);
  consumerLeavePoll(memory.main, context);
  context.setTimer(WORK_TIMER, memory.working * memory.config.workMicros);
  return false;
}

/**
 * The group is to share out again: copies may have caught up, or somebody has given up what this member is to have
 * (`nextProbingRebalanceMs`).
 */
function probe(memory: StreamsMemory, context: NodeContext): void {
  memory.probeAt = NEVER;
  describeMember(memory, context);
  consumerRejoin(memory.main);
}

/** Commits before revoked tasks go, if one of them needs that. */
function giveUp(memory: StreamsMemory, context: NodeContext): boolean {
  if (revokedTasks(memory).some(({ commitNeeded }) => commitNeeded))
    return begin(memory, context, 'revocation');
  committed(memory, context, { reason: 'revocation', error: NONE });
  return true;
}

function begin(memory: StreamsMemory, context: NodeContext, reason: CommitReason): boolean {
  beginCommit(memory, context, reason);
  return true;
}

/** The simulated time of a piece of work is over: now it has happened. */
export function endWork(memory: StreamsMemory, context: NodeContext): void {
  const records = memory.working;
  memory.working = 0;
  try {
    doWork(memory, context, records);
  } catch (error) {
    if (!(error instanceof StreamsError)) throw error;
    fail(memory, context, error);
  }
}

function punctuate(memory: StreamsMemory, context: NodeContext): boolean {
  let any = false;
  for (const task of memory.tasks.values()) {
    if (task.status !== 'running' || !bindTask(memory, context, task).stream.punctuate('wallClock')) continue;
    task.commitNeeded = true;
    any = true;
  }
  return any;
}

/** Enters poll(), or looks again if records have come. */
function poll(memory: StreamsMemory, context: NodeContext): boolean {
  const { main } = memory;
  if (main.inPoll && !memory.recordsReady) {
    armThread(memory, context);
    return false;
  }
  memory.recordsReady = false;
  const slices = consumerPoll(main, context);
  addRecords(memory, context, slices);
  if (slices.length === 0) armThread(memory, context);
  return slices.length > 0 || main.notices.length > 0;
}

/** Sets the timer for the next thing that comes due by time alone. */
function armThread(memory: StreamsMemory, context: NodeContext): void {
  const at = Math.max(nextDue(memory, context), context.now() + 1);
  if (at === memory.wakeAt || at >= NEVER) return;
  memory.wakeAt = at;
  context.setTimer(THREAD_TIMER, at - context.now());
}

function nextDue(memory: StreamsMemory, context: NodeContext): SimTime {
  const { settings } = planOf(memory.config);
  const now = context.now();
  const wallClock = context.wallClockMs();
  let due = memory.probeAt;
  for (const task of memory.tasks.values()) {
    if (task.status !== 'running') continue;
    // While the group rebalances nothing is committed: what ends that wakes the thread.
    if (task.commitNeeded && !isRebalancing(memory.main))
      due = Math.min(due, memory.lastCommitAt + millis(settings['commit.interval.ms']));
    for (const { type, next, cancelled } of task.state.punctuations)
      if (type === 'wallClock' && !cancelled)
        due = Math.min(due, now + millis(Math.max(next - wallClock, 0)));
    // Records wait for another input: look again when the poll would have timed out.
    if (bufferedRecords(task) > 0 && !isReady(memory, task, patienceOf(memory, context)))
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
function committed(memory: StreamsMemory, context: NodeContext, { reason, error }: Committed): void {
  switch (reason) {
    case 'interval':
      if (error === NONE) maybePurge(memory, context);
      else if (memory.transactions !== null) takeBackTransaction(memory, context, error);
      else if (isMigration(error)) migrate(memory, context);
      return;
    case 'revocation':
      if (error === NONE) {
        suspendRevoked(memory, context);
        consumerRevoked(memory.main, context);
      } else migrate(memory, context);
      return;
    case 'close':
      closeAll(memory, context, error === NONE);
      end(memory, context);
  }
}
