import { topicPartition } from '../api/ids.ts';
import { ensure } from '../base/assert.ts';
import { byTopic } from '../coordinator/transaction/by-topic.ts';
import type { TxnPartition } from '../coordinator/transaction/transaction-metadata.ts';
import { startVerification } from '../log/append.ts';
import type { AddPartitionsToTxnResponse } from '../protocol/add-partitions-to-txn.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { SimTime } from '../base/time.ts';
import { callBroker } from './broker-channel.ts';
import type { Broker } from './broker-memory.ts';
import { isLeader, type Replica } from './replica.ts';
import type { Incoming } from './requests.ts';
import { transactionCoordinatorOf } from './transaction-bridge.ts';

/**
 * What a client's request lets this broker ask the coordinator (`TransactionSupportedOperation`): only whether the
 * partition was added, and clients that are old do not understand the answer; or to add it (KIP-890).
 */
export type TxnOperation = 'verify-for-old' | 'verify' | 'add';

/** A request that waits until the coordinator has confirmed its transaction. */
export interface ParkedRequest {
  readonly api: 'Produce' | 'TxnOffsetCommit';
  readonly incoming: Incoming;
  readonly operation: TxnOperation;
  readonly startedAt: SimTime;
  readonly verified: Verified;
}

/** By `topic-partition`: why nothing may be appended there, and with which guard it may. */
export interface Verified {
  readonly errors: Map<string, number>;
  readonly guards: Map<string, number>;
}

/** What the coordinator is asked for a parked request. Frozen. */
interface Question {
  readonly parked: number;
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly operation: TxnOperation;
  readonly partitions: readonly TxnPartition[];
}

/** Verifications under way (`AddPartitionsToTxnManager`). */
export interface Verifications {
  nextId: number;
  readonly parked: Map<number, ParkedRequest>;
  /** By the broker that coordinates: what is under way, and what comes after it. */
  readonly inFlight: Map<number, readonly Question[]>;
  readonly queues: Map<number, readonly Question[]>;
  /** Parked requests that have their answer in this event, in order. */
  answered: number[];
}

/** A transactional batch that wants to be appended. */
export interface TxnBatch {
  readonly replica: Replica;
  readonly producerId: number;
  readonly producerEpoch: number;
  /** −1 for offsets. */
  readonly baseSequence: number;
}

export interface TxnRequest {
  readonly transactionalId: string;
  readonly operation: TxnOperation;
  /** All of one producer. */
  readonly batches: readonly TxnBatch[];
}

const NOTHING_TO_ASK: Verified = Object.freeze({ errors: new Map(), guards: new Map() });

/**
 * Begins to verify a request. Returns what is known at once, or null if the coordinator has to be asked: then the
 * request is parked, and resumed later.
 */
export function verifyTxn(
  broker: Broker,
  parking: Omit<ParkedRequest, 'verified' | 'operation'>,
  { transactionalId, operation, batches }: TxnRequest,
): Verified | null {
  const { config, verifications } = broker.memory;
  const isOff = operation !== 'add' && !config['transaction.partition.verification.enable'];
  const [first] = batches;
  if (isOff || first === undefined) return NOTHING_TO_ASK;
  const verified: Verified = { errors: new Map(), guards: new Map() };
  for (const batch of batches) guard(broker, batch, operation, verified);
  const unverified = batches.filter(({ replica }) => verified.guards.has(replica.name));
  if (unverified.length === 0) return verified;
  const parked = verifications.nextId++;
  verifications.parked.set(parked, { ...parking, operation, verified });
  const { producerId, producerEpoch } = first;
  const partitions = unverified.map(({ replica: { topic, partition } }) =>
    Object.freeze({ topic, partition }),
  );
  ask(broker, Object.freeze({ parked, transactionalId, producerId, producerEpoch, operation, partitions }));
  return null;
}

function guard(
  { context }: Broker,
  { replica, producerId, producerEpoch, baseSequence: sequence }: TxnBatch,
  operation: TxnOperation,
  { errors, guards }: Verified,
): void {
  if (!isLeader(replica)) {
    errors.set(replica.name, ERROR_CODES.NOT_LEADER_OR_FOLLOWER);
    return;
  }
  const request = { producerId, producerEpoch, sequence, supportsEpochBump: operation === 'add' };
  const started = startVerification(replica.log, request, context.wallClockMs());
  if (!started.ok) errors.set(replica.name, started.error);
  else if (started.value !== null) guards.set(replica.name, started.value);
}

