import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { DeleteRecordsResponse, DeleteRecordsResponsePartition } from '../protocol/delete-records.ts';
import { isAlive } from '../metadata/metadata-image.ts';
import type { Broker, BrokerMemory, DelayedDelete, DelayedDeletePartition } from './broker-memory.ts';
import { isLeader, replicaOf, type Replica } from './replica.ts';
import { respond } from './requests.ts';

/** The lowest start among the replicas whose brokers are there: what is below is gone everywhere. */
export function lowWatermark({ image }: BrokerMemory, replica: Replica): number {
  let lowest = replica.log.logStartOffset;
  for (const remote of replica.remotes.values())
    if (isAlive(image, remote.brokerId)) lowest = Math.min(lowest, remote.logStartOffset);
  return lowest;
}

/** Looks again at deletions that wait for this partition. */
export function completeDeletes(broker: Broker, replica: Replica): void {
  const { deletes } = broker.memory.purgatory;
  if (deletes.size === 0) return;
  for (const [token, delayed] of [...deletes]) {
    const concerned = delayed.partitions.some(
      ({ topicId, partition }) => topicId === replica.topicId && partition === replica.partition,
    );
    if (concerned && settle(broker, delayed)) completeDelete(broker, token, delayed);
  }
}

/** Returns whether all partitions are decided. */
export function settle(broker: Broker, delayed: DelayedDelete): boolean {
  for (const entry of delayed.partitions) if (!entry.settled) settlePartition(broker, entry);
  return delayed.partitions.every((entry) => entry.settled);
}

function settlePartition({ memory }: Broker, entry: DelayedDeletePartition): void {
  const replica = replicaOf(memory, entry.topicId, entry.partition);
  if (replica === undefined || !isLeader(replica)) {
    entry.errorCode = ERROR_CODES.NOT_LEADER_OR_FOLLOWER;
    entry.settled = true;
    return;
  }
  entry.lowWatermark = lowWatermark(memory, replica);
  entry.settled = entry.lowWatermark >= entry.requiredOffset;
}

export function expireDelete(broker: Broker, token: number, delayed: DelayedDelete): void {
  for (const entry of delayed.partitions) if (!entry.settled) entry.errorCode = ERROR_CODES.REQUEST_TIMED_OUT;
  completeDelete(broker, token, delayed);
}

export function completeDelete(broker: Broker, token: number, { partitions }: DelayedDelete): void {
  broker.memory.purgatory.deletes.delete(token);
  const topics: { name: string; partitions: DeleteRecordsResponsePartition[] }[] = [];
  for (const { topic, partition, lowWatermark: low, errorCode } of partitions) {
    const answer = { partitionIndex: partition, lowWatermark: errorCode === NONE ? low : -1, errorCode };
    const known = topics.find(({ name }) => name === topic);
    if (known !== undefined) known.partitions.push(answer);
    else topics.push({ name: topic, partitions: [answer] });
  }
  const body: DeleteRecordsResponse = { throttleTimeMs: 0, topics };
  respond<'DeleteRecords'>(broker, token, body);
}
