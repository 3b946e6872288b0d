import type {
  AddPartitionsToTxnRequestTransaction,
  AddPartitionsToTxnResponseResult,
} from '../../protocol/add-partitions-to-txn.ts';
import type { AddOffsetsToTxnRequest } from '../../protocol/add-offsets-to-txn.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import { answer, gather, sameResult } from './answers.ts';
import { appendTransition } from './append.ts';
import { find, type Caller, type Coordination } from './coordinator-state.ts';
import { includesAll, prepareAddPartitions, type TxnPartition } from './transaction-metadata.ts';
import { isPrepared } from './transaction-state.ts';

/** From this version on it is a broker that asks, for a client of version 2 of the protocol. */
const FROM_BROKERS = 4;
/** Where a group's offsets are (`Topic.GROUP_METADATA_TOPIC_NAME`). */
const OFFSETS_TOPIC = '__consumer_offsets';

type Transaction = AddPartitionsToTxnRequestTransaction;

/** Adds partitions to transactions, or verifies that they were added. */
export function addPartitionsToTxn(
  coordination: Coordination,
  caller: Caller,
  transactions: readonly Transaction[],
): void {
  const { coordinator, host } = coordination;
  if (transactions.length === 0) {
    host.answer(caller.token, { throttleTimeMs: 0, errorCode: NONE, resultsByTransaction: [] });
    return;
  }
  coordinator.gatherings.set(caller.token, { transactions, parts: transactions.map(() => null) });
  transactions.forEach((transaction, part) => ask(coordination, { ...caller, part }, transaction));
}

function ask(coordination: Coordination, caller: Caller, transaction: Transaction): void {
  const refused = missingPartitions(coordination, caller, transaction);
  if (refused !== undefined) gather(coordination, caller, refused);
  else if (transaction.verifyOnly) gather(coordination, caller, verify(coordination, transaction));
  else add(coordination, caller, transaction, partitionsOf(transaction));
}

/** One partition that cannot be added keeps the others out too. */
function missingPartitions(
  { host }: Coordination,
  { version }: Caller,
  transaction: Transaction,
): AddPartitionsToTxnResponseResult | undefined {
  const errorOf = ({ topic, partition }: TxnPartition): number => {
    if (version < FROM_BROKERS && topic.startsWith('__')) return ERROR_CODES.TOPIC_AUTHORIZATION_FAILED;
    return host.leaderOf(topic, partition) === undefined ? ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION : NONE;
  };
  if (partitionsOf(transaction).every((partition) => errorOf(partition) === NONE)) return undefined;
  return resultOf(transaction, (partition) => errorOf(partition) || ERROR_CODES.OPERATION_NOT_ATTEMPTED);
}

const partitionsOf = ({ topics }: Transaction): TxnPartition[] =>
  topics.flatMap(({ name, partitions }) =>
    partitions.map((partition) => Object.freeze({ topic: name, partition })),
  );

const resultOf = (
  { transactionalId, topics }: Transaction,
  errorOf: (partition: TxnPartition) => number,
): AddPartitionsToTxnResponseResult => ({
  transactionalId,
  topicResults: topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({
      partitionIndex,
      partitionErrorCode: errorOf({ topic: name, partition: partitionIndex }),
    })),
  })),
});

/** Whether partitions are part of the transaction; what is being written does not count yet. */
function verify(coordination: Coordination, transaction: Transaction): AddPartitionsToTxnResponseResult {
  const { transactionalId, producerId, producerEpoch, topics } = transaction;
  const refused = (errorCode: number) => sameResult(transactionalId, topics, errorCode);
  if (transactionalId === '') return refused(ERROR_CODES.INVALID_REQUEST);
  const found = find(coordination, transactionalId);
  if (!found.ok) return refused(found.error);
  const values = found.value.txn?.values;
  if (values?.producerId !== producerId) return refused(ERROR_CODES.INVALID_PRODUCER_ID_MAPPING);
  if (values.producerEpoch !== producerEpoch) return refused(ERROR_CODES.PRODUCER_FENCED);
  if (isPrepared(values.state)) return refused(ERROR_CODES.CONCURRENT_TRANSACTIONS);
  return resultOf(transaction, (partition) =>
    includesAll(values.partitions, [partition]) ? NONE : ERROR_CODES.TRANSACTION_ABORTABLE,
  );
}

type Producer = Pick<Transaction, 'transactionalId' | 'producerId' | 'producerEpoch'>;

function add(
  coordination: Coordination,
  caller: Caller,
  { transactionalId, producerId, producerEpoch }: Producer,
  partitions: readonly TxnPartition[],
): void {
  const refuse = (errorCode: number): void => answer(coordination, caller, errorCode);
  if (transactionalId === '') return refuse(ERROR_CODES.INVALID_REQUEST);
  const found = find(coordination, transactionalId);
  if (!found.ok) return refuse(found.error);
  const { shard, txn } = found.value;
  if (txn === undefined) return refuse(ERROR_CODES.INVALID_PRODUCER_ID_MAPPING);
  const { values, pendingState } = txn;
  if (pendingState !== null) return refuse(ERROR_CODES.CONCURRENT_TRANSACTIONS);
  if (values.producerId !== producerId) return refuse(ERROR_CODES.INVALID_PRODUCER_ID_MAPPING);
  if (values.producerEpoch !== producerEpoch) return refuse(ERROR_CODES.PRODUCER_FENCED);
  if (isPrepared(values.state)) return refuse(ERROR_CODES.CONCURRENT_TRANSACTIONS);
  if (values.state === 'Ongoing' && includesAll(values.partitions, partitions)) return refuse(NONE);
  const isNewer = caller.api === 'AddPartitionsToTxn' && caller.version >= FROM_BROKERS;
  const step = { clientTransactionVersion: isNewer ? 2 : 0, nowMs: coordination.host.wallClockMs() };
  const next = prepareAddPartitions(txn, partitions, step);
  if (!next.ok) return refuse(ERROR_CODES.UNKNOWN_SERVER_ERROR);
  appendTransition(coordination, shard, { txn, next: next.value, caller });
}

/** Adds the partition of a group's offsets. */
export function addOffsetsToTxn(
  coordination: Coordination,
  caller: Caller,
  request: AddOffsetsToTxnRequest,
): void {
  const partition = coordination.host.partitionForGroup(request.groupId);
  add(coordination, caller, request, [Object.freeze({ topic: OFFSETS_TOPIC, partition })]);
}
