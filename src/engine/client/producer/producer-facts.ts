import type { ProducerBatch } from './producer-batch.ts';
import type { Producer, ProducerCounters } from './producer-state.ts';
import { allQueues } from './record-accumulator.ts';

/** What can be seen of a producer from outside, for pictures and checks. */
export interface ProducerFacts extends Readonly<ProducerCounters> {
  readonly bufferBytes: number;
  readonly bufferBytesMax: number;
  /** Records of each partition of the topic that wait or are under way. */
  readonly waitingByPartition: readonly number[];
}

const countOf = (batches: readonly ProducerBatch[]): number =>
  batches.reduce((count, batch) => count + batch.count, 0);

export function producerFacts(producer: Producer, topic: string): ProducerFacts {
  const { accumulator, counters, network } = producer;
  const { totalMemory } = accumulator.settings;
  const queues = accumulator.topics.get(topic)?.partitions ?? [];
  const leaders = network.metadata.topics.get(topic)?.leaders ?? [];
  return {
    ...counters,
    bufferBytes: totalMemory - accumulator.available,
    bufferBytesMax: totalMemory,
    waitingByPartition: leaders.map((_, partition) => {
      const queue = queues[partition];
      return queue === undefined ? 0 : countOf(queue.inFlight) + countOf(queue.waiting);
    }),
  };
}

/**
 * The lowest ordinal whose outcome is not known yet, or undefined when all are. Ordinals must have been given in
 * ascending order.
 */
export function firstOpenOrdinal(producer: Producer): number | undefined {
  let first: number | undefined;
  const look = (batch: ProducerBatch): void => {
    const ordinal = batch.ordinals[0];
    if (ordinal !== undefined && (first === undefined || ordinal < first)) first = ordinal;
  };
  for (const queue of allQueues(producer.accumulator)) {
    queue.inFlight.forEach(look);
    for (const batch of queue.waiting) {
      look(batch);
      // Retries stand before batches that were never sent, which stand in the order of their creation.
      if (batch.attempts === 0 && !batch.isSplit) break;
    }
  }
  return first;
}
