import type { BatchView } from '../api/views/log.ts';
import type { ClusterView } from '../api/cluster-view.ts';
import type { TransactionView } from '../api/views/group.ts';
import type { EndedTransaction, Ghost, PartitionGhost } from './ghost.ts';
import type { Handlers, Scene } from './invariant.ts';

/** The topics of coordinators. */
export const TRANSACTION_STATE = '__transaction_state';
export const CONSUMER_OFFSETS = '__consumer_offsets';

interface Committed {
  readonly partition: PartitionGhost;
  readonly batch: BatchView;
  /** Rules that want to hear of what coordinators store. */
  readonly asked: Handlers<'onTransaction'>;
}

/** Takes down what a committed batch says of transactions. */
export function takeTransactions(scene: Scene, { partition, batch, asked }: Committed): void {
  if (batch.isTransactional) takeTransaction(scene.view, partition, batch);
  if (partition.topic !== TRANSACTION_STATE) return;
  for (const after of scene.view.transactionsIn(batch)) {
    const before = scene.ghost.transactions.byId.get(after.transactionalId);
    for (const invariant of asked) invariant.onTransaction(scene, { before, after });
    takeState(scene.ghost, after);
  }
}

function takeTransaction({ now }: ClusterView, partition: PartitionGhost, batch: BatchView): void {
  const { producerId, producerEpoch: epoch, baseOffset: first, control } = batch;
  const open = partition.open.get(producerId);
  if (control === undefined) {
    if (open === undefined) partition.open.set(producerId, Object.freeze({ epoch, first, since: now }));
    return;
  }
  if (open === undefined) return;
  partition.open.delete(producerId);
  const aborted = control.type === 'ABORT';
  partition.ended.push(Object.freeze({ producerId, first: open.first, last: first, aborted }));
}

/** The transaction that a batch below the last stable offset belongs to. */
export function endOfBatch(
  { ended }: PartitionGhost,
  { producerId, baseOffset }: BatchView,
): EndedTransaction | undefined {
  let low = ended.start;
  let high = ended.end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ended.at(middle).last < baseOffset) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < ended.end; i++) {
    const transaction = ended.at(i);
    if (transaction.producerId === producerId)
      return transaction.first <= baseOffset ? transaction : undefined;
  }
  return undefined;
}

/** Whether the records of a batch count for nothing. */
export const isAborted = (partition: PartitionGhost, batch: BatchView): boolean =>
  batch.isTransactional && endOfBatch(partition, batch)?.aborted === true;

/** First offset of the oldest open transaction of a partition; Infinity if none is open. */
export function firstOpen({ open }: PartitionGhost): number {
  let first = Infinity;
  for (const transaction of open.values()) first = Math.min(first, transaction.first);
  return first;
}

/** Where the oldest transaction begins that no marker below this offset ends; Infinity if there is none. */
export function firstOpenBelow({ open, ended }: PartitionGhost, end: number): number {
  let first = Infinity;
  for (const transaction of open.values()) first = Math.min(first, transaction.first);
  for (let i = ended.end - 1; i >= ended.start && ended.at(i).last >= end; i--)
    first = Math.min(first, ended.at(i).first);
  return first;
}

/** What is below may be read by whoever reads what is committed. */
export const stableEnd = (partition: PartitionGhost): number =>
  Math.min(partition.committedEnd, firstOpen(partition));

const SETTLED: readonly string[] = ['Empty', 'CompleteCommit', 'CompleteAbort'];

/** Whether a stored state says that nothing is open. */
export const isSettled = ({ state }: TransactionView): boolean => SETTLED.includes(state);

function takeState({ transactions }: Ghost, stored: TransactionView): void {
  const { transactionalId, producerId, producerEpoch } = stored;
  transactions.byId.set(transactionalId, stored);
  if (producerId < 0) return;
  transactions.byProducer.set(producerId, stored);
  if (isSettled(stored)) transactions.settledEpochs.set(producerId, producerEpoch);
}