/** Queues a question for the coordinator; it knows one of each transactional id. */
function ask(broker: Broker, question: Question): void {
  const { memory } = broker;
  const { queues } = memory.verifications;
  const coordinator = transactionCoordinatorOf(memory, question.transactionalId);
  if (coordinator < 0) {
    settle(broker, question, () => ERROR_CODES.COORDINATOR_NOT_AVAILABLE);
    return;
  }
  const queued = queues.get(coordinator) ?? [];
  const other = queued.find(({ transactionalId }) => transactionalId === question.transactionalId);
  if (other !== undefined && question.producerEpoch < other.producerEpoch) {
    settle(broker, question, () => ERROR_CODES.INVALID_PRODUCER_EPOCH);
    return;
  }
  if (other !== undefined) {
    // A retry takes the place of what it repeats; a newer producer fences the older one off.
    const isRetry = question.producerEpoch === other.producerEpoch;
    const errorCode = isRetry ? ERROR_CODES.NETWORK_EXCEPTION : ERROR_CODES.INVALID_PRODUCER_EPOCH;
    settle(broker, other, () => errorCode);
  }
  queues.set(coordinator, [...queued.filter((item) => item !== other), question]);
  flush(broker, coordinator);
}

function flush(broker: Broker, coordinator: number): void {
  const { queues, inFlight } = broker.memory.verifications;
  const questions = queues.get(coordinator);
  if (questions === undefined || inFlight.has(coordinator)) return;
  queues.delete(coordinator);
  inFlight.set(coordinator, questions);
  const transactions = questions.map(
    ({ transactionalId, producerId, producerEpoch, operation, partitions }) => ({
      transactionalId,
      producerId,
      producerEpoch,
      verifyOnly: operation !== 'add',
      topics: byTopic(partitions),
    }),
  );
  const to = { purpose: 'verification', brokerId: coordinator } as const;
  callBroker(broker, to, 'AddPartitionsToTxn', { transactions });
}

/** A coordinator answered, or could not be reached (undefined). */
export function onVerified(
  broker: Broker,
  coordinator: number,
  response: AddPartitionsToTxnResponse | undefined,
): void {
  const { inFlight } = broker.memory.verifications;
  const questions = inFlight.get(coordinator) ?? [];
  inFlight.delete(coordinator);
  questions.forEach((question, i) =>
    settle(broker, question, (partition) => errorOf(response, i, partition)),
  );
  flush(broker, coordinator);
}

function errorOf(
  response: AddPartitionsToTxnResponse | undefined,
  index: number,
  { topic, partition }: TxnPartition,
): number {
  if (response === undefined) return ERROR_CODES.NETWORK_EXCEPTION;
  if (response.errorCode !== NONE) return response.errorCode;
  const result = response.resultsByTransaction[index]?.topicResults
    .find(({ name }) => name === topic)
    ?.resultsByPartition.find(({ partitionIndex }) => partitionIndex === partition);
  return result?.partitionErrorCode ?? ERROR_CODES.UNKNOWN_SERVER_ERROR;
}

/** What the client of a produce or of offsets is told: it must know the code. */
function toldTo(operation: TxnOperation, errorCode: number): number {
  if (errorCode === ERROR_CODES.PRODUCER_FENCED) return ERROR_CODES.INVALID_PRODUCER_EPOCH;
  const isNewTo = operation === 'verify-for-old' && errorCode === ERROR_CODES.TRANSACTION_ABORTABLE;
  return isNewTo ? ERROR_CODES.INVALID_TXN_STATE : errorCode;
}

function settle(
  { memory }: Broker,
  { parked, operation, partitions }: Question,
  errorCodeOf: (partition: TxnPartition) => number,
): void {
  const { verified } = ensure(memory.verifications.parked.get(parked), 'parked request');
  for (const partition of partitions) {
    const errorCode = toldTo(operation, errorCodeOf(partition));
    const name = topicPartition(partition.topic, partition.partition);
    if (errorCode !== NONE) verified.errors.set(name, errorCode);
  }
  memory.verifications.answered.push(parked);
}
