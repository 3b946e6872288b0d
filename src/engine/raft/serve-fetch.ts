import { millis } from '../base/time.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type {
  FetchRequest,
  FetchRequestPartition,
  FetchResponse,
  FetchResponsePartition,
} from '../protocol/fetch.ts';
import type { RequestMessage } from '../protocol/message.ts';
import type { RecordBatch } from '../protocol/record-batch.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { NodeContext } from '../sim/node-context.ts';
import { respondTo, sizeOf } from './answer.ts';
import { noteFetchedVoters } from './leader-epochs.ts';
import { updateReplicaEnd } from './leader-state.ts';
import { raiseHighWatermark, readBatches, validate } from './quorum-log.ts';
import { isVoter, type ParkedFetch, type Raft } from './raft-state.ts';

/** Timers of parked fetches are named by this and their connection and correlation id. */
export const PARKED_TIMER = 'raft/parked/';

const timerOf = ({ connection, correlationId }: ParkedFetch): string =>
  `${PARKED_TIMER}${connection}/${correlationId}`;

/**
 * A replica reads the log. It gets what comes next, or is told where it has to cut or which snapshot to take first;
 * without anything new the answer waits. Observers are sent only what is committed, so they never have to cut.
 */
export function onFetchRequest(
  raft: Raft,
  context: NodeContext,
  connection: ConnectionId,
  { correlationId, body }: RequestMessage<'Fetch'>,
): void {
  const asked = askedPartition(raft, body);
  if (asked === undefined) {
    reply(context, { connection, correlationId }, refusedTopics(body));
    return;
  }
  const replicaId = body.replicaState?.replicaId ?? -1;
  const { fetchOffset } = asked;
  const maxBytes = Math.min(body.maxBytes, asked.partitionMaxBytes, raft.options.settings.fetchMaxBytes);
  const fetch: ParkedFetch = { connection, correlationId, replicaId, fetchOffset, maxBytes };
  const errorCode = leaderError(raft, asked);
  if (errorCode !== NONE) {
    reply(context, fetch, answersOf(raft, answerOf(raft, errorCode)));
    return;
  }
  const validity = validate(raft, context.disk, { offset: fetchOffset, epoch: asked.lastFetchedEpoch });
  if (validity.kind === 'diverging') {
    const divergingEpoch = { epoch: validity.at.epoch, endOffset: validity.at.offset };
    reply(context, fetch, answersOf(raft, { ...answerOf(raft, NONE), divergingEpoch }));
  } else if (validity.kind === 'snapshot')
    reply(context, fetch, answersOf(raft, { ...answerOf(raft, NONE), snapshotId: validity.id }));
  else serve(raft, context, fetch, { maxWaitMs: body.maxWaitMs, knownHighWatermark: asked.highWatermark });
}

interface Patience {
  readonly maxWaitMs: number;
  readonly knownHighWatermark: number | undefined;
}

function serve(raft: Raft, context: NodeContext, fetch: ParkedFetch, patience: Patience): void {
  const { leader, options } = raft;
  const { replicaId, fetchOffset } = fetch;
  if (leader !== null && replicaId >= 0 && replicaId !== options.nodeId) {
    const moved = updateReplicaEnd(
      leader,
      { leaderId: options.nodeId, replicaId, fetchOffset },
      context.now(),
    );
    if (moved) raiseHighWatermark(raft, context, leader.highWatermark ?? 0);
    if (isVoter(raft, replicaId)) noteFetchedVoters(raft, context);
    if (moved) completeParked(raft, context);
  }
  const isNews = (patience.knownHighWatermark ?? raft.highWatermark) < raft.highWatermark;
  if (fetchOffset < readableEnd(raft, replicaId) || isNews || patience.maxWaitMs <= 0) {
    answer(raft, context, fetch);
    return;
  }
  raft.parked.push(fetch);
  context.setTimer(timerOf(fetch), millis(patience.maxWaitMs));
}

/** Voters read what is not committed yet: that is how it becomes so. */
const readableEnd = (raft: Raft, replicaId: number): number =>
  isVoter(raft, replicaId) ? raft.log.logEndOffset : raft.highWatermark;

