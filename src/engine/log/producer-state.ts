import type { DiskState } from '../sim/disk.ts';
import { writeSnapshots, readSnapshots } from './log-files.ts';
import { fromSnapshot, snapshotOf, type ProducerEntry, type ProducerSnapshot } from './producer-entry.ts';

/** An open transaction of a partition. */
export interface OngoingTxn {
  readonly producerId: number;
  readonly firstOffset: number;
}

/** A transaction whose marker is in the log, but perhaps not yet below the high watermark. */
export interface CompletedTxn extends OngoingTxn {
  /** Offset of its marker. */
  readonly lastOffset: number;
  readonly isAborted: boolean;
}

/** A producer that waits for the transaction coordinator to confirm its transaction (KIP-890). */
export interface VerificationEntry {
  readonly producerId: number;
  producerEpoch: number;
  lowestSequence: number;
  readonly supportsEpochBump: boolean;
  /** Tells this verification from an earlier one of the same producer (`VerificationGuard`). */
  readonly guard: number;
  /** Wall clock when it began, ms since 1970. */
  readonly timestamp: number;
}

/** What a partition knows of its producers (`ProducerStateManager`). Snapshots of it lie on the node's disk. */
export interface ProducerState {
  /** Names its snapshots on disk. */
  readonly partition: string;
  readonly producers: Map<number, ProducerEntry>;
  readonly verifications: Map<number, VerificationEntry>;
  nextGuard: number;
  /** By first offset. */
  ongoing: OngoingTxn[];
  /** By first offset. */
  unreplicated: CompletedTxn[];
  /** First offset that is not yet taken into account. */
  mapEnd: number;
  lastSnapshotOffset: number;
  /** ms */
  expirationMs: number;
}

/** Default of producer.id.expiration.ms: one day. */
export const PRODUCER_ID_EXPIRATION_MS = 86_400_000;
/** A transaction is late when it is open for longer than its longest timeout and this, in ms. */
const LATE_TRANSACTION_BUFFER_MS = 300_000;

export const newProducerState = (
  partition: string,
  expirationMs = PRODUCER_ID_EXPIRATION_MS,
): ProducerState => ({
  partition,
  producers: new Map(),
  verifications: new Map(),
  nextGuard: 1,
  ongoing: [],
  unreplicated: [],
  mapEnd: 0,
  lastSnapshotOffset: 0,
  expirationMs,
});

/** First offset of the oldest transaction that has no marker yet. */
export const firstUndecidedOffset = (state: ProducerState): number | null =>
  state.ongoing[0]?.firstOffset ?? null;

/** First offset that a read_committed consumer must not see yet. */
export function firstUnstableOffset(state: ProducerState): number | null {
  const undecided = firstUndecidedOffset(state);
  const unreplicated = state.unreplicated[0]?.firstOffset ?? null;
  if (undecided === null || unreplicated === null) return undecided ?? unreplicated;
  return Math.min(undecided, unreplicated);
}

const insertByFirstOffset = <T extends OngoingTxn>(list: readonly T[], txn: T): T[] =>
  [...list.filter((other) => other.firstOffset !== txn.firstOffset), txn].sort(
    (a, b) => a.firstOffset - b.firstOffset,
  );

export function beginTxn(state: ProducerState, entry: ProducerEntry, firstOffset: number): void {
  entry.currentTxnFirstOffset = firstOffset;
  state.ongoing = insertByFirstOffset(state.ongoing, { producerId: entry.producerId, firstOffset });
}

/** The last stable offset that holds once `completed` is done; transactions of others may still be open. */
export function lastStableOffsetAfter(state: ProducerState, completed: CompletedTxn): number {
  const other = state.ongoing.find((txn) => txn.producerId !== completed.producerId);
  return other?.firstOffset ?? completed.lastOffset + 1;
}

export function completeTxn(state: ProducerState, completed: CompletedTxn): void {
  state.ongoing = state.ongoing.filter((txn) => txn.firstOffset !== completed.firstOffset);
  state.unreplicated = insertByFirstOffset(state.unreplicated, completed);
}

/** Forgets completed transactions whose marker is below the offset: they are replicated, or deleted. */
export function forgetReplicatedTxns(state: ProducerState, offset: number): void {
  if (state.unreplicated.some((txn) => txn.lastOffset < offset))
    state.unreplicated = state.unreplicated.filter((txn) => txn.lastOffset >= offset);
}

