import { lastOffset, type RecordBatch } from '../../protocol/record-batch.ts';
import type { PartitionLog } from '../partition-log.ts';
import type { AbortedTxn } from '../producer-append.ts';

interface OngoingAborted {
  readonly txn: AbortedTxn;
  /** A batch of it was met, if only an empty one. */
  hasBatch: boolean;
}

/**
 * Transactions as a pass through a log meets them (`CleanedTransactionMetadata`): a marker may go only when nothing of
 * its transaction is left before it.
 */
export interface CleanedTransactions {
  /** Aborted ones that the pass has not reached, by first offset. */
  waiting: AbortedTxn[];
  readonly ongoingAborted: Map<number, OngoingAborted>;
  readonly ongoingCommitted: Set<number>;
  /** Aborted ones of which something is left: readers have to know them. */
  readonly kept: AbortedTxn[];
}

/** For a pass through the log from `start` to before `end`. */
export const newCleanedTransactions = (
  log: PartitionLog,
  start: number,
  end: number,
): CleanedTransactions => ({
  waiting: log.aborted
    .filter((txn) => txn.lastOffset >= start && txn.firstOffset < end)
    .sort((a, b) => a.firstOffset - b.firstOffset),
  ongoingAborted: new Map(),
  ongoingCommitted: new Set(),
  kept: [],
});

/** Takes the next batch of the log into account. Returns whether it may be discarded. */
export function meetBatch(transactions: CleanedTransactions, batch: RecordBatch): boolean {
  beginUpTo(transactions, lastOffset(batch));
  return batch.control === undefined ? meetData(transactions, batch) : meetMarker(transactions, batch);
}

function beginUpTo(transactions: CleanedTransactions, offset: number): void {
  const { ongoingAborted } = transactions;
  for (let txn = transactions.waiting[0]; txn !== undefined; txn = transactions.waiting[0]) {
    if (txn.firstOffset > offset) return;
    transactions.waiting = transactions.waiting.slice(1);
    if (!ongoingAborted.has(txn.producerId)) ongoingAborted.set(txn.producerId, { txn, hasBatch: false });
  }
}

/** Data of an aborted transaction goes. */
function meetData(transactions: CleanedTransactions, { isTransactional, producerId }: RecordBatch): boolean {
  if (!isTransactional) return false;
  const aborted = transactions.ongoingAborted.get(producerId);
  if (aborted === undefined) transactions.ongoingCommitted.add(producerId);
  else aborted.hasBatch = true;
  return aborted !== undefined;
}

function meetMarker(
  transactions: CleanedTransactions,
  { control, producerId, records }: RecordBatch,
): boolean {
  if (records.count === 0) return true;
  if (control?.type === 'COMMIT') return !transactions.ongoingCommitted.delete(producerId);
  const aborted = transactions.ongoingAborted.get(producerId);
  transactions.ongoingAborted.delete(producerId);
  if (aborted === undefined || !aborted.hasBatch) return true;
  transactions.kept.push(aborted.txn);
  return false;
}
