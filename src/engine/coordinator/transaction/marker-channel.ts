import { millis, type SimDuration } from '../../base/time.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type {
  WriteTxnMarkersRequestMarker,
  WriteTxnMarkersResponse,
} from '../../protocol/write-txn-markers.ts';
import type { Completion, Coordination, MarkerEntry, TransactionShard } from './coordinator-state.ts';
import { byTopic } from './by-topic.ts';
import { TRANSACTION_TIMER_PREFIX, type TransactionTimer } from './transaction-host.ts';
import {
  without,
  type TransactionMetadata,
  type TxnPartition,
  type TxnValues,
} from './transaction-metadata.ts';

/** Between attempts, as between connections to a broker (`reconnect.backoff.ms`). */
const RETRY: SimDuration = millis(50);

/** Sends a prepared transaction's markers to all its partitions; when they are written it is complete. */
export function sendMarkers(
  coordination: Coordination,
  { partition, coordinatorEpoch }: TransactionShard,
  { transactionalId, values }: TransactionMetadata,
  next: TxnValues,
): void {
  const place = { shard: partition, coordinatorEpoch };
  const completion = Object.freeze({ ...place, transactionalId, next });
  coordination.coordinator.markers.completions.set(transactionalId, completion);
  enqueue(coordination, {
    ...place,
    transactionalId,
    producerId: values.producerId,
    producerEpoch: values.producerEpoch,
    commit: values.state === 'PrepareCommit',
    transactionVersion: values.clientTransactionVersion,
    partitions: values.partitions,
  });
  maybeComplete(coordination, transactionalId);
}

/** Sorts the partitions of an entry by the brokers that lead them now. Partitions that are gone need no marker. */
function enqueue(coordination: Coordination, entry: MarkerEntry): void {
  const { coordinator, host } = coordination;
  const byLeader = new Map<number, TxnPartition[]>();
  const gone: TxnPartition[] = [];
  for (const partition of entry.partitions) {
    const leader = host.leaderOf(partition.topic, partition.partition);
    if (leader === undefined) gone.push(partition);
    else byLeader.set(leader, [...(byLeader.get(leader) ?? []), partition]);
  }
  if (gone.length > 0) removePartitions(coordination, entry.transactionalId, gone);
  for (const [leader, partitions] of byLeader) {
    const part = Object.freeze({ ...entry, partitions: Object.freeze(partitions) });
    const { queues } = coordinator.markers;
    if (leader < 0) retryLater(coordination, [part]);
    else queues.set(leader, [...(queues.get(leader) ?? []), part]);
    flush(coordination, leader);
  }
}

/** All that waits for a broker goes in one request, while none is under way to it. */
function flush({ coordinator, host }: Coordination, brokerId: number): void {
  const { queues, inFlight } = coordinator.markers;
  const entries = queues.get(brokerId);
  if (entries === undefined || inFlight.has(brokerId)) return;
  queues.delete(brokerId);
  inFlight.set(brokerId, entries);
  host.sendMarkers(brokerId, entries.map(markerOf));
}

const markerOf = (entry: MarkerEntry): WriteTxnMarkersRequestMarker => ({
  producerId: entry.producerId,
  producerEpoch: entry.producerEpoch,
  transactionResult: entry.commit,
  topics: byTopic(entry.partitions).map(({ name, partitions }) => ({ name, partitionIndexes: partitions })),
  coordinatorEpoch: entry.coordinatorEpoch,
  transactionVersion: entry.transactionVersion,
});

/** A broker answered, or did not (undefined): what it has not written is tried again where it is led then. */
export function onMarkersAnswered(
  coordination: Coordination,
  brokerId: number,
  response: WriteTxnMarkersResponse | undefined,
): void {
  const { inFlight } = coordination.coordinator.markers;
  const entries = inFlight.get(brokerId) ?? [];
  inFlight.delete(brokerId);
  if (response === undefined) retryLater(coordination, entries);
  else for (const entry of entries) settle(coordination, entry, errorsOf(response, entry.producerId));
  flush(coordination, brokerId);
}

type PartitionErrors = (partition: TxnPartition) => number;

const errorsOf =
  ({ markers }: WriteTxnMarkersResponse, producerId: number): PartitionErrors =>
  ({ topic, partition }) =>
    markers
      .find((marker) => marker.producerId === producerId)
      ?.topics.find(({ name }) => name === topic)
      ?.partitions.find(({ partitionIndex }) => partitionIndex === partition)?.errorCode ??
    ERROR_CODES.UNKNOWN_SERVER_ERROR;

