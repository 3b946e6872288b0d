import { lastOffset, lastSequence, NO_SEQUENCE, type RecordBatch } from '../protocol/record-batch.ts';

/** Batches of one producer that are remembered to recognise a retry (`ProducerStateEntry.NUM_BATCHES_TO_RETAIN`). */
const BATCHES_REMEMBERED = 5;
const MAX_SEQUENCE = 0x7fffffff;

export const NO_COORDINATOR_EPOCH = -1;
export const NO_TIMESTAMP = -1;

/** What is remembered of a batch that a producer appended. Frozen. */
export interface BatchMetadata {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** The batch's largest timestamp, ms since 1970. */
  readonly timestamp: number;
}

/** What a partition knows of one producer (`ProducerStateEntry`). */
export interface ProducerEntry {
  readonly producerId: number;
  producerEpoch: number;
  coordinatorEpoch: number;
  /** Of the newest batch or marker, ms since 1970; −1 for none. */
  lastTimestamp: number;
  /** First offset of its open transaction. */
  currentTxnFirstOffset: number | null;
  /** Oldest first. */
  batches: BatchMetadata[];
}

export const newProducerEntry = (producerId: number, producerEpoch: number): ProducerEntry => ({
  producerId,
  producerEpoch,
  coordinatorEpoch: NO_COORDINATOR_EPOCH,
  lastTimestamp: NO_TIMESTAMP,
  currentTxnFirstOffset: null,
  batches: [],
});

/** The remembered batch with exactly this epoch and range of sequences. */
export function findDuplicate(entry: ProducerEntry, batch: RecordBatch): BatchMetadata | undefined {
  if (batch.producerEpoch !== entry.producerEpoch) return undefined;
  const last = lastSequence(batch);
  return entry.batches.find(
    (known) => known.firstSequence === batch.baseSequence && known.lastSequence === last,
  );
}

/** A sequence is the next one, and 0 follows the largest. */
export const isInSequence = (last: number, next: number): boolean =>
  next === last + 1 || (next === 0 && last === MAX_SEQUENCE);

export const lastSequenceOf = (entry: ProducerEntry): number =>
  entry.batches.at(-1)?.lastSequence ?? NO_SEQUENCE;

/** Another epoch begins a new sequence, so the remembered batches mean nothing any more. */
export function setProducerEpoch(entry: ProducerEntry, epoch: number): void {
  if (entry.producerEpoch === epoch) return;
  entry.producerEpoch = epoch;
  entry.batches = [];
}

export function addBatch(entry: ProducerEntry, batch: RecordBatch): void {
  setProducerEpoch(entry, batch.producerEpoch);
  if (entry.batches.length === BATCHES_REMEMBERED) entry.batches.shift();
  entry.batches.push(metadataOf(batch));
  entry.lastTimestamp = batch.maxTimestamp;
}

const metadataOf = (batch: RecordBatch): BatchMetadata =>
  Object.freeze({
    firstSequence: batch.baseSequence,
    lastSequence: lastSequence(batch),
    firstOffset: batch.baseOffset,
    lastOffset: lastOffset(batch),
    timestamp: batch.maxTimestamp,
  });

/** All producers of a partition up to an offset, as written to disk. Frozen. */
export interface ProducerSnapshot {
  /** The first offset that it does not know of. */
  readonly offset: number;
  readonly producers: readonly ProducerEntry[];
}

/** What a snapshot keeps of a producer: of its batches only the newest, under the producer's own timestamp. Frozen. */
export function snapshotOf(entry: ProducerEntry): ProducerEntry {
  const newest = entry.batches.slice(-1);
  const batches = newest.map((batch) => Object.freeze({ ...batch, timestamp: entry.lastTimestamp }));
  return Object.freeze({ ...entry, batches: Object.freeze(batches) as BatchMetadata[] });
}

/** A live entry again. */
export const fromSnapshot = (entry: ProducerEntry): ProducerEntry => ({
  ...entry,
  batches: [...entry.batches],
});
