import { endOffsetFor } from '../log/leader-epoch-cache.ts';
import { lastStableOffset, readableHighWatermark } from '../log/partition-log.ts';
import { abortedTxnsIn, isInRange, readLog, upperBoundOfRead, type LogRead } from '../log/read.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { FetchRequest, FetchRequestPartition, FetchResponsePartition } from '../protocol/fetch.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { Broker } from './broker-memory.ts';
import { currentLeaderOf, unknownTopicError } from './current-leader.ts';
import { isLeader, replicaOf, type Replica } from './replica.ts';

/** What was read for one partition. */
export interface PartitionRead {
  readonly topicId: Uuid;
  readonly answer: FetchResponsePartition;
  readonly sizeInBytes: number;
  /** The answer must not wait for more: an error, or a follower that has to truncate. */
  readonly isUrgent: boolean;
  /** Undefined if nothing could be read. */
  readonly replica: Replica | undefined;
}

const READ_COMMITTED = 1;
/** What a fetch says when it does not know an epoch. */
const NO_EPOCH = -1;

/** −1 for a consumer. */
export const replicaIdOf = (request: FetchRequest): number => request.replicaState?.replicaId ?? -1;

export const isFromFollower = (request: FetchRequest): boolean => replicaIdOf(request) >= 0;

/** Up to where this reader may read. */
export function fetchBound({ context }: Broker, request: FetchRequest, replica: Replica): number {
  if (isFromFollower(request)) return replica.log.logEndOffset;
  readableHighWatermark(replica.log, context);
  return request.isolationLevel === READ_COMMITTED
    ? lastStableOffset(replica.log)
    : replica.log.highWatermark;
}

/** Reads all partitions in the order of the request, within its limits (`ReplicaManager.readFromLog`). */
export function readPartitions(broker: Broker, reader: Reader): PartitionRead[] {
  const { request } = reader;
  let left = Math.min(request.maxBytes, broker.memory.config['fetch.max.bytes']);
  let minOneMessage = true;
  const reads: PartitionRead[] = [];
  for (const { topicId, partitions } of request.topics)
    for (const partition of partitions) {
      const maxBytes = Math.min(partition.partitionMaxBytes, left);
      const read = readPartition(broker, reader, { topicId, partition, maxBytes, minOneMessage });
      if (read.sizeInBytes > 0) minOneMessage = false;
      left = Math.max(left - read.sizeInBytes, 0);
      reads.push(read);
    }
  return reads;
}

/** Who asks: the request, and the version that it came in. */
export interface Reader {
  readonly request: FetchRequest;
  readonly version: number;
}

interface Wanted {
  readonly topicId: Uuid;
  readonly partition: FetchRequestPartition;
  readonly maxBytes: number;
  readonly minOneMessage: boolean;
}

function readPartition(broker: Broker, reader: Reader, wanted: Wanted): PartitionRead {
  const { topicId, partition } = wanted;
  const replica = replicaOf(broker.memory, topicId, partition.partition);
  const errorCode = refusalOf(broker, reader, wanted, replica);
  if (errorCode !== NONE || replica === undefined) return failed(broker, wanted, errorCode);
  const diverging = divergenceOf(replica, partition);
  if (diverging === 'unknown') return failed(broker, wanted, ERROR_CODES.OFFSET_OUT_OF_RANGE);
  if (diverging !== undefined) {
    const answer = { ...answerOf(replica, []), divergingEpoch: diverging };
    return { topicId, answer, sizeInBytes: 0, isUrgent: true, replica: undefined };
  }
  if (!isInRange(replica.log, partition.fetchOffset))
    return failed(broker, wanted, ERROR_CODES.OFFSET_OUT_OF_RANGE);
  return succeeded(broker, reader.request, wanted, replica);
}

