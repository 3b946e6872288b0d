import type { BatchView } from '../../api/views/log.ts';
import type { StoredCommitView, TransactionView } from '../../api/views/group.ts';
import { topicPartition } from '../../api/ids.ts';
import { decodeRecord } from '../../coordinator/group/group-record.ts';
import {
  decodeTransaction,
  type TransactionRecord,
} from '../../coordinator/transaction/transaction-record.ts';

/** Only a memo: the same batch is asked for once for each state of its partition's replicas. */
const decoded = new WeakMap<BatchView, readonly TransactionView[]>();

/** What a batch of `__transaction_state` says. */
export function transactionsIn(batch: BatchView): readonly TransactionView[] {
  let views = decoded.get(batch);
  if (views === undefined) {
    const { keys, values } = batch.records;
    views = Object.freeze(
      keys.flatMap((key, i) => {
        const record = decodeTransaction(key ?? '', values[i] ?? null);
        return record === undefined ? [] : [viewOf(record)];
      }),
    );
    decoded.set(batch, views);
  }
  return views;
}

const viewOf = ({ transactionalId, values }: TransactionRecord): TransactionView =>
  Object.freeze({
    transactionalId,
    state: values?.state ?? '',
    producerId: values?.producerId ?? -1,
    producerEpoch: values?.producerEpoch ?? -1,
    timeoutMs: values?.timeoutMs ?? 0,
    partitions: Object.freeze(
      (values?.partitions ?? []).map(({ topic, partition }) => topicPartition(topic, partition)),
    ),
    version: values?.clientTransactionVersion ?? 0,
  });

/** What a batch of `__consumer_offsets` says is committed; a commit that was taken back is left out. */
export function commitsIn({ control, records: { keys, values } }: BatchView): readonly StoredCommitView[] {
  if (control !== undefined) return [];
  return keys.flatMap((key, i) => {
    const record = decodeRecord(key ?? '', values[i] ?? null);
    if (record?.type !== 'OffsetCommit' || record.value === null) return [];
    const { group: groupId, topic, partition, value } = record;
    return [{ groupId, name: topicPartition(topic, partition), offset: value.offset }];
  });
}