/** The log has grown or the high watermark moved: answers who waited for it. */
export function completeParked(raft: Raft, context: NodeContext): void {
  const { parked } = raft;
  raft.parked = [];
  for (const fetch of parked) {
    context.cancelTimer(timerOf(fetch));
    answer(raft, context, fetch);
  }
}

/** It has waited long enough: answers with nothing. */
export function onParkedTimer(raft: Raft, context: NodeContext, timer: string): void {
  const fetch = raft.parked.find((parked) => timerOf(parked) === timer);
  if (fetch === undefined) return;
  raft.parked = raft.parked.filter((parked) => parked !== fetch);
  answer(raft, context, fetch);
}

/** Nobody waits for these answers any more. */
export function forgetParked(raft: Raft, context: NodeContext, connection: ConnectionId): void {
  for (const fetch of raft.parked) if (fetch.connection === connection) context.cancelTimer(timerOf(fetch));
  raft.parked = raft.parked.filter((fetch) => fetch.connection !== connection);
}

function answer(raft: Raft, context: NodeContext, fetch: ParkedFetch): void {
  if (raft.role !== 'leader') {
    reply(context, fetch, answersOf(raft, answerOf(raft, ERROR_CODES.NOT_LEADER_OR_FOLLOWER)));
    return;
  }
  const { fetchOffset: offset, maxBytes, replicaId } = fetch;
  const records = readBatches(raft, context, { offset, maxBytes, upTo: readableEnd(raft, replicaId) });
  reply(context, fetch, answersOf(raft, answerOf(raft, NONE, records)), sizeOf(records));
}

const askedPartition = ({ options }: Raft, request: FetchRequest): FetchRequestPartition | undefined =>
  request.topics.find(({ topicId }) => topicId === options.topic.id)?.partitions[0];

/** Only the leader of the reader's epoch may be read from. */
function leaderError(raft: Raft, { currentLeaderEpoch }: FetchRequestPartition): number {
  if (currentLeaderEpoch >= 0 && currentLeaderEpoch < raft.epoch && raft.role === 'leader')
    return ERROR_CODES.FENCED_LEADER_EPOCH;
  if (currentLeaderEpoch > raft.epoch) return ERROR_CODES.UNKNOWN_LEADER_EPOCH;
  return raft.role === 'leader' ? NONE : ERROR_CODES.NOT_LEADER_OR_FOLLOWER;
}

const answerOf = (
  raft: Raft,
  errorCode: number,
  records: readonly RecordBatch[] = [],
): FetchResponsePartition => {
  const highWatermark = errorCode === NONE ? (raft.leader?.highWatermark ?? -1) : -1;
  return {
    partitionIndex: 0,
    errorCode,
    highWatermark,
    lastStableOffset: highWatermark,
    logStartOffset: errorCode === NONE ? raft.log.logStartOffset : -1,
    abortedTransactions: null,
    preferredReadReplica: -1,
    records,
    currentLeader: { leaderId: raft.leaderId, leaderEpoch: raft.epoch },
  };
};

const answersOf = ({ options }: Raft, partition: FetchResponsePartition): FetchResponse['responses'] => [
  { topicId: options.topic.id, partitions: [partition] },
];

/** There is no other topic here. */
const refusedTopics = (request: FetchRequest): FetchResponse['responses'] =>
  request.topics.map(({ topicId, partitions }) => ({
    topicId,
    partitions: partitions.map(({ partition }) => ({
      partitionIndex: partition,
      errorCode: ERROR_CODES.UNKNOWN_TOPIC_ID,
      highWatermark: -1,
      lastStableOffset: -1,
      logStartOffset: -1,
      abortedTransactions: null,
      preferredReadReplica: -1,
      records: [],
    })),
  }));

type Asker = Pick<ParkedFetch, 'connection' | 'correlationId'>;

function reply(context: NodeContext, asker: Asker, responses: FetchResponse['responses'], payload = 0): void {
  const body: FetchResponse = { throttleTimeMs: 0, errorCode: NONE, sessionId: 0, responses };
  const { connection, correlationId } = asker;
  respondTo(context, { connection, correlationId, api: 'Fetch', payload }, body);
}
