import { endOffsetFor } from '../log/leader-epoch-cache.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type {
  OffsetForLeaderEpochRequestPartition,
  OffsetForLeaderEpochResponsePartition,
} from '../protocol/offset-for-leader-epoch.ts';
import type { Broker } from './broker-memory.ts';
import { checkLeaderEpoch } from './fetch-read.ts';
import { absenceByName, isLeader, replicaByName } from './replica.ts';
import { respond, type Incoming } from './requests.ts';

/** Where the records of a leader epoch end: a consumer finds out whether what it has read still stands (KIP-320). */
export function handleOffsetForLeaderEpoch(
  broker: Broker,
  { token, body }: Incoming<'OffsetForLeaderEpoch'>,
): void {
  const topics = body.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((partition) => endOf(broker, topic, partition)),
  }));
  respond<'OffsetForLeaderEpoch'>(broker, token, { throttleTimeMs: 0, topics });
}

function endOf(
  { memory }: Broker,
  topic: string,
  asked: OffsetForLeaderEpochRequestPartition,
): OffsetForLeaderEpochResponsePartition {
  const { partition } = asked;
  const replica = replicaByName(memory, topic, partition);
  if (memory.image.topics.get(topic)?.partitions[partition] === undefined)
    return undefinedEnd(partition, ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION);
  if (replica === undefined) return undefinedEnd(partition, absenceByName(memory, topic, partition));
  const epochError = checkLeaderEpoch(replica, asked.currentLeaderEpoch);
  if (epochError !== NONE) return undefinedEnd(partition, epochError);
  if (!isLeader(replica)) return undefinedEnd(partition, ERROR_CODES.NOT_LEADER_OR_FOLLOWER);
  const { log } = replica;
  const { epoch: leaderEpoch, endOffset } = endOffsetFor(log.epochs, asked.leaderEpoch, log.logEndOffset);
  return { errorCode: NONE, partition, leaderEpoch, endOffset };
}

const undefinedEnd = (partition: number, errorCode: number): OffsetForLeaderEpochResponsePartition => ({
  errorCode,
  partition,
  leaderEpoch: -1,
  endOffset: -1,
});
