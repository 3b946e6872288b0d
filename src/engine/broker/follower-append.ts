import { appendAsFollower } from '../log/append.ts';
import { updateHighWatermark, type PartitionLog } from '../log/partition-log.ts';
import { incrementLogStart } from '../log/retention.ts';
import { truncateFullyAndStartAt } from '../log/truncate.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { FetchResponse, FetchResponsePartition } from '../protocol/fetch.ts';
import { nextOffset, type RecordBatch } from '../protocol/record-batch.ts';
import type { Broker } from './broker-memory.ts';
import { wakeConsumerFetches } from './delayed-fetch.ts';
import {
  askOffset,
  delayPartition,
  stillFollowed,
  NEVER,
  type FetchedPartition,
  type ReplicaFetcher,
} from './fetcher-state.ts';
import { truncateDiverging } from './follower-truncation.ts';
import { sessionAnswered } from '../protocol/fetch-session-handler.ts';
import { countCopied } from './quota-hooks.ts';
import { replicaOf, type Replica } from './replica.ts';

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
    const isNew = nextOffset(batch) > log.logEndOffset;
    // Who cannot take what its leader has gives the partition up (`AbstractFetcherThread.markPartitionFailed`).
    if (isNew && appendAsFollower(log, broker.context, batch) !== NONE) {
      state.readyAt = NEVER;
      return;
    }
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
