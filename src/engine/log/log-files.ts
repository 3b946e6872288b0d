import { openFile, type DiskFile, type DiskState } from '../sim/disk.ts';
import { NO_EPOCHS, type EpochEntries } from './leader-epoch-cache.ts';
import type { ProducerSnapshot } from './producer-entry.ts';

/** Where things of a partition lie on the disk of its broker. */
const recordsName = (partition: string): string => `log/${partition}/records`;
const snapshotsName = (partition: string): string => `log/${partition}/producer-snapshots`;
const epochsName = (partition: string): string => `log/${partition}/leader-epoch-checkpoint`;
const segmentsName = (partition: string): string => `log/${partition}/segments`;
const cleanShutdownName = (partition: string): string => `log/${partition}/clean-end`;

/** The batches of a partition, oldest first, over all its segments. */
export const recordsFile = (disk: DiskState, partition: string): DiskFile =>
  openFile(disk, recordsName(partition));

const NO_SNAPSHOTS: readonly ProducerSnapshot[] = Object.freeze([]);

/** Oldest first. */
export const readSnapshots = (disk: DiskState, partition: string): readonly ProducerSnapshot[] =>
  (disk.values.get(snapshotsName(partition)) as readonly ProducerSnapshot[] | undefined) ?? NO_SNAPSHOTS;

export function writeSnapshots(
  disk: DiskState,
  partition: string,
  snapshots: readonly ProducerSnapshot[],
): void {
  disk.values.set(snapshotsName(partition), Object.freeze([...snapshots]));
}

export const readEpochs = (disk: DiskState, partition: string): EpochEntries =>
  (disk.values.get(epochsName(partition)) as EpochEntries | undefined) ?? NO_EPOCHS;

export function writeEpochs(disk: DiskState, partition: string, epochs: EpochEntries): void {
  disk.values.set(epochsName(partition), epochs);
}

/** What the directory of a partition shows of a segment: its name and when it was made. Frozen. */
export interface SegmentFile {
  readonly baseOffset: number;
  /** Wall clock, ms since 1970. */
  readonly createdMs: number;
}

const NO_SEGMENTS: readonly SegmentFile[] = Object.freeze([]);

/** Oldest first; empty for a partition that this disk has never held. */
export const readSegmentFiles = (disk: DiskState, partition: string): readonly SegmentFile[] =>
  (disk.values.get(segmentsName(partition)) as readonly SegmentFile[] | undefined) ?? NO_SEGMENTS;

export function writeSegmentFiles(
  disk: DiskState,
  partition: string,
  segments: readonly SegmentFile[],
): void {
  const files = segments.map(({ baseOffset, createdMs }) => Object.freeze({ baseOffset, createdMs }));
  disk.values.set(segmentsName(partition), Object.freeze(files));
}

/** Log end at an orderly stop: it may lie beyond the last batch. Taken away when the log opens. */
export function takeCleanEnd(disk: DiskState, partition: string): number | undefined {
  const end = disk.values.get(cleanShutdownName(partition)) as number | undefined;
  disk.values.delete(cleanShutdownName(partition));
  return end;
}
