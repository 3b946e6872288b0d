import { endOffsetFor } from '../log/leader-epoch-cache.ts';
import { truncateFullyAndStartAt, truncateTo } from '../log/truncate.ts';
import { NONE } from '../protocol/errors.ts';
import type { FetchResponseDivergingEpoch } from '../protocol/fetch.ts';
import type { ListOffsetsResponse } from '../protocol/list-offsets.ts';
import type { Broker } from './broker-memory.ts';
import { recordsBeyond } from './cut-records.ts';
import {
  askOffset,
  delayPartition,
  stillFollowed,
  type FetcherCall,
  type ReplicaFetcher,
} from './fetcher-state.ts';
import { replicaOf, type Replica } from './replica.ts';
import { trace } from './trace.ts';

/**
 * The leader's log parts from this one: cuts back to the last epoch that both know, at the earlier of its two ends. If
 * this log does not know the leader's epoch, the next fetch goes on with the one before (KIP-279). A leader of before that
 * names no epoch.
 */
export function truncateDiverging(
  broker: Broker,
  replica: Replica,
  leader: FetchResponseDivergingEpoch,
): void {
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
  const cut = to < from ? recordsBeyond(log, broker.context, to) : [];
  if (truncateTo(log, broker.context, to))
    trace(broker, { type: 'log-truncated', partition: name, from, to, committed: to < reached, cut });
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
