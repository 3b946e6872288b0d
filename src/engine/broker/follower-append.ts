import { appendAsFollower } from '../log/append.ts';
import { endOffsetFor } from '../log/leader-epoch-cache.ts';
import { updateHighWatermark, type PartitionLog } from '../log/partition-log.ts';
import { incrementLogStart } from '../log/retention.ts';
import { truncateFullyAndStartAt, truncateTo } from '../log/truncate.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type {
  FetchResponse,
  FetchResponseDivergingEpoch,
  FetchResponsePartition,
} from '../protocol/fetch.ts';
import type { ListOffsetsResponse } from '../protocol/list-offsets.ts';
import { nextOffset, type RecordBatch } from '../protocol/record-batch.ts';
import type { Broker } from './broker-memory.ts';
import { wakeConsumerFetches } from './delayed-fetch.ts';
import {
  askOffset,
  delayPartition,
  NEVER,
  type FetchedPartition,
  type FetcherCall,
  type ReplicaFetcher,
} from './fetcher-state.ts';
import { sessionAnswered } from './fetcher-session.ts';
import { countCopied } from './quota-hooks.ts';
import { isLeader, replicaOf, type Replica } from './replica.ts';
import { trace } from './trace.ts';

/** What came back for each partition, unless this broker has begun to follow another leader meanwhile. */
export function onFetchResponse(broker: Broker, fetcher: ReplicaFetcher, response: FetchResponse): void {
  const { session } = fetcher;
  if (!sessionAnswered(session, response)) return;
  for (const { topicId, partitions } of response.responses)
    for (const answer of partitions) {
      const replica = replicaOf(broker.memory, topicId, answer.partitionIndex);
      const sent = replica === undefined ? undefined : session.sent.get(replica.name)?.asked;
      if (replica === undefined || sent === undefined) continue;
      const state = stillFollowed(fetcher, replica, sent.currentLeaderEpoch, sent.fetchOffset);
      if (state !== undefined) onPartition(broker, fetcher, { replica, state }, answer);
    }
}

interface Followed {
  readonly replica: Replica;
  readonly state: FetchedPartition;
}

/** Undefined if the question was about another leader's time, or the log has changed since. */
function stillFollowed(
  fetcher: ReplicaFetcher,
  replica: Replica,
  leaderEpoch: number,
  fetchOffset: number,
): FetchedPartition | undefined {
  const state = fetcher.partitions.get(replica.name);
  if (state === undefined || isLeader(replica) || state.leaderEpoch !== leaderEpoch) return undefined;
  return replica.log.logEndOffset === fetchOffset ? state : undefined;
}

function onPartition(
  broker: Broker,
  fetcher: ReplicaFetcher,
  { replica, state }: Followed,
  answer: FetchResponsePartition,
): void {
  switch (answer.errorCode) {
    case NONE:
      if (answer.divergingEpoch === undefined) store(broker, { replica, state }, answer);
      else truncateDiverging(broker, replica, answer.divergingEpoch);
      return;
    case ERROR_CODES.OFFSET_OUT_OF_RANGE:
      state.isAskingOffset = true;
      askOffset(broker, fetcher, replica, 'latest');
      return;
    case ERROR_CODES.FENCED_LEADER_EPOCH:
      state.readyAt = NEVER; // Newer metadata is on its way.
      return;
    default:
      delayPartition(broker, state);
  }
}

function store(broker: Broker, { replica, state }: Followed, answer: FetchResponsePartition): void {
  const { log } = replica;
  for (const batch of answer.records ?? []) {
    if (overlapsEnd(log, batch)) {
      if (log.logEndOffset > log.logStartOffset) {
        state.readyAt = NEVER;
        return;
      }
      truncateFullyAndStartAt(log, broker.context, batch.baseOffset);
    }
    if (nextOffset(batch) > log.logEndOffset) appendAsFollower(log, broker.context, batch);
  }
  countReceived(broker, { replica, state }, answer);
  if (answer.highWatermark !== log.highWatermark) {
    const before = log.highWatermark;
    if (updateHighWatermark(log, broker.context, answer.highWatermark) !== before)
      wakeConsumerFetches(broker, replica);
  }
  if (answer.logStartOffset > log.logStartOffset)
    incrementLogStart(log, broker.context, answer.logStartOffset);
}

