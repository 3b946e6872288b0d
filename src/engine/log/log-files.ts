import { namesBy } from '../base/names.ts';
import { openFile, type DiskFile, type DiskState } from '../sim/disk.ts';
import { NO_EPOCHS, type EpochEntries } from './leader-epoch-cache.ts';
import type { AbortedTxn } from './producer-append.ts';
import type { ProducerSnapshot } from './producer-entry.ts';

/** Where things of a partition lie on the disk of its broker. */
export const recordsName = namesBy((partition: string) => `log/${partition}/records`);
const snapshotsName = namesBy((partition: string) => `log/${partition}/producer-snapshots`);
const epochsName = namesBy((partition: string) => `log/${partition}/leader-epoch-checkpoint`);
const segmentsName = namesBy((partition: string) => `log/${partition}/segments`);
const abortedName = namesBy((partition: string) => `log/${partition}/transaction-index`);
const cleanerName = namesBy((partition: string) => `log/${partition}/cleaner-offset-checkpoint`);

/** The batches of a partition, oldest first, over all its segments. */
export const recordsFile = (disk: DiskState, partition: string): DiskFile =>
  openFile(disk, recordsName(partition));

/** The same for a reader that must not make the file. */
export const recordsIfAny = (disk: DiskState, partition: string): DiskFile | undefined =>
  disk.files.get(recordsName(partition));

/** The same without making it, for whoever may only look. */
export const findRecordsFile = (disk: DiskState, partition: string): DiskFile | undefined =>
  disk.files.get(recordsName(partition));

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

const NONE_ABORTED: readonly AbortedTxn[] = Object.freeze([]);

/** Aborted transactions, as far as a process wrote them down; by the offset of their markers. */
export const readAborted = (disk: DiskState, partition: string): readonly AbortedTxn[] =>
  (disk.values.get(abortedName(partition)) as readonly AbortedTxn[] | undefined) ?? NONE_ABORTED;

export function writeAborted(disk: DiskState, partition: string, aborted: readonly AbortedTxn[]): void {
  disk.values.set(abortedName(partition), aborted);
}

const NO_SEGMENTS: readonly number[] = Object.freeze([]);

/** Base offsets of the segments, oldest first; empty for a partition that this disk has never held. */
export const readSegmentBases = (disk: DiskState, partition: string): readonly number[] =>
  (disk.values.get(segmentsName(partition)) as readonly number[] | undefined) ?? NO_SEGMENTS;

export function writeSegmentBases(disk: DiskState, partition: string, bases: readonly number[]): void {
  disk.values.set(segmentsName(partition), Object.freeze([...bases]));
}

/** Offset up to which the cleaner has cleaned; undefined before its first pass. */
export const readCleanerCheckpoint = (disk: DiskState, partition: string): number | undefined =>
  disk.values.get(cleanerName(partition)) as number | undefined;

export function writeCleanerCheckpoint(disk: DiskState, partition: string, offset: number): void {
  disk.values.set(cleanerName(partition), offset);
}

/** The log was cut there: what comes after is dirty. */
export function forgetCleanedBeyond(disk: DiskState, partition: string, offset: number): void {
  if ((readCleanerCheckpoint(disk, partition) ?? 0) > offset) writeCleanerCheckpoint(disk, partition, offset);
}

/** Forgets everything of a partition. */
export function removeFiles(disk: DiskState, partition: string): void {
  disk.files.delete(recordsName(partition));
  for (const nameOf of [snapshotsName, epochsName, segmentsName, cleanerName, abortedName])
    disk.values.delete(nameOf(partition));
}
