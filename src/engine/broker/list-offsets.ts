import { offsetForTimestamp, type TimestampAndOffset } from '../log/offset-for-timestamp.ts';
import { lastStableOffset } from '../log/partition-log.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import {
  EARLIEST_LOCAL_TIMESTAMP,
  EARLIEST_PENDING_UPLOAD_TIMESTAMP,
  EARLIEST_TIMESTAMP,
  LATEST_TIERED_TIMESTAMP,
  LATEST_TIMESTAMP,
  MAX_TIMESTAMP,
  type ListOffsetsRequest,
  type ListOffsetsRequestPartition,
  type ListOffsetsResponsePartition,
  type ListOffsetsResponseTopic,
} from '../protocol/list-offsets.ts';
import type { Broker } from './broker-memory.ts';
import { checkLeaderEpoch } from './fetch-read.ts';
import { absenceByName, isLeader, replicaByName, type Replica } from './replica.ts';
import { respond, type Incoming } from './requests.ts';

const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;
/** In the place of a replica. Everybody else, followers and debuggers, may see the whole log. */
const CONSUMER = -1;

/** Questions that are no time, and the version from which on they may be asked (`ListOffsetsRequest`). */
const QUESTIONS_SINCE: ReadonlyMap<number, number> = new Map([
  [LATEST_TIMESTAMP, 0],
  [EARLIEST_TIMESTAMP, 0],
  [MAX_TIMESTAMP, 7],
  [EARLIEST_LOCAL_TIMESTAMP, 8],
  [LATEST_TIERED_TIMESTAMP, 9],
  [EARLIEST_PENDING_UPLOAD_TIMESTAMP, 11],
]);

const isKnownQuestion = (timestamp: number, version: number): boolean =>
  timestamp >= 0 || version >= (QUESTIONS_SINCE.get(timestamp) ?? Number.MAX_SAFE_INTEGER);

/** Which offset belongs to a time, or is the first or the next one. */
export function handleListOffsets(broker: Broker, incoming: Incoming<'ListOffsets'>): void {
  const { token, body } = incoming;
  const topics: ListOffsetsResponseTopic[] = [];
  for (const [name, asked] of askedByTopic(body)) {
    const partitions = [...asked.values()].map((partition) =>
      typeof partition === 'number'
        ? answer(partition, ERROR_CODES.INVALID_REQUEST)
        : offsetOf(broker, incoming, name, partition),
    );
    topics.push({ name, partitions });
  }
  respond<'ListOffsets'>(broker, token, { throttleTimeMs: 0, topics });
}

/** What is asked of each partition; the bare number of a partition that is asked for several times. */
function askedByTopic({ topics }: ListOffsetsRequest): Map<string, AskedPartitions> {
  const byTopic = new Map<string, AskedPartitions>();
  for (const { name, partitions } of topics)
    for (const partition of partitions) {
      const { partitionIndex } = partition;
      const known = byTopic.get(name) ?? new Map<number, ListOffsetsRequestPartition | number>();
      byTopic.set(name, known.set(partitionIndex, known.has(partitionIndex) ? partitionIndex : partition));
    }
  return byTopic;
}

type AskedPartitions = Map<number, ListOffsetsRequestPartition | number>;

function offsetOf(
  broker: Broker,
  { body: request, version }: Incoming<'ListOffsets'>,
  topic: string,
  asked: ListOffsetsRequestPartition,
): ListOffsetsResponsePartition {
  const { partitionIndex } = asked;
  if (![READ_UNCOMMITTED, READ_COMMITTED].includes(request.isolationLevel))
    return answer(partitionIndex, ERROR_CODES.UNKNOWN_SERVER_ERROR);
  if (!isKnownQuestion(asked.timestamp, version))
    return answer(partitionIndex, ERROR_CODES.UNSUPPORTED_VERSION);
  const replica = replicaByName(broker.memory, topic, partitionIndex);
  const errorCode = refusalOf(broker, topic, asked, replica);
  if (errorCode !== NONE || replica === undefined) return answer(partitionIndex, errorCode);
  return request.replicaId !== CONSUMER
    ? found(partitionIndex, offsetForTimestamp(replica.log, broker.context, asked.timestamp))
    : consumerOffset(broker, request, replica, asked);
}

function refusalOf(
  { memory }: Broker,
  topic: string,
  asked: ListOffsetsRequestPartition,
  replica: Replica | undefined,
): number {
  if (memory.image.topics.get(topic)?.partitions[asked.partitionIndex] === undefined)
    return ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION;
  if (replica === undefined) return absenceByName(memory, topic, asked.partitionIndex);
  const epochError = checkLeaderEpoch(replica, asked.currentLeaderEpoch);
  if (epochError !== NONE) return epochError;
  return isLeader(replica) ? NONE : ERROR_CODES.NOT_LEADER_OR_FOLLOWER;
}

/**
 * A consumer is told of nothing beyond what it may read, not even of the record with the latest time. A new leader does not
 * know yet how far that is: until its high watermark has reached the start of its epoch, the end must not seem to go back
 * (`Partition.fetchOffsetForTimestamp`).
 */
function consumerOffset(
  { context }: Broker,
  request: ListOffsetsRequest,
  replica: Replica,
  { partitionIndex, timestamp }: ListOffsetsRequestPartition,
): ListOffsetsResponsePartition {
  const { log, leaderEpoch } = replica;
  const end = request.isolationLevel === READ_COMMITTED ? lastStableOffset(log) : log.highWatermark;
  const unsure = log.highWatermark < replica.leaderEpochStartOffset;
  if (timestamp === LATEST_TIMESTAMP)
    return unsure
      ? answer(partitionIndex, ERROR_CODES.OFFSET_NOT_AVAILABLE)
      : found(partitionIndex, { timestamp: -1, offset: end, leaderEpoch });
  const result = offsetForTimestamp(log, context, timestamp);
  if (result !== undefined && (isStart(timestamp) || result.offset < end))
    return found(partitionIndex, result);
  return answer(partitionIndex, unsure ? ERROR_CODES.OFFSET_NOT_AVAILABLE : NONE);
}

/** Whether the start of the log is asked for, which every leader knows. */
const isStart = (timestamp: number): boolean =>
  timestamp === EARLIEST_TIMESTAMP || timestamp === EARLIEST_LOCAL_TIMESTAMP;

const found = (
  partitionIndex: number,
  result: TimestampAndOffset | undefined,
): ListOffsetsResponsePartition =>
  result === undefined ? answer(partitionIndex, NONE) : { partitionIndex, errorCode: NONE, ...result };

const answer = (partitionIndex: number, errorCode: number): ListOffsetsResponsePartition => ({
  partitionIndex,
  errorCode,
  timestamp: -1,
  offset: -1,
  leaderEpoch: -1,
});
