import type { TransactionHost, TransactionTimer } from '../coordinator/transaction/transaction-host.ts';
import {
  abortTimedOutTransactions,
  handleTransactionRequest,
  loadTransactions,
  onMarkersAnswered,
  onTransactionLogCommitted,
  onTransactionTimer,
  removeExpiredTransactionalIds,
  unloadTransactions,
  type TransactionApi,
  type TransactionRequest,
} from '../coordinator/transaction/transaction-coordinator.ts';
import { partitionForTransaction } from '../coordinator/transaction/coordinator-state.ts';
import { partitionForGroup } from '../coordinator/group/group-request.ts';
import { batchOf } from '../protocol/record-batch.ts';
import type { RequestBody } from '../protocol/message.ts';
import type { WriteTxnMarkersResponse } from '../protocol/write-txn-markers.ts';
import { callBroker } from './broker-channel.ts';
import type { Broker, BrokerMemory } from './broker-memory.ts';
import { leaderOf, NOBODY } from './live-leader.ts';
import { appendForCoordinator } from './coordinator-append.ts';
import { batchesOf, takesTimeToLoad } from './coordinator-loading.ts';
import { COORDINATOR_TOPIC, TRANSACTION_TOPIC } from './coordinator-topic.ts';
import { takeProducerId } from './producer-ids.ts';
import type { Replica } from './replica.ts';
import { respond, type Incoming } from './requests.ts';
import { trace } from './trace.ts';

const TRANSACTION_VERSION = 'transaction.version';

function partitionCountOf({ image, config }: BrokerMemory, topic: string): number {
  const byConfig =
    topic === COORDINATOR_TOPIC ? 'offsets.topic.num.partitions' : 'transaction.state.log.num.partitions';
  return image.topics.get(topic)?.partitions.length ?? config[byConfig];
}

/** The broker that coordinates a transactional id, −1 if nobody does now. */
export const transactionCoordinatorOf = (memory: BrokerMemory, transactionalId: string): number =>
  leaderOf(
    memory,
    TRANSACTION_TOPIC,
    partitionForTransaction(transactionalId, partitionCountOf(memory, TRANSACTION_TOPIC)),
  ) ?? NOBODY;

/** What the transaction coordinator may do to its broker. Made anew for every call. */
function hostOf(broker: Broker): TransactionHost {
  const { memory, context } = broker;
  return {
    config: memory.config,
    partitionCount: partitionCountOf(memory, TRANSACTION_TOPIC),
    transactionVersion: memory.image.features.get(TRANSACTION_VERSION) ?? 0,
    partitionForGroup: (groupId) => partitionForGroup(groupId, partitionCountOf(memory, COORDINATOR_TOPIC)),
    now: () => context.now(),
    wallClockMs: () => context.wallClockMs(),
    append: (partition, records) =>
      appendForCoordinator(broker, { topic: TRANSACTION_TOPIC, partition }, batchOf(records)),
    answer: (token, body) => respond(broker, token, body as never),
    setTimer: (name, delay, data) => context.setTimer(name, delay, data),
    cancelTimer: (name) => context.cancelTimer(name),
    trace: (data) => trace(broker, data),
    anchor: (name) => context.anchor(name),
    newProducerId: () => takeProducerId(broker),
    leaderOf: (topic, partition) => leaderOf(memory, topic, partition),
    sendMarkers: (brokerId, markers) =>
      callBroker(broker, { purpose: 'markers', brokerId }, 'WriteTxnMarkers', { markers }),
  };
}

/** Hands a request to the transaction coordinator, which answers through its host. */
export function handleTransactionApi<A extends TransactionApi>(
  broker: Broker,
  api: A,
  incoming: Incoming<A>,
): void {
  const { token, version, clientId, connection } = incoming;
  const body: RequestBody<A> = incoming.body;
  const clientHost = `/${broker.context.peer(connection) ?? 'unknown'}`;
  const request = { token, api, version, clientId, clientHost, body } as unknown as TransactionRequest;
  handleTransactionRequest(broker.memory.transactions, hostOf(broker), request);
}

export function loadTransactionCoordinator(broker: Broker, replica: Replica): void {
  unloadTransactionCoordinator(broker, replica);
  if (takesTimeToLoad(broker, replica)) broker.memory.transactions.loading.add(replica.partition);
  else finishLoadingTransactions(broker, replica);
}

export function finishLoadingTransactions(broker: Broker, replica: Replica): void {
  const { partition, leaderEpoch: coordinatorEpoch } = replica;
  const { transactions } = broker.memory;
  const batches = batchesOf(broker, replica);
  loadTransactions(transactions, hostOf(broker), { partition, coordinatorEpoch }, batches);
}

export const unloadTransactionCoordinator = (broker: Broker, { partition }: Replica): void =>
  unloadTransactions(broker.memory.transactions, hostOf(broker), partition);

export const tellTransactionLog = (broker: Broker, { partition, log }: Replica): void =>
  onTransactionLogCommitted(broker.memory.transactions, hostOf(broker), partition, log.highWatermark);

export const tellMarkers = (
  broker: Broker,
  brokerId: number,
  response: WriteTxnMarkersResponse | undefined,
): void => onMarkersAnswered(broker.memory.transactions, hostOf(broker), brokerId, response);

export const tellTransactionTimer = (broker: Broker, timer: TransactionTimer): void =>
  onTransactionTimer(broker.memory.transactions, hostOf(broker), timer);

export const abortTimedOut = (broker: Broker): void =>
  abortTimedOutTransactions(broker.memory.transactions, hostOf(broker));

export const removeExpiredIds = (broker: Broker): void =>
  removeExpiredTransactionalIds(broker.memory.transactions, hostOf(broker));
