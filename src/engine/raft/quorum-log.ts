import { assert } from '../base/assert.ts';
import { appendAsLeader } from '../log/append.ts';
import { endOffsetFor } from '../log/leader-epoch-cache.ts';
import {
  flushLog,
  logLeaderEpoch,
  updateHighWatermark,
  type LogConfig,
  type LogContext,
  type PartitionLog,
} from '../log/partition-log.ts';
import { readLog } from '../log/read.ts';
import { openLog } from '../log/recovery.ts';
import type { SnapshotId } from '../protocol/fetch-snapshot.ts';
import type { RecordBatch } from '../protocol/record-batch.ts';
import type { DiskState } from '../sim/disk.ts';
import type { Raft, Snapshot } from './raft-state.ts';

/** An offset, and the epoch of the record before it. */
export interface OffsetAndEpoch {
  readonly offset: number;
  readonly epoch: number;
}

/** The log of a quorum is kept until a snapshot stands for it. */
const LOG_CONFIG: LogConfig = Object.freeze({
  'cleanup.policy': Object.freeze(['delete']),
  'min.cleanable.dirty.ratio': 0.5,
  'min.compaction.lag.ms': 0,
  'max.compaction.lag.ms': Number.MAX_SAFE_INTEGER,
  'delete.retention.ms': 86_400_000,
  'retention.ms': -1,
  'retention.bytes': -1,
  'segment.bytes': 1_073_741_824,
  'segment.ms': Number.MAX_SAFE_INTEGER,
  'max.message.bytes': 1_073_741_824,
  'compression.type': 'producer',
  'message.timestamp.type': 'CreateTime',
  'message.timestamp.after.max.ms': Number.MAX_SAFE_INTEGER,
  'message.timestamp.before.max.ms': Number.MAX_SAFE_INTEGER,
});

const partitionOf = (topic: string): string => `${topic}-0`;
export const snapshotName = (topic: string): string => `log/${partitionOf(topic)}/snapshot`;

/** The newest snapshot on this disk. */
export const readSnapshot = (disk: DiskState, topic: string): Snapshot | undefined =>
  disk.values.get(snapshotName(topic)) as Snapshot | undefined;

export function openQuorumLog(context: LogContext, topic: string): PartitionLog {
  const logStartOffset = readLogStart(context.disk, topic).endOffset;
  return openLog(context, {
    partition: partitionOf(topic),
    config: LOG_CONFIG,
    logStartOffset,
    highWatermark: logStartOffset,
  });
}

export const logStartName = (topic: string): string => `log/${partitionOf(topic)}/log-start`;

const BEGINNING: SnapshotId = Object.freeze({ endOffset: 0, epoch: 0 });

/** The snapshot that the log begins after. */
export const readLogStart = (disk: DiskState, topic: string): SnapshotId =>
  (disk.values.get(logStartName(topic)) as SnapshotId | undefined) ?? BEGINNING;

/** Where the log ends, and in which epoch; an empty one is in the epoch of its snapshot, or in 0. */
export function logEnd({ log, options }: Raft, disk: DiskState): OffsetAndEpoch {
  const written = logLeaderEpoch(log);
  const epoch = written >= 0 ? written : (readSnapshot(disk, options.topic.name)?.id.epoch ?? 0);
  return { offset: log.logEndOffset, epoch };
}

/** Writes a batch as the leader, synced before anybody counts on it. Returns where the log ends now. */
export function appendOwn({ log, epoch }: Raft, context: LogContext, batch: RecordBatch): number {
  const appended = appendAsLeader(log, context, batch, { leaderEpoch: epoch, origin: 'coordinator' });
  assert(appended.ok, 'the leader of a quorum takes its own records');
  flushLog(log, context);
  return log.logEndOffset;
}

/** What a reader at this place has to be told first. */
export type Validity =
  { readonly kind: 'valid' } | Diverging | { readonly kind: 'snapshot'; readonly id: SnapshotId };

interface Diverging {
  readonly kind: 'diverging';
  readonly at: OffsetAndEpoch;
}

const VALID: Validity = Object.freeze({ kind: 'valid' });

/** Whether a replica that has everything up to here may read on (`ReplicatedLog.validateOffsetAndEpoch`). */
export function validate(raft: Raft, disk: DiskState, reader: OffsetAndEpoch): Validity {
  if (raft.log.logStartOffset === 0 && reader.offset === 0 && reader.epoch === 0) return VALID;
  const snapshot = readSnapshot(disk, raft.options.topic.name);
  if (snapshot !== undefined && isBeforeStart(raft, disk, reader))
    return { kind: 'snapshot', id: snapshot.id };
  const at = endOffsetOf(raft, disk, reader.epoch);
  if (at.epoch !== reader.epoch || at.offset < reader.offset) return { kind: 'diverging', at };
  return VALID;
}

/** Whether what the reader lacks, or what it has wrong, is no longer in the log. */
function isBeforeStart({ options }: Raft, disk: DiskState, reader: OffsetAndEpoch): boolean {
  const start = readLogStart(disk, options.topic.name);
  if (start.endOffset === 0) return false;
  if (reader.offset < start.endOffset || reader.epoch < start.epoch) return true;
  return reader.offset === start.endOffset && reader.epoch !== start.epoch;
}

/** Where the records of this epoch, or of the newest one before it, end. */
export function endOffsetOf(raft: Raft, disk: DiskState, epoch: number): OffsetAndEpoch {
  const { log } = raft;
  const found = endOffsetFor(log.epochs, epoch, log.logEndOffset);
  return found.endOffset < 0 ? logEnd(raft, disk) : { offset: found.endOffset, epoch: found.epoch };
}

/** Batches from this offset on that end at `upTo` or before. */
export const readBatches = (
  { log }: Raft,
  context: LogContext,
  range: { readonly offset: number; readonly maxBytes: number; readonly upTo: number },
): readonly RecordBatch[] => {
  const { offset, maxBytes, upTo } = range;
  return readLog(log, context, { offset, maxBytes, upTo, minOneMessage: true }).batches;
};

/** Moves the high watermark; returns whether it moved. */
export function raiseHighWatermark(raft: Raft, context: LogContext, offset: number): boolean {
  const { log } = raft;
  const to = Math.min(offset, log.logEndOffset);
  if (to <= raft.highWatermark) return false;
  raft.highWatermark = to;
  updateHighWatermark(log, context, to);
  return true;
}
