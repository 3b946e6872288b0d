import { ensure } from '../base/assert.ts';
import { decodeMetadata, encodeMetadata } from '../metadata/metadata-log.ts';
import type { MetadataRecord } from '../metadata/metadata-record.ts';
import { imageOf, imageRecords, replaceImage } from '../metadata/snapshot.ts';
import { logSizeInBytes } from '../log/partition-log.ts';
import type { RecordBatch } from '../protocol/record-batch.ts';
import { readSnapshot } from '../raft/quorum-log.ts';
import { forgetBeforeSnapshot, writeSnapshot } from '../raft/snapshot-log.ts';
import type { NodeContext } from '../sim/node-context.ts';
import type { ControllerMemory } from './controller-state.ts';

/** Records of a snapshot that go into one batch (`BatchAccumulator`'s limit is in bytes; this is about the same). */
const RECORDS_PER_BATCH = 1_000;

/** Writes down what is committed; if the log has become too long, what the snapshot stands for leaves it (`SnapshotGenerator`). */
export function takeSnapshot(memory: ControllerMemory, context: NodeContext): void {
  const { raft, committed, config } = memory;
  const id = { endOffset: committed.offset + 1, epoch: committed.epoch };
  const batches = inBatches(imageRecords(committed), {
    baseOffset: 0,
    leaderEpoch: id.epoch,
    timestamp: context.wallClockMs(),
  });
  const sizeInBytes = batches.reduce((sum, batch) => sum + batch.sizeInBytes, 0);
  writeSnapshot(raft, context, { id, batches: Object.freeze(batches), sizeInBytes });
  memory.bytesSinceSnapshot = 0;
  if (logSizeInBytes(raft.log) > config['metadata.max.retention.bytes']) forgetBeforeSnapshot(raft, context);
}

function inBatches(
  records: readonly MetadataRecord[],
  place: Parameters<typeof encodeMetadata>[1],
): RecordBatch[] {
  const batches: RecordBatch[] = [];
  for (let i = 0; i < records.length; i += RECORDS_PER_BATCH)
    batches.push(encodeMetadata(records.slice(i, i + RECORDS_PER_BATCH), { ...place, baseOffset: i }));
  return batches;
}

/** The log begins after a snapshot that this controller has not applied: one of its last life, or one that it was sent. */
export function loadSnapshot({ raft, committed }: ControllerMemory, { disk }: NodeContext): void {
  const { id, batches } = ensure(readSnapshot(disk, raft.options.topic.name), 'snapshot');
  replaceImage(committed, imageOf(batches.flatMap(decodeMetadata), id));
}
