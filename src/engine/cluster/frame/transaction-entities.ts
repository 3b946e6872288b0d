import {
  OPEN_TRANSACTIONS_MAX,
  type PartitionEntity,
  type ReplicaState,
} from '../../api/entities/partition.ts';
import type { ProducerEntity, TransactionEntity } from '../../api/entities/producer.ts';
import { topicPartition } from '../../api/ids.ts';
import { millis } from '../../base/time.ts';
import { TRANSACTION_TOPIC } from '../../broker/coordinator-topic.ts';
import type { ReplicaFacts } from '../../broker/facts.ts';
import type { ProducerMemory } from '../../client/programs/producer-program.ts';
import type { TransactionMetadata } from '../../coordinator/transaction/transaction-metadata.ts';
import { lastStableOffset } from '../../log/partition-log.ts';
import { NO_COORDINATOR_EPOCH } from '../../log/producer-entry.ts';
import type { World } from '../world.ts';

/** Transactional ids by name, each as the broker has it that coordinates it by the controller's word. */
export function transactionEntities(world: World): TransactionEntity[] {
  const partitions = world.image().topics.get(TRANSACTION_TOPIC)?.partitions ?? [];
  return world.scenario.brokers
    .flatMap(({ id }) =>
      [...(world.broker(id)?.transactions.shards.values() ?? [])]
        .filter(({ partition }) => partitions[partition]?.leader === id)
        .flatMap(({ transactions }) => [...transactions.values()].map((txn) => entityOf(world, id, txn))),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function entityOf(
  { scenario }: World,
  coordinator: number,
  { transactionalId, values }: TransactionMetadata,
): TransactionEntity {
  const { state, producerId, producerEpoch, timeoutMs, startTimestamp, partitions } = values;
  const isUnderWay = startTimestamp >= 0 && (state === 'Ongoing' || state.startsWith('Prepare'));
  return {
    kind: 'transaction',
    id: `transaction:${transactionalId}`,
    name: transactionalId,
    coordinator,
    state,
    producerId,
    producerEpoch,
    timeoutMs,
    startedAt: isUnderWay ? millis(startTimestamp - scenario.startMs) : -1,
    partitions: partitions.map(({ topic, partition }) => topicPartition(topic, partition)),
  };
}

/** What has no marker yet in the leader's log. */
export function openTransactions({ log }: ReplicaFacts): Pick<PartitionEntity, 'openTransactions'> {
  const { ongoing, producers } = log.producers;
  return {
    openTransactions: ongoing.slice(0, OPEN_TRANSACTIONS_MAX).map(({ producerId, firstOffset }) => ({
      producerId,
      producerEpoch: producers.get(producerId)?.producerEpoch ?? -1,
      firstOffset,
    })),
  };
}

/** The last stable offset of a log that transactions write to. */
export function stability({ log }: ReplicaFacts): Pick<ReplicaState, 'lastStable'> {
  for (const { coordinatorEpoch, currentTxnFirstOffset } of log.producers.producers.values())
    if (coordinatorEpoch !== NO_COORDINATOR_EPOCH || currentTxnFirstOffset !== null)
      return { lastStable: lastStableOffset(log) };
  return {};
}

/** What a player does in transactions. */
export function producerTransactions({
  producer,
  transactions,
}: ProducerMemory): Pick<ProducerEntity, 'transactions'> {
  const transactionalId = producer.transactions?.standing.transactionalId;
  if (transactionalId == null || transactions === null) return {};
  const { phase, rows, committed, aborted, rowsCommitted } = transactions;
  return { transactions: { transactionalId, phase, rows, committed, aborted, rowsCommitted } };
}
