import type { SimTime } from '../base/time.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { ProduceRequest } from '../protocol/produce.ts';
import { NO_PRODUCER_ID } from '../protocol/record-batch.ts';
import type { Broker } from './broker-memory.ts';
import { invalidOf, NOT_VERIFIED } from './produce.ts';
import { partitionsOf, refuseWhole } from './produce-request.ts';
import { replicaOf } from './replica.ts';
import { type Incoming } from './requests.ts';
import { verifyTxn, type TxnBatch, type TxnOperation, type Verified } from './txn-verification.ts';

/** What the coordinator says of the transaction that a request is of; null if it is refused, or has to wait. */
export function verifyProduce(
  broker: Broker,
  incoming: Incoming<'Produce'>,
  startedAt: SimTime,
): Verified | null {
  const batches = transactionalBatches(broker, incoming);
  const refusal = transactionRefusal(incoming.body, batches);
  const { transactionalId } = incoming.body;
  if (refusal !== NONE) {
    refuseWhole(broker, incoming, refusal);
    return null;
  }
  if (batches.length === 0 || transactionalId === null) return NOT_VERIFIED;
  const parking = { api: 'Produce', incoming, startedAt } as const;
  const operation = operationOf(incoming.version);
  return verifyTxn(broker, parking, { transactionalId, operation, batches });
}

/** Versions from which on a client may be told TRANSACTION_ABORTABLE, and leaves it to the broker to add partitions. */
const operationOf = (version: number): TxnOperation =>
  version > 11 ? 'add' : version > 10 ? 'verify' : 'verify-for-old';

function transactionalBatches(broker: Broker, incoming: Incoming<'Produce'>): TxnBatch[] {
  const found: TxnBatch[] = [];
  for (const { topicId, data } of partitionsOf(incoming.body)) {
    const [batch] = data.records ?? [];
    const replica = replicaOf(broker.memory, topicId, data.index);
    if (batch === undefined || !batch.isTransactional || replica === undefined) continue;
    // Of batches without a producer no coordinator knows: they are appended as they are.
    if (batch.producerId === NO_PRODUCER_ID) continue;
    if (invalidOf(broker, incoming, topicId, data) === NONE) found.push({ replica, ...batch });
  }
  return found;
}

/** Transactional batches need a transactional id, and are of one producer. */
function transactionRefusal({ transactionalId }: ProduceRequest, batches: readonly TxnBatch[]): number {
  if (transactionalId === null) return ERROR_CODES.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
  const [first] = batches;
  const isOne = ({ producerId, producerEpoch }: TxnBatch): boolean =>
    producerId === first?.producerId && producerEpoch === first.producerEpoch;
  return batches.every(isOne) ? NONE : ERROR_CODES.INVALID_PRODUCER_ID_MAPPING;
}

/** Errors of verification that producers would not try again after. */
const RETRIED_AS_NOT_ENOUGH_REPLICAS: readonly number[] = [
  ERROR_CODES.NETWORK_EXCEPTION,
  ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS,
  ERROR_CODES.COORDINATOR_NOT_AVAILABLE,
  ERROR_CODES.NOT_COORDINATOR,
];

/** Producers of version 2 of the protocol know CONCURRENT_TRANSACTIONS; the others are to try again as well. */
export function toldToProducer(version: number, errorCode: number): number {
  const isUnknown = errorCode === ERROR_CODES.CONCURRENT_TRANSACTIONS && operationOf(version) !== 'add';
  return isUnknown || RETRIED_AS_NOT_ENOUGH_REPLICAS.includes(errorCode)
    ? ERROR_CODES.NOT_ENOUGH_REPLICAS
    : errorCode;
}