/** Errors that say that another coordinator has taken the transaction over. */
const isFenced = (errorCode: number): boolean =>
  errorCode === ERROR_CODES.INVALID_PRODUCER_EPOCH ||
  errorCode === ERROR_CODES.TRANSACTION_COORDINATOR_FENCED;

/** Whether the markers of this entry are still waited for. */
const isWanted = (coordination: Coordination, entry: MarkerEntry): boolean =>
  isCurrent(coordination, entry) && coordination.coordinator.markers.completions.has(entry.transactionalId);

function settle(coordination: Coordination, entry: MarkerEntry, errorOf: PartitionErrors): void {
  const { transactionalId, partitions } = entry;
  if (!isWanted(coordination, entry)) return;
  if (partitions.some((partition) => isFenced(errorOf(partition)))) {
    coordination.coordinator.markers.completions.delete(transactionalId);
    return;
  }
  const refused = partitions.filter((partition) => errorOf(partition) !== NONE);
  removePartitions(coordination, transactionalId, without(partitions, refused));
  if (refused.length > 0) retryLater(coordination, [Object.freeze({ ...entry, partitions: refused })]);
  else maybeComplete(coordination, transactionalId);
}

/** Whether this broker still coordinates the transaction as it did when this was made. */
export const isCurrent = (
  { coordinator }: Coordination,
  { shard, coordinatorEpoch }: MarkerEntry | Completion,
): boolean => coordinator.shards.get(shard)?.coordinatorEpoch === coordinatorEpoch;

function transactionOf(
  { coordinator }: Coordination,
  transactionalId: string,
): TransactionMetadata | undefined {
  const completion = coordinator.markers.completions.get(transactionalId);
  return completion === undefined
    ? undefined
    : coordinator.shards.get(completion.shard)?.transactions.get(transactionalId);
}

function removePartitions(
  coordination: Coordination,
  transactionalId: string,
  done: readonly TxnPartition[],
): void {
  const txn = transactionOf(coordination, transactionalId);
  if (txn === undefined) return;
  txn.values = Object.freeze({ ...txn.values, partitions: without(txn.values.partitions, done) });
}

/** The end of a transaction that has all its markers is to be written. */
function maybeComplete(coordination: Coordination, transactionalId: string): void {
  const { completions, ready } = coordination.coordinator.markers;
  const completion = completions.get(transactionalId);
  const txn = transactionOf(coordination, transactionalId);
  if (completion === undefined || txn === undefined || txn.values.partitions.length > 0) return;
  completions.delete(transactionalId);
  ready.push(completion);
}

/** The end of a transaction could not be written now. */
export function retryCompletion(coordination: Coordination, completion: Completion): void {
  armRetry(coordination);
  coordination.coordinator.markers.unwritten.push(completion);
}

function retryLater(coordination: Coordination, entries: readonly MarkerEntry[]): void {
  if (entries.length === 0) return;
  armRetry(coordination);
  coordination.coordinator.markers.unsent.push(...entries);
}

/** Sets the timer, unless something waits for it already. */
function armRetry({ coordinator, host }: Coordination): void {
  const { unsent, unwritten } = coordinator.markers;
  if (unsent.length > 0 || unwritten.length > 0) return;
  const timer: TransactionTimer = Object.freeze({ kind: 'marker-retry' });
  host.setTimer(`${TRANSACTION_TIMER_PREFIX}markers`, RETRY, timer);
}

export function retryMarkers(coordination: Coordination): void {
  const { markers } = coordination.coordinator;
  const { unsent } = markers;
  markers.ready.push(...markers.unwritten);
  markers.unsent = [];
  markers.unwritten = [];
  for (const entry of unsent) {
    if (!isWanted(coordination, entry)) continue;
    enqueue(coordination, entry);
    maybeComplete(coordination, entry.transactionalId);
  }
}

/** This broker does not coordinate these transactions any more: another will send their markers. */
export function dropMarkers({ coordinator }: Coordination, shard: number): void {
  const { completions, queues } = coordinator.markers;
  for (const [id, completion] of completions) if (completion.shard === shard) completions.delete(id);
  for (const [brokerId, entries] of queues) {
    const left = entries.filter((entry) => entry.shard !== shard);
    if (left.length > 0) queues.set(brokerId, left);
    else queues.delete(brokerId);
  }
}
