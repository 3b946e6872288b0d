import type { BatchView, LogView } from '../../api/views/log.ts';
import { readCleanerCheckpoint, readSegmentBases } from '../../log/log-files.ts';
import { entryAtOrAfter } from '../../log/partition-log.ts';
import { nextOffset, type RecordBatch } from '../../protocol/record-batch.ts';
import type { DiskFile, DiskState } from '../../sim/disk.ts';

/** The batches of a partition as they lie on a disk. */
export class StoredLog implements LogView {
  private readonly disk: DiskState;
  private readonly partition: string;
  private readonly file: DiskFile;

  constructor(disk: DiskState, partition: string, file: DiskFile) {
    this.disk = disk;
    this.partition = partition;
    this.file = file;
  }

  get cleanedTo(): number {
    return readCleanerCheckpoint(this.disk, this.partition) ?? 0;
  }

  get end(): number {
    const newest = this.file.entries.last() as RecordBatch | undefined;
    const base = readSegmentBases(this.disk, this.partition).at(-1) ?? 0;
    return newest === undefined ? base : Math.max(nextOffset(newest), base);
  }

  get flushedEnd(): number {
    const { entries, flushed } = this.file;
    return flushed <= entries.start ? 0 : nextOffset(entries.at(flushed - 1) as RecordBatch);
  }

  get first(): BatchView | undefined {
    const { entries } = this.file;
    return entries.size === 0 ? undefined : (entries.at(entries.start) as RecordBatch);
  }

  get last(): BatchView | undefined {
    return this.file.entries.last() as RecordBatch | undefined;
  }

  at(offset: number): BatchView | undefined {
    const { entries } = this.file;
    const index = entryAtOrAfter(this.file, offset);
    return index < entries.end ? (entries.at(index) as RecordBatch) : undefined;
  }

  visit(from: number, to: number, visit: (batch: BatchView) => void): void {
    const { entries } = this.file;
    for (let i = entryAtOrAfter(this.file, from); i < entries.end; i++) {
      const batch = entries.at(i) as RecordBatch;
      if (batch.baseOffset >= to) return;
      visit(batch);
    }
  }
}
