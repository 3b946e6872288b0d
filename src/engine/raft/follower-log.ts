import { assert } from '../base/assert.ts';
import { appendAsFollower } from '../log/append.ts';
import { flushLog, type LogContext } from '../log/partition-log.ts';
import { truncateTo } from '../log/truncate.ts';
import { NONE } from '../protocol/errors.ts';
import type { RecordBatch } from '../protocol/record-batch.ts';
import { endOffsetOf, type OffsetAndEpoch } from './quorum-log.ts';
import type { Raft } from './raft-state.ts';

/** Writes what the leader sent. */
export function appendFetched({ log }: Raft, context: LogContext, batches: readonly RecordBatch[]): void {
  for (const batch of batches) {
    if (batch.baseOffset < log.logEndOffset) continue;
    assert(appendAsFollower(log, context, batch) === NONE, 'a follower takes what its leader wrote');
  }
  if (batches.length > 0) flushLog(log, context);
}

/** The leader's log parts from this one there: cuts back to what both have. Nothing committed is ever cut. */
export function cutDiverging(raft: Raft, context: LogContext, leader: OffsetAndEpoch): void {
  const own = endOffsetOf(raft, context.disk, leader.epoch);
  const shared = own.epoch === leader.epoch ? Math.min(own.offset, leader.offset) : own.offset;
  const to = leader.epoch === 0 ? leader.offset : shared;
  const { highWatermark } = raft;
  assert(to >= highWatermark, 'a voter does not cut what is committed', { to, highWatermark });
  truncateTo(raft.log, context, to);
}
