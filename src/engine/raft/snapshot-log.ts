import { assert, ensure } from '../base/assert.ts';
import { rollLog, type LogContext } from '../log/partition-log.ts';
import { deleteOldSegments, incrementLogStart } from '../log/retention.ts';
import { truncateFullyAndStartAt } from '../log/truncate.ts';
import { NONE } from '../protocol/errors.ts';
import { logStartName, readSnapshot, snapshotName } from './quorum-log.ts';
import type { Raft, Snapshot } from './raft-state.ts';

/** Keeps a snapshot of what is committed. What it stands for stays in the log until {@link forgetBeforeSnapshot}. */
export function writeSnapshot({ options }: Raft, { disk }: LogContext, snapshot: Snapshot): void {
  disk.values.set(snapshotName(options.topic.name), Object.freeze(snapshot));
}

/** The log begins after its snapshot. */
export function forgetBeforeSnapshot(raft: Raft, context: LogContext): void {
  const { log, options } = raft;
  const { id } = ensure(readSnapshot(context.disk, options.topic.name), 'snapshot');
  rollLog(log, context);
  assert(incrementLogStart(log, context, id.endOffset) === NONE, 'a snapshot is of what is committed');
  context.disk.values.set(logStartName(options.topic.name), id);
  deleteOldSegments(log, context);
}

/** The log is empty and goes on where the snapshot ends. */
export function beginAtSnapshot(raft: Raft, context: LogContext): void {
  const { log, options } = raft;
  const { id } = ensure(readSnapshot(context.disk, options.topic.name), 'snapshot');
  truncateFullyAndStartAt(log, context, id.endOffset);
  context.disk.values.set(logStartName(options.topic.name), id);
  raft.highWatermark = Math.max(raft.highWatermark, id.endOffset);
}