function succeeded(broker: Broker, request: FetchRequest, wanted: Wanted, replica: Replica): PartitionRead {
  const { topicId, partition, maxBytes, minOneMessage } = wanted;
  const upTo = fetchBound(broker, request, replica);
  const offset = partition.fetchOffset;
  const read = readLog(replica.log, broker.context, { offset, maxBytes, upTo, minOneMessage });
  const answer = answerOf(replica, read.batches);
  const aborted =
    request.isolationLevel === READ_COMMITTED
      ? { abortedTransactions: abortedOf(broker, replica, offset, read) }
      : {};
  return {
    topicId,
    answer: { ...answer, ...aborted },
    sizeInBytes: read.sizeInBytes,
    isUrgent: false,
    replica,
  };
}

function abortedOf(
  { context }: Broker,
  { log }: Replica,
  offset: number,
  read: LogRead,
): { readonly producerId: number; readonly firstOffset: number }[] {
  const end = upperBoundOfRead(log, context, read, lastStableOffset(log));
  return abortedTxnsIn(log, offset, end).map(({ producerId, firstOffset }) => ({ producerId, firstOffset }));
}

const answerOf = (
  { partition, log }: Replica,
  records: FetchResponsePartition['records'],
): FetchResponsePartition => ({
  partitionIndex: partition,
  errorCode: NONE,
  highWatermark: log.highWatermark,
  lastStableOffset: lastStableOffset(log),
  logStartOffset: log.logStartOffset,
  abortedTransactions: null,
  preferredReadReplica: -1,
  records,
});

function refusalOf(
  { memory }: Broker,
  { request, version }: Reader,
  { topicId, partition }: Wanted,
  replica: Replica | undefined,
): number {
  const topic = memory.image.topicNames.get(topicId);
  if (topic === undefined) return unknownTopicError(version);
  if (memory.image.topics.get(topic)?.partitions[partition.partition] === undefined)
    return ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION;
  if (replica === undefined) return ERROR_CODES.NOT_LEADER_OR_FOLLOWER;
  const epochError = checkLeaderEpoch(replica, partition.currentLeaderEpoch);
  if (epochError !== NONE) return epochError;
  if (!isLeader(replica)) return ERROR_CODES.NOT_LEADER_OR_FOLLOWER;
  const known = !isFromFollower(request) || replica.remotes.has(replicaIdOf(request));
  return known ? NONE : ERROR_CODES.NOT_LEADER_OR_FOLLOWER;
}

/** Whether the asker and this broker speak of the same leader (KIP-320). */
export function checkLeaderEpoch(replica: Replica, epoch: number): number {
  if (epoch === NO_EPOCH || epoch === replica.leaderEpoch) return NONE;
  return epoch < replica.leaderEpoch ? ERROR_CODES.FENCED_LEADER_EPOCH : ERROR_CODES.UNKNOWN_LEADER_EPOCH;
}

/** Where the reader's log and this one part, if they do (KIP-595); `unknown` if nobody remembers. */
function divergenceOf(
  { log }: Replica,
  { lastFetchedEpoch, fetchOffset }: FetchRequestPartition,
): { readonly epoch: number; readonly endOffset: number } | 'unknown' | undefined {
  if (lastFetchedEpoch === NO_EPOCH) return undefined;
  const end = endOffsetFor(log.epochs, lastFetchedEpoch, log.logEndOffset);
  if (end.endOffset < 0) return 'unknown';
  return end.epoch < lastFetchedEpoch || end.endOffset < fetchOffset ? end : undefined;
}

const UNKNOWN: readonly number[] = [ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION, ERROR_CODES.UNKNOWN_TOPIC_ID];
const MOVED: readonly number[] = [ERROR_CODES.NOT_LEADER_OR_FOLLOWER, ERROR_CODES.FENCED_LEADER_EPOCH];

function failed({ memory }: Broker, { topicId, partition }: Wanted, errorCode: number): PartitionRead {
  const index = partition.partition;
  const answer: FetchResponsePartition = {
    partitionIndex: index,
    errorCode,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    abortedTransactions: UNKNOWN.includes(errorCode) ? [] : null,
    preferredReadReplica: -1,
    records: [],
    ...(MOVED.includes(errorCode) ? currentLeaderOf(memory, topicId, index) : {}),
  };
  return { topicId, answer, sizeInBytes: 0, isUrgent: true, replica: undefined };
}
