import { lacks } from '../api/improvements.ts';
import { endOffsetFor } from '../log/leader-epoch-cache.ts';
import { lastStableOffset, logLeaderEpoch, readableHighWatermark } from '../log/partition-log.ts';
import type { AbortedTxn } from '../log/producer-append.ts';
import { abortedTxnsOf, isInRange, readLog } from '../log/read.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type {
  FetchRequest,
  FetchRequestPartition,
  FetchResponseAbortedTransaction,
  FetchResponseDivergingEpoch,
  FetchResponsePartition,
} from '../protocol/fetch.ts';
import type { RecordBatch } from '../protocol/record-batch.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { Broker, BrokerMemory } from './broker-memory.ts';
import { currentLeaderOf, unknownTopicError } from './current-leader.ts';
import {
  sessionOf,
  type FetchContext,
  type FetchSession,
  type FetchTarget,
  type SessionPartition,
} from './fetch-session.ts';
import { preferredReadReplica } from './preferred-read-replica.ts';
import { holdsBack } from './quota-hooks.ts';
import { absence, isLeader, replicaFinder, type Replica } from './replica.ts';

/** What was read for one partition. */
export interface PartitionRead {
  readonly target: FetchTarget;
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

/** Whether the reader is a follower that gets nothing of this partition now, so as not to send too much. */
export const isHeldBackFrom = (broker: Broker, request: FetchRequest, replica: Replica): boolean =>
  isFromFollower(request) && holdsBack(broker, replica, replicaIdOf(request));

/** Up to where this reader may read. */
export function fetchBound({ context }: Broker, request: FetchRequest, replica: Replica): number {
  if (isFromFollower(request)) return replica.log.logEndOffset;
  readableHighWatermark(replica.log, context);
  return request.isolationLevel === READ_COMMITTED
    ? lastStableOffset(replica.log)
    : replica.log.highWatermark;
}

/** Who asks for what: the request, the version that it came in, and the partitions. */
export interface Reader {
  readonly request: FetchRequest;
  readonly version: number;
  readonly fetch: FetchContext;
  /** The session that the fetch is a part of, if it has ended since. */
  readonly session?: FetchSession;
}

/**
 * Reads all partitions in order, within the limits of the request (`ReplicaManager.readFromLog`). Left out are those of
 * which a follower in a session would hear nothing: most of them, most of the time.
 */
export function readPartitions(broker: Broker, reader: Reader): PartitionRead[] {
  let left = Math.min(reader.request.maxBytes, broker.memory.config['fetch.max.bytes']);
  let minOneMessage = true;
  const reads: PartitionRead[] = [];
  const replicaId = replicaIdOf(reader.request);
  const session = replicaId < 0 ? undefined : sessionOf(broker, reader);
  const find = replicaFinder(broker.memory);
  for (const target of reader.fetch.targets) {
    const replica = find(target.topicId, target.asked.partition);
    if (session !== undefined && replica !== undefined) {
      const told = session.partitions.get(target.key);
      if (told !== undefined && knowsAll(replica, replicaId, told, target)) continue;
    }
    const maxBytes = Math.min(target.asked.partitionMaxBytes, left);
    const read = readPartition(broker, reader, { target, replica, maxBytes, minOneMessage });
    if (read.sizeInBytes > 0) minOneMessage = false;
    left = Math.max(left - read.sizeInBytes, 0);
    reads.push(read);
  }
  return reads;
}

/** The follower has all there is under this leader, and was told where things stand. */
function knowsAll(
  replica: Replica,
  replicaId: number,
  told: SessionPartition,
  { asked }: FetchTarget,
): boolean {
  const { log } = replica;
  return (
    isLeader(replica) &&
    asked.currentLeaderEpoch === replica.leaderEpoch &&
    asked.fetchOffset === log.logEndOffset &&
    asked.lastFetchedEpoch === logLeaderEpoch(log) &&
    told.highWatermark === log.highWatermark &&
    told.logStartOffset === log.logStartOffset &&
    replica.remotes.has(replicaId)
  );
}

interface Wanted {
  readonly target: FetchTarget;
  readonly replica: Replica | undefined;
  readonly maxBytes: number;
  readonly minOneMessage: boolean;
}

function readPartition(broker: Broker, reader: Reader, wanted: Wanted): PartitionRead {
  const { target, replica } = wanted;
  const errorCode = refusalOf(broker, reader, target, replica);
  if (errorCode !== NONE || replica === undefined) return failed(broker, target, errorCode);
  const preferred = preferredOf(broker, reader, target, replica);
  if (preferred >= 0) {
    const answer = { ...answerOf(replica, NO_BATCHES), preferredReadReplica: preferred };
    return { target, answer, sizeInBytes: 0, isUrgent: true, replica: undefined };
  }
  const diverging = divergenceOf(broker, replica, target.asked);
  if (diverging === 'unknown') return failed(broker, target, ERROR_CODES.OFFSET_OUT_OF_RANGE);
  if (diverging !== undefined) {
    const answer = { ...answerOf(replica, NO_BATCHES), divergingEpoch: diverging };
    return { target, answer, sizeInBytes: 0, isUrgent: true, replica: undefined };
  }
  if (!isInRange(replica.log, target.asked.fetchOffset))
    return failed(broker, target, ERROR_CODES.OFFSET_OUT_OF_RANGE);
  return succeeded(broker, reader.request, wanted, replica);
}

const RACK_AWARE = 'org.apache.kafka.common.replica.RackAwareReplicaSelector';

/** Whom the leader sends a consumer to instead; −1: to nobody. */
function preferredOf(broker: Broker, { request }: Reader, { asked }: FetchTarget, replica: Replica): number {
  if (broker.memory.config['replica.selector.class'] !== RACK_AWARE || isFromFollower(request)) return -1;
  return preferredReadReplica(broker, replica, { rackId: request.rackId, fetchOffset: asked.fetchOffset });
}

function succeeded(broker: Broker, request: FetchRequest, wanted: Wanted, replica: Replica): PartitionRead {
  const { target, maxBytes, minOneMessage } = wanted;
  if (isHeldBackFrom(broker, request, replica))
    return { target, answer: answerOf(replica, NO_BATCHES), sizeInBytes: 0, isUrgent: false, replica };
  const upTo = fetchBound(broker, request, replica);
  const offset = target.asked.fetchOffset;
  if (maxBytes < 0 && offset < upTo) return failed(broker, target, ERROR_CODES.UNKNOWN_SERVER_ERROR);
  const read = readLog(replica.log, broker.context, { offset, maxBytes, upTo, minOneMessage });
  const { batches, sizeInBytes } = read;
  const plain = answerOf(replica, batches);
  const answer =
    request.isolationLevel === READ_COMMITTED
      ? {
          ...plain,
          abortedTransactions: abortedTxnsOf(replica.log, broker.context, { offset, upTo }, read).map(toldOf),
        }
      : plain;
  return { target, answer, sizeInBytes, isUrgent: false, replica };
}

const toldOf = ({ producerId, firstOffset }: AbortedTxn): FetchResponseAbortedTransaction => ({
  producerId,
  firstOffset,
});

const NO_BATCHES: readonly RecordBatch[] = Object.freeze([]);

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

/** Version of Fetch from which on consumers say where they are, and may read from followers too (KIP-392). */
const READS_FOLLOWERS = 11;

/** Followers are served by the leader only. */
export const mayServe = (replica: Replica, request: FetchRequest, version: number): boolean =>
  isLeader(replica) || (!isFromFollower(request) && version >= READS_FOLLOWERS);

function refusalOf(
  { memory }: Broker,
  { request, version }: Reader,
  { topicId, asked }: FetchTarget,
  replica: Replica | undefined,
): number {
  if (replica === undefined) return unknownPartition(memory, version, topicId, asked.partition);
  const epochError = checkLeaderEpoch(replica, Math.max(asked.currentLeaderEpoch, NO_EPOCH));
  if (epochError !== NONE) return epochError;
  if (!mayServe(replica, request, version)) return ERROR_CODES.NOT_LEADER_OR_FOLLOWER;
  const known = !isFromFollower(request) || replica.remotes.has(replicaIdOf(request));
  return known ? NONE : ERROR_CODES.NOT_LEADER_OR_FOLLOWER;
}

/** Why a partition is not on this broker. */
function unknownPartition(memory: BrokerMemory, version: number, topicId: Uuid, partition: number): number {
  const topic = memory.image.topicNames.get(topicId);
  if (topic === undefined) return unknownTopicError(version);
  return memory.image.topics.get(topic)?.partitions[partition] === undefined
    ? ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION
    : absence(memory, topicId, partition);
}

/** Whether the asker and this broker speak of the same leader (KIP-320). */
export function checkLeaderEpoch(replica: Replica, epoch: number): number {
  if (epoch === NO_EPOCH || epoch === replica.leaderEpoch) return NONE;
  return epoch < replica.leaderEpoch ? ERROR_CODES.FENCED_LEADER_EPOCH : ERROR_CODES.UNKNOWN_LEADER_EPOCH;
}

/**
 * Where the reader's log and this one part, if they do (KIP-595); `unknown` if nobody remembers. Before KIP-279 the
 * answer was no more than where the next epoch begins here, of whatever epoch that is the end.
 */
function divergenceOf(
  { memory }: Broker,
  { log }: Replica,
  { lastFetchedEpoch, fetchOffset }: FetchRequestPartition,
): FetchResponseDivergingEpoch | 'unknown' | undefined {
  const { before } = memory.settings;
  if (lacks(before, 'KIP-101')) return undefined;
  const isAtEnd = lastFetchedEpoch === logLeaderEpoch(log) && fetchOffset <= log.logEndOffset;
  if (lastFetchedEpoch < 0 || isAtEnd) return undefined;
  const end = endOffsetFor(log.epochs, lastFetchedEpoch, log.logEndOffset);
  if (end.endOffset < 0) return 'unknown';
  const endsEarlier = end.endOffset < fetchOffset;
  if (lacks(before, 'KIP-279')) return endsEarlier ? { ...end, epoch: NO_EPOCH } : undefined;
  return end.epoch < lastFetchedEpoch || endsEarlier ? end : undefined;
}

const UNKNOWN: readonly number[] = [ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION, ERROR_CODES.UNKNOWN_TOPIC_ID];
const MOVED: readonly number[] = [ERROR_CODES.NOT_LEADER_OR_FOLLOWER, ERROR_CODES.FENCED_LEADER_EPOCH];

function failed({ memory }: Broker, target: FetchTarget, errorCode: number): PartitionRead {
  const { topicId, asked } = target;
  const index = asked.partition;
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
  return { target, answer, sizeInBytes: 0, isUrgent: true, replica: undefined };
}
