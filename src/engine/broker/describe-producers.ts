import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import { lastSequenceOf } from '../log/producer-entry.ts';
import type { DescribeProducersResponsePartition } from '../protocol/describe-producers.ts';
import type { Broker } from './broker-memory.ts';
import { absenceByName, isLeader, replicaByName, type Replica } from './replica.ts';
import { respond, type Incoming } from './requests.ts';

/** Who has written to a partition lately, as its leader knows it (KIP-664). */
export function handleDescribeProducers(
  broker: Broker,
  { token, body }: Incoming<'DescribeProducers'>,
): void {
  const topics = body.topics.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((index) => describe(broker, name, index)),
  }));
  respond<'DescribeProducers'>(broker, token, { throttleTimeMs: 0, topics });
}

function describe({ memory }: Broker, topic: string, index: number): DescribeProducersResponsePartition {
  const replica = replicaByName(memory, topic, index);
  const answer = { partitionIndex: index, errorMessage: null };
  if (memory.image.topics.get(topic)?.partitions[index] === undefined)
    return { ...answer, errorCode: ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION, activeProducers: [] };
  if (replica === undefined)
    return { ...answer, errorCode: absenceByName(memory, topic, index), activeProducers: [] };
  if (!isLeader(replica))
    return { ...answer, errorCode: ERROR_CODES.NOT_LEADER_OR_FOLLOWER, activeProducers: [] };
  return { ...answer, errorCode: NONE, activeProducers: activeProducers(replica) };
}

const activeProducers = ({ log }: Replica): DescribeProducersResponsePartition['activeProducers'] =>
  [...log.producers.producers.values()].map((entry) => ({
    producerId: entry.producerId,
    producerEpoch: entry.producerEpoch,
    lastSequence: lastSequenceOf(entry),
    lastTimestamp: entry.lastTimestamp,
    coordinatorEpoch: entry.coordinatorEpoch,
    currentTxnStartOffset: entry.currentTxnFirstOffset ?? -1,
  }));
