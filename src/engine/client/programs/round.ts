import { offsetAt } from '../../protocol/record-batch.ts';
import { consumerSeek } from '../consumer/consumer.ts';
import type { Consumer, RecordSlice } from '../consumer/consumer-state.ts';
import type { TxnOffsets } from '../producer/transactions.ts';

/** Where to go on, per partition, after a round of poll(): behind the last record of each. */
export function offsetsAfter(slices: readonly RecordSlice[]): TxnOffsets[] {
  const topics = new Map<string, Map<number, number>>();
  for (const { topic, partition, batch, to } of slices) {
    const partitions = topics.get(topic) ?? new Map<number, number>();
    topics.set(topic, partitions.set(partition, offsetAt(batch, to - 1) + 1));
  }
  return [...topics].map(([topic, partitions]) => ({
    topic,
    partitions: [...partitions].map(([partitionIndex, committedOffset]) => ({
      partitionIndex,
      committedOffset,
      committedLeaderEpoch: -1,
      committedMetadata: '',
    })),
  }));
}

/** What did not count is read again, as far as it is still this member's to read. */
export function rewind(consumer: Consumer, slices: readonly RecordSlice[]): void {
  for (const { name, batch, from } of [...slices].reverse())
    if (consumer.subscriptions.assigned.has(name)) consumerSeek(consumer, name, offsetAt(batch, from));
}
