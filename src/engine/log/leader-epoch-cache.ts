import { assert } from '../base/assert.ts';

/** From which offset on the records of a leader epoch stand. Frozen. */
export interface EpochEntry {
  readonly epoch: number;
  readonly startOffset: number;
}

/**
 * Which leader wrote which part of a log (`LeaderEpochFileCache`, KIP-101): both columns strictly increase. Immutable,
 * so the copy on disk and the one in memory are the same object; every function returns the cache after the change, and
 * the same object if nothing changed.
 */
export type EpochEntries = readonly EpochEntry[];

export const UNDEFINED_EPOCH = -1;
export const UNDEFINED_OFFSET = -1;

export const NO_EPOCHS: EpochEntries = Object.freeze([]);

export interface EpochEndOffset {
  /** −1: undefined. */
  readonly epoch: number;
  readonly endOffset: number;
}

const UNDEFINED: EpochEndOffset = Object.freeze({ epoch: UNDEFINED_EPOCH, endOffset: UNDEFINED_OFFSET });

/** Entries of a newer epoch or a higher offset contradict the new one and go. Throws on a negative epoch or offset. */
export function assignEpoch(entries: EpochEntries, epoch: number, startOffset: number): EpochEntries {
  assert(epoch >= 0, 'a leader epoch is not negative', { epoch });
  assert(startOffset >= 0, 'a start offset is not negative', { startOffset });
  const latest = entries.at(-1);
  if (latest !== undefined && latest.epoch === epoch && startOffset >= latest.startOffset) return entries;
  let keep = entries.length;
  while (keep > 0 && contradicts(entries[keep - 1], epoch, startOffset)) keep -= 1;
  return Object.freeze([...entries.slice(0, keep), Object.freeze({ epoch, startOffset })]);
}

const contradicts = (entry: EpochEntry | undefined, epoch: number, startOffset: number): boolean =>
  entry !== undefined && (entry.epoch >= epoch || entry.startOffset >= startOffset);

/** −1 when no leader is known to have written. */
export const latestEpoch = (entries: EpochEntries): number =>
  entries[entries.length - 1]?.epoch ?? UNDEFINED_EPOCH;

/**
 * Where the records of `epoch`, or else of the nearest older epoch known, end; the log ends at `logEndOffset`. Undefined
 * when the epoch is newer than all known.
 */
export function endOffsetFor(entries: EpochEntries, epoch: number, logEndOffset: number): EpochEndOffset {
  const latest = entries.at(-1);
  if (epoch === UNDEFINED_EPOCH || latest === undefined) return UNDEFINED;
  if (epoch === latest.epoch) return { epoch, endOffset: logEndOffset };
  const higher = entries.findIndex((entry) => entry.epoch > epoch);
  const next = entries[higher];
  if (next === undefined) return UNDEFINED;
  const floor = entries[higher - 1];
  return { epoch: floor?.epoch ?? epoch, endOffset: next.startOffset };
}

/** The log ends at `endOffset` now. */
export function truncateEpochsFromEnd(entries: EpochEntries, endOffset: number): EpochEntries {
  let keep = entries.length;
  while (keep > 0 && (entries[keep - 1]?.startOffset ?? 0) >= endOffset) keep -= 1;
  if (endOffset < 0 || keep === entries.length) return entries;
  return Object.freeze(entries.slice(0, keep));
}

/** The log begins at `startOffset` now: the epoch that goes on there begins there. */
export function truncateEpochsFromStart(entries: EpochEntries, startOffset: number): EpochEntries {
  const dropped = entries.filter((entry) => entry.startOffset <= startOffset);
  const last = dropped.at(-1);
  if (startOffset < 0 || last === undefined) return entries;
  if (dropped.length === 1 && last.startOffset === startOffset) return entries;
  return Object.freeze([Object.freeze({ epoch: last.epoch, startOffset }), ...entries.slice(dropped.length)]);
}

/** The epoch whose leader wrote this offset, or undefined below the first entry. */
export function epochForOffset(entries: EpochEntries, offset: number): number | undefined {
  for (let i = entries.length - 1; i >= 0; i--) {
    const entry = entries[i];
    if (entry !== undefined && entry.startOffset <= offset) return entry.epoch;
  }
  return undefined;
}

export const previousEpoch = (entries: EpochEntries, epoch: number): number | undefined =>
  entries.findLast((entry) => entry.epoch < epoch)?.epoch;

export const nextEpoch = (entries: EpochEntries, epoch: number): number | undefined =>
  entries.find((entry) => entry.epoch > epoch)?.epoch;

/** What the cache of a log that held only offsets from `start` to before `end` would be. */
export const epochsInRange = (entries: EpochEntries, start: number, end: number): EpochEntries =>
  truncateEpochsFromEnd(truncateEpochsFromStart(entries, start), end);