const isExpired = (state: ProducerState, entry: ProducerEntry, nowMs: number): boolean =>
  entry.currentTxnFirstOffset === null && nowMs - entry.lastTimestamp >= state.expirationMs;

/** Drops producers and verifications that were silent for producer.id.expiration.ms. */
export function expireProducers(state: ProducerState, nowMs: number): void {
  for (const [id, entry] of state.producers) if (isExpired(state, entry, nowMs)) state.producers.delete(id);
  for (const [id, entry] of state.verifications)
    if (nowMs - entry.timestamp >= state.expirationMs) state.verifications.delete(id);
}

/** Whether some transaction has been open for longer than any may be. */
export function hasLateTransaction(state: ProducerState, nowMs: number, maxTimeoutMs: number): boolean {
  const oldest = state.ongoing[0];
  const entry = oldest === undefined ? undefined : state.producers.get(oldest.producerId);
  if (entry === undefined || entry.lastTimestamp <= 0) return false;
  return nowMs - entry.lastTimestamp > maxTimeoutMs + LATE_TRANSACTION_BUFFER_MS;
}

/** Writes all producers to disk, unless nothing was appended since the last time. Returns whether it wrote. */
export function takeSnapshot(state: ProducerState, disk: DiskState): boolean {
  if (state.mapEnd <= state.lastSnapshotOffset) return false;
  const snapshots = readSnapshots(disk, state.partition).filter(({ offset }) => offset !== state.mapEnd);
  const producers = Object.freeze([...state.producers.values()].map(snapshotOf));
  const snapshot = Object.freeze({ offset: state.mapEnd, producers });
  writeSnapshots(
    disk,
    state.partition,
    [...snapshots, snapshot].sort((a, b) => a.offset - b.offset),
  );
  state.lastSnapshotOffset = state.mapEnd;
  return true;
}

export function keepSnapshots(
  state: ProducerState,
  disk: DiskState,
  keep: (snapshot: ProducerSnapshot) => boolean,
): void {
  const snapshots = readSnapshots(disk, state.partition);
  if (!snapshots.every(keep)) writeSnapshots(disk, state.partition, snapshots.filter(keep));
}

export interface LogBounds {
  readonly logStart: number;
  readonly logEnd: number;
}

/**
 * The log was cut or opened: goes back to the newest snapshot inside its bounds. What lies beyond `mapEnd` afterwards
 * has to be taken into account anew.
 */
export function truncateAndReload(
  state: ProducerState,
  disk: DiskState,
  { logStart, logEnd }: LogBounds,
  nowMs: number,
): void {
  keepSnapshots(state, disk, ({ offset }) => offset > logStart && offset <= logEnd);
  if (logEnd === state.mapEnd) {
    advanceLogStart(state, disk, logStart);
    return;
  }
  forgetAll(state);
  const snapshot = readSnapshots(disk, state.partition).at(-1);
  state.mapEnd = snapshot?.offset ?? logStart;
  state.lastSnapshotOffset = state.mapEnd;
  for (const kept of snapshot?.producers ?? []) {
    if (isExpired(state, kept, nowMs)) continue;
    const entry = fromSnapshot(kept);
    state.producers.set(entry.producerId, entry);
    if (entry.currentTxnFirstOffset !== null) beginTxn(state, entry, entry.currentTxnFirstOffset);
  }
}

function forgetAll(state: ProducerState): void {
  state.producers.clear();
  state.ongoing = [];
  state.unreplicated = [];
}

/** The log is empty and begins at `offset`. */
export function truncateProducersFully(state: ProducerState, disk: DiskState, offset: number): void {
  forgetAll(state);
  writeSnapshots(disk, state.partition, []);
  state.lastSnapshotOffset = 0;
  state.mapEnd = offset;
}

/** Records below `logStart` are gone. */
export function advanceLogStart(state: ProducerState, disk: DiskState, logStart: number): void {
  forgetReplicatedTxns(state, logStart);
  state.mapEnd = Math.max(state.mapEnd, logStart);
  state.lastSnapshotOffset = readSnapshots(disk, state.partition).at(-1)?.offset ?? logStart;
}
