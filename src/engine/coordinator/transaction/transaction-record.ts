import { assert, ensure } from '../../base/assert.ts';
import { int32ToBytes, int64ToBytes, type Bytes } from '../../base/bytes.ts';
import { NO_PRODUCER_EPOCH, NO_PRODUCER_ID, type SimpleRecord } from '../../protocol/record-batch.ts';
import { int16, RecordReader, string } from '../group/record-bytes.ts';
import type { TxnPartition, TxnValues } from './transaction-metadata.ts';
import { stateFromId, stateId } from './transaction-state.ts';

/*
 * What `__transaction_state` keeps (`TransactionLogKey`, `TransactionLogValue`). Version 0 of the value knows nothing of
 * the protocol's version 2. Simplification: version 1 has its further fields at the end, not as tagged fields.
 */

const KEY_VERSION = 0;

/** Which version of the value is written follows from the feature `transaction.version` (`TransactionVersion`). */
export const valueVersionOf = (transactionVersion: number): number => (transactionVersion >= 1 ? 1 : 0);

/** Whether a value of this version can say all of this. */
export const isWritable = ({ clientTransactionVersion }: TxnValues, version: number): boolean =>
  version >= 1 || clientTransactionVersion === 0;

/** Null values: the transactional id is forgotten. */
export const encodeTransaction = (
  transactionalId: string,
  values: TxnValues | null,
  { version, timestamp }: { readonly version: number; readonly timestamp: number },
): SimpleRecord => ({
  key: int16(KEY_VERSION) + string(transactionalId),
  value: values === null ? null : encodeValues(values, version),
  timestamp,
});

const encodeValues = (values: TxnValues, version: number): Bytes =>
  int16(version) +
  int64ToBytes(values.producerId) +
  int16(values.producerEpoch) +
  int32ToBytes(values.timeoutMs) +
  int16(stateId(values.state)) +
  int32ToBytes(values.partitions.length) +
  values.partitions.map(({ topic, partition }) => string(topic) + int32ToBytes(partition)).join('') +
  int64ToBytes(values.lastUpdateTimestamp) +
  int64ToBytes(values.startTimestamp) +
  (version === 0 ? '' : encodeNewerFields(values));

const encodeNewerFields = (values: TxnValues): Bytes =>
  int64ToBytes(values.previousProducerId) +
  int64ToBytes(values.nextProducerId) +
  int16(values.clientTransactionVersion);

export interface TransactionRecord {
  readonly transactionalId: string;
  readonly values: TxnValues | null;
}

/** Reads a record of `__transaction_state`. Undefined for keys of a version that is not known. */
export function decodeTransaction(key: Bytes, value: Bytes | null): TransactionRecord | undefined {
  const reader = new RecordReader(key);
  if (reader.int16() !== KEY_VERSION) return undefined;
  return { transactionalId: reader.string(), values: value === null ? null : decodeValues(value) };
}

function decodeValues(value: Bytes): TxnValues {
  const reader = new RecordReader(value);
  const version = reader.int16();
  const head = {
    producerId: reader.int64(),
    producerEpoch: reader.int16(),
    lastProducerEpoch: NO_PRODUCER_EPOCH,
    timeoutMs: reader.int32(),
    state: ensure(stateFromId(reader.int16()), 'state of a transaction'),
  };
  const partitions = Array.from({ length: reader.int32() }, () => decodePartition(reader));
  const values = {
    ...head,
    partitions: Object.freeze(partitions),
    lastUpdateTimestamp: reader.int64(),
    startTimestamp: reader.int64(),
    previousProducerId: version === 0 ? NO_PRODUCER_ID : reader.int64(),
    nextProducerId: version === 0 ? NO_PRODUCER_ID : reader.int64(),
    clientTransactionVersion: version === 0 ? 0 : reader.int16(),
  };
  assert(!reader.overrun, 'a record of __transaction_state ends too early');
  return Object.freeze(values);
}

const decodePartition = (reader: RecordReader): TxnPartition =>
  Object.freeze({ topic: reader.string(), partition: reader.int32() });
