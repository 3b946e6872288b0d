import type { TransactionEntity } from '../../api/frame.ts';
import { topicPartition } from '../../api/ids.ts';
import { millis } from '../../base/time.ts';
import { TRANSACTION_TOPIC } from '../../broker/coordinator-topic.ts';
import type { TransactionMetadata } from '../../coordinator/transaction/transaction-metadata.ts';
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
