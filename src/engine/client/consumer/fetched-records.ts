import { nextOffset, offsetAt, type RecordBatch } from '../../protocol/record-batch.ts';
import type { Consumer, RecordSlice } from './consumer-state.ts';
import type { FetchedPartition } from './fetcher-state.ts';
import { advancePosition, isFetchable, type AssignedPartition } from './subscription-state.ts';

/** Records of partitions that are not the consumer's any more, or that it left by a seek, are thrown away. */
export function dropRevokedRecords(consumer: Consumer): void {
  const { fetcher, subscriptions } = consumer;
  fetcher.buffered = fetcher.buffered.filter(({ name, nextOffset: expected }) => {
    const partition = subscriptions.assigned.get(name);
    return partition !== undefined && partition.position?.offset === expected;
  });
}

const readable = (consumer: Consumer, fetched: FetchedPartition): AssignedPartition | undefined => {
  const partition = consumer.subscriptions.assigned.get(fetched.name);
  return partition !== undefined && isFetchable(consumer.subscriptions, partition) ? partition : undefined;
};

/** Whether poll() would return something. Paused partitions keep their records, but do not count. */
export const hasRecords = (consumer: Consumer): boolean =>
  consumer.fetcher.buffered.some((fetched) => readable(consumer, fetched) !== undefined);

/**
 * Takes at most `limit` records out of the buffer, oldest fetch first, and moves the positions on
 * (`FetchCollector.collectFetch`). The records themselves are not touched: a slice names a part of a batch.
 */
export function takeRecords(consumer: Consumer, limit: number): RecordSlice[] {
  dropRevokedRecords(consumer);
  const slices: RecordSlice[] = [];
  const kept: FetchedPartition[] = [];
  let left = limit;
  for (const fetched of consumer.fetcher.buffered) {
    const partition = readable(consumer, fetched);
    if (partition !== undefined && left > 0) left -= takeFrom(consumer, partition, { fetched, left, slices });
    if (fetched.batchIndex < fetched.batches.length) kept.push(fetched);
  }
  consumer.fetcher.buffered = kept;
  return slices;
}

interface Taking {
  readonly fetched: FetchedPartition;
  readonly left: number;
  readonly slices: RecordSlice[];
}

/** Returns the number of records taken. */
function takeFrom(
  consumer: Consumer,
  partition: AssignedPartition,
  { fetched, left, slices }: Taking,
): number {
  const { name, topic, partition: number } = fetched;
  const committedOnly = consumer.config['isolation.level'] === 'read_committed';
  let taken = 0;
  let epoch = partition.position?.offsetEpoch ?? -1;
  while (fetched.batchIndex < fetched.batches.length && taken < left) {
    const batch = fetched.batches[fetched.batchIndex] as RecordBatch;
    const skip = (committedOnly && isAborted(fetched, batch)) || batch.control !== undefined;
    const from = fetched.recordIndex;
    const to = skip ? from : Math.min(batch.records.count, from + left - taken);
    if (to > from) slices.push({ topic, partition: number, name, batch, from, to });
    taken += to - from;
    epoch = batch.partitionLeaderEpoch;
    leaveAt(fetched, batch, skip ? batch.records.count : to);
  }
  const { leader = -1, leaderEpoch = -1 } = partition.position ?? {};
  advancePosition(partition, { offset: fetched.nextOffset, offsetEpoch: epoch, leader, leaderEpoch });
  return taken;
}

function leaveAt(fetched: FetchedPartition, batch: RecordBatch, index: number): void {
  const done = index >= batch.records.count;
  fetched.recordIndex = done ? 0 : index;
  fetched.nextOffset = done ? nextOffset(batch) : offsetAt(batch, index);
  if (done) fetched.batchIndex += 1;
}

/** For read_committed: keeps track of the aborted transactions that reach into this batch (`CompletedFetch`). */
function isAborted(fetched: FetchedPartition, batch: RecordBatch): boolean {
  const { aborted, abortedIds } = fetched;
  while (aborted[0] !== undefined && aborted[0].firstOffset < nextOffset(batch))
    abortedIds.add(aborted.shift()?.producerId ?? -1);
  // The marker itself ends what is to be left out: the producer's next transaction may be committed.
  if (batch.control?.type === 'ABORT' && batch.records.count > 0) abortedIds.delete(batch.producerId);
  return batch.isTransactional && abortedIds.has(batch.producerId);
}
