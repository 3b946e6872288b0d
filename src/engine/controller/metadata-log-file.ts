import type { SimTime } from '../base/time.ts';
import { METADATA_PARTITION, METADATA_TOPIC } from '../metadata/metadata-log.ts';
import { nextOffset, type RecordBatch } from '../protocol/record-batch.ts';
import { appendEntry, flushFile, openFile, type DiskFile, type DiskState } from '../sim/disk.ts';

const FILE = `${METADATA_TOPIC}-${METADATA_PARTITION}`;
const QUORUM_STATE = 'quorum-state';

const fileOf = (disk: DiskState): DiskFile => openFile(disk, FILE);

const batchAt = (file: DiskFile, index: number): RecordBatch => file.entries.at(index) as RecordBatch;

/** All batches, oldest first. */
export const readMetadataLog = (disk: DiskState): RecordBatch[] => [...fileOf(disk).entries] as RecordBatch[];

/** Writes a batch and waits for the disk: what the controller has answered, a power loss does not take back. */
export function appendMetadata(disk: DiskState, batch: RecordBatch, now: SimTime): void {
  const file = fileOf(disk);
  appendEntry(file, batch, now);
  flushFile(file);
}

/** Batches from the one that holds `offset` on, as many as fit into `maxBytes`, but at least one if there is one. */
export function metadataFrom(disk: DiskState, offset: number, maxBytes: number): RecordBatch[] {
  const file = fileOf(disk);
  const batches: RecordBatch[] = [];
  let size = 0;
  for (let i = indexOf(file, offset); i < file.entries.end; i++) {
    const batch = batchAt(file, i);
    size += batch.sizeInBytes;
    if (batches.length > 0 && size > maxBytes) break;
    batches.push(batch);
  }
  return batches;
}

/** Index of the first batch that ends beyond `offset`. */
function indexOf(file: DiskFile, offset: number): number {
  let low = file.entries.start;
  let high = file.entries.end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (nextOffset(batchAt(file, middle)) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The epoch in which this life leads the metadata log: one beyond that of the life before. */
export function nextLeaderEpoch(disk: DiskState): number {
  const last = disk.values.get(QUORUM_STATE) as { readonly leaderEpoch: number } | undefined;
  const leaderEpoch = (last?.leaderEpoch ?? 0) + 1;
  disk.values.set(QUORUM_STATE, Object.freeze({ leaderEpoch }));
  return leaderEpoch;
}