/** `AbstractFetcherThread`: how far it is behind is told anew by an answer that brings something. */
function countReceived(
  broker: Broker,
  { replica, state }: Followed,
  { records, highWatermark }: FetchResponsePartition,
): void {
  const bytes = (records ?? []).reduce((sum, batch) => sum + batch.sizeInBytes, 0);
  if (bytes > 0 || state.lag === null) state.lag = Math.max(0, highWatermark - replica.log.logEndOffset);
  if (bytes > 0) countCopied(broker, replica, 'follower', bytes);
}

/**
 * A batch that begins below the end of this log, and ends beyond it. An empty log begins with it: the leader's may start
 * inside a batch after DeleteRecords. Otherwise the logs part and nobody noticed before, because leader epochs are not used
 * or those of the deleted records are forgotten: this replica copies nothing until it is told to follow anew, as in Kafka
 * (`UnexpectedAppendOffsetException`).
 */
const overlapsEnd = ({ logEndOffset }: PartitionLog, batch: RecordBatch): boolean =>
  batch.baseOffset < logEndOffset && nextOffset(batch) > logEndOffset;

/**
 * The leader's log parts from this one: cuts back to the last epoch that both know, at the earlier of its two ends. If
 * this log does not know the leader's epoch, the next fetch goes on with the one before (KIP-279). A leader of before that
 * names no epoch.
 */
function truncateDiverging(broker: Broker, replica: Replica, leader: FetchResponseDivergingEpoch): void {
  const { log } = replica;
  const own = endOffsetFor(log.epochs, leader.epoch, log.logEndOffset);
  if (own.endOffset < 0) truncate(broker, replica, leader.endOffset);
  else if (own.epoch === leader.epoch) truncate(broker, replica, Math.min(own.endOffset, leader.endOffset));
  else truncate(broker, replica, own.endOffset);
}

/** Cuts the log back to an offset, if it reaches further. */
export function truncate(broker: Broker, replica: Replica, offset: number): void {
  const { log, name } = replica;
  const from = log.logEndOffset;
  const reached = log.highWatermark;
  const to = Math.min(offset, from);
  if (truncateTo(log, broker.context, to))
    trace(broker, { type: 'log-truncated', partition: name, from, to, committed: to < reached });
}

type OffsetCall = Extract<FetcherCall, { kind: 'latest' | 'earliest' }>;

/**
 * What the leader's log holds is not where this one ends. After an unclean election it may end earlier: cut. If it begins
 * later: begin there, empty.
 */
export function onOffsetResponse(
  broker: Broker,
  fetcher: ReplicaFetcher,
  { kind, asked }: OffsetCall,
  response: ListOffsetsResponse,
): void {
  const replica = replicaOf(broker.memory, asked.topicId, asked.partition);
  if (replica === undefined) return;
  const state = stillFollowed(fetcher, replica, asked.leaderEpoch, asked.fetchOffset);
  if (state === undefined) return;
  const answer = response.topics[0]?.partitions[0];
  state.isAskingOffset = false;
  if (answer === undefined || answer.errorCode !== NONE) delayPartition(broker, state);
  else if (kind === 'earliest') beginAt(broker, replica, answer.offset);
  else if (answer.offset < replica.log.logEndOffset) truncate(broker, replica, answer.offset);
  else {
    state.isAskingOffset = true;
    askOffset(broker, fetcher, replica, 'earliest');
  }
}

function beginAt({ context }: Broker, { log }: Replica, leaderStart: number): void {
  if (leaderStart > log.logEndOffset) truncateFullyAndStartAt(log, context, leaderStart);
}
