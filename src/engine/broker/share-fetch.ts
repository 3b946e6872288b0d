import { millis, type SimTime } from '../base/time.ts';
import { ERROR_CODES, errorName, NONE } from '../protocol/errors.ts';
import { lastStableOffset } from '../log/partition-log.ts';
import { readLog } from '../log/read.ts';
import { lastOffset, type RecordBatch } from '../protocol/record-batch.ts';
import type { ShareFetchPartition, ShareFetchRequest } from '../protocol/share-fetch.ts';
import type { ShareKey } from '../coordinator/share/share-state.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { Broker } from './broker-memory.ts';
import { currentLeaderOf } from './current-leader.ts';
import { respond } from './requests.ts';
import { acquire, canAcquire } from './share-acquisition.ts';
import { nextFetchOffset } from './share-partition.ts';
import { abortedRanges, withoutAborted } from './share-aborted.ts';
import { tellRedelivered } from './share-trace.ts';
import { shareSettingsOf } from './share-settings.ts';
import {
  armLocks,
  lockedUntil,
  openSharePartition,
  type CallShares,
  type SharedReplica,
} from './share-partitions.ts';
import { placeText, type SharePlace } from './share-session.ts';

/** A ShareFetch or ShareAcknowledge that waits: for its acknowledgements to be stored, then for records. */
export interface DelayedShare {
  readonly api: 'ShareFetch' | 'ShareAcknowledge';
  readonly groupId: string;
  readonly memberId: string;
  readonly deadline: SimTime;
  /** What is to be read; null if nothing is. */
  readonly fetch: ShareFetchRequest | null;
  readonly targets: readonly SharePlace[];
  /** All that it reads is told, not only what is news. */
  readonly tellsAll: boolean;
  /** What came of its acknowledgements, by `topic id/partition`. */
  readonly acknowledged: Map<string, number>;
  /** Acknowledgements that are not stored yet. */
  missing: number;
}

export const SHARE_FETCH_TIMER = 'share-fetch/';
const NO_LEADER = { leaderId: 0, leaderEpoch: 0 };

/** Answers if it can; else it goes on waiting. */
export function tryShareFetch(broker: Broker, call: CallShares, token: number): void {
  const delayed = broker.memory.delayedShares.get(token);
  if (delayed === undefined || delayed.missing > 0) return;
  const { fetch, targets } = delayed;
  if (fetch === null) {
    finishShare(broker, token, delayed, []);
    return;
  }
  const opened = targets.map((place) => ({ place, ...attempt(broker, call, delayed, place) }));
  const isOver = delayed.deadline <= broker.context.now();
  if (!isOver && !opened.some(({ errorCode, batches }) => errorCode !== NONE || batches.length > 0)) return;
  let left = fetch.maxRecords;
  const partitions = opened.map(({ place, errorCode, share, batches }) => {
    const taken = share === undefined || left <= 0 ? [] : take(broker, { ...share, batches }, delayed, left);
    left -= taken.reduce((sum, range) => sum + range.lastOffset - range.firstOffset + 1, 0);
    return { place, answer: answerOf(broker, place, { errorCode, batches, acquired: taken }) };
  });
  finishShare(broker, token, delayed, partitions);
}

interface Attempt {
  readonly errorCode: number;
  readonly share: SharedReplica | undefined;
  readonly batches: readonly RecordBatch[];
}

/** What there is to acquire of a partition now. */
function attempt(
  broker: Broker,
  call: CallShares,
  { groupId, fetch }: DelayedShare,
  place: SharePlace,
): Attempt {
  const share = openSharePartition(broker, call, { groupId, ...place });
  if (typeof share === 'number') return { errorCode: share, share: undefined, batches: [] };
  const nothing = { errorCode: NONE, share, batches: [] };
  const { partition, replica } = share;
  const { maxInFlight, isReadCommitted } = shareSettingsOf(broker.memory, groupId);
  if (partition.status === 'loading' || !canAcquire(partition, maxInFlight)) return nothing;
  const range = {
    offset: nextFetchOffset(partition),
    maxBytes: fetch?.maxBytes ?? 0,
    upTo: isReadCommitted ? lastStableOffset(replica.log) : replica.log.highWatermark,
    minOneMessage: true,
  };
  return { ...nothing, batches: readLog(replica.log, broker.context, range).batches };
}

function take(
  broker: Broker,
  { partition, replica, batches }: SharedReplica & Pick<Attempt, 'batches'>,
  { groupId, memberId, fetch }: DelayedShare,
  left: number,
) {
  const settings = shareSettingsOf(broker.memory, groupId);
  const acquired = acquire(partition, batches, {
    memberId,
    maxRecords: left,
    batchSize: fetch?.batchSize ?? 0,
    isStrict: fetch?.shareAcquireMode === 1,
    maxInFlight: settings.maxInFlight,
    lockedUntil: lockedUntil(broker, settings),
  });
  armLocks(broker, partition);
  const kept = settings.isReadCommitted
    ? withoutAborted(partition, abortedRanges(replica.log, batches), acquired)
    : acquired;
  tellRedelivered(broker, partition, memberId, kept);
  return kept;
}

function answerOf(
  { memory }: Broker,
  { topicId, partition }: SharePlace,
  { errorCode, batches, acquired }: Read,
): ShareFetchPartition {
  const first = acquired[0]?.firstOffset ?? 0;
  const last = acquired.at(-1)?.lastOffset ?? -1;
  const isMoved = errorCode === ERROR_CODES.NOT_LEADER_OR_FOLLOWER;
  const leader = isMoved ? currentLeaderOf(memory, topicId, partition).currentLeader : undefined;
  return {
    partitionIndex: partition,
    errorCode,
    errorMessage: errorCode === NONE ? null : errorName(errorCode),
    acknowledgeErrorCode: NONE,
    acknowledgeErrorMessage: null,
    currentLeader: leader ?? NO_LEADER,
    records: batches.filter((batch) => lastOffset(batch) >= first && batch.baseOffset <= last),
    acquiredRecords: acquired,
  };
}

/** What was read and acquired of a partition. */
interface Read extends Omit<Attempt, 'share'> {
  readonly acquired: ShareFetchPartition['acquiredRecords'];
}

interface Answered {
  readonly place: SharePlace;
  readonly answer: ShareFetchPartition;
}

function finishShare(broker: Broker, token: number, delayed: DelayedShare, read: readonly Answered[]): void {
  const { memory, context } = broker;
  memory.delayedShares.delete(token);
  context.cancelTimer(SHARE_FETCH_TIMER + String(token));
  const head = { throttleTimeMs: 0, errorCode: NONE, errorMessage: null, nodeEndpoints: [] };
  const acquisitionLockTimeoutMs = shareSettingsOf(memory, delayed.groupId).lockDurationMs;
  if (delayed.api === 'ShareFetch') {
    const responses = byTopic(fetched(broker, delayed, read));
    const bytes = read.reduce((sum, { answer }) => sum + sizeOf(answer.records), 0);
    respond<'ShareFetch'>(broker, token, { ...head, acquisitionLockTimeoutMs, responses }, bytes);
    return;
  }
  const partitions = [...delayed.acknowledged].map(([text, errorCode]) => {
    const place = placeFrom(text);
    const errorMessage = errorCode === NONE ? null : errorName(errorCode);
    return {
      place,
      answer: { partitionIndex: place.partition, errorCode, errorMessage, currentLeader: NO_LEADER },
    };
  });
  respond<'ShareAcknowledge'>(broker, token, {
    ...head,
    acquisitionLockTimeoutMs,
    responses: byTopic(partitions),
  });
}

const sizeOf = (batches: readonly RecordBatch[]): number =>
  batches.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0);

/** What is told of a fetch: news, and what came of its acknowledgements. */
function fetched(
  broker: Broker,
  { acknowledged, tellsAll }: DelayedShare,
  read: readonly Answered[],
): Answered[] {
  const all = new Map(read.map((answered) => [placeText(answered.place), answered]));
  for (const text of acknowledged.keys()) {
    const place = placeFrom(text);
    const answer = answerOf(broker, place, { errorCode: NONE, batches: [], acquired: [] });
    if (!all.has(text)) all.set(text, { place, answer });
  }
  return [...all].flatMap(([text, { place, answer }]) => {
    const acknowledgeErrorCode = acknowledged.get(text) ?? NONE;
    const isNews = answer.errorCode !== NONE || answer.acquiredRecords.length > 0 || acknowledged.has(text);
    if (!tellsAll && !isNews) return [];
    const message = acknowledgeErrorCode === NONE ? null : errorName(acknowledgeErrorCode);
    return [{ place, answer: { ...answer, acknowledgeErrorCode, acknowledgeErrorMessage: message } }];
  });
}

function placeFrom(text: string): SharePlace {
  const [topicId = '', partition] = text.split('/');
  return { topicId, partition: Number(partition) };
}

function byTopic<T>(partitions: readonly { readonly place: SharePlace; readonly answer: T }[]) {
  const topics = new Map<Uuid, T[]>();
  for (const { place, answer } of partitions)
    topics.set(place.topicId, [...(topics.get(place.topicId) ?? []), answer]);
  return [...topics].map(([topicId, answers]) => ({ topicId, partitions: answers }));
}

/** Something happened to this partition: who waits for it may go on. */
export function wakeShares(broker: Broker, call: CallShares, { topicId, partition }: SharePlace): void {
  for (const [token, { targets }] of broker.memory.delayedShares)
    if (targets.some((target) => target.topicId === topicId && target.partition === partition))
      tryShareFetch(broker, call, token);
}

/** Begins to wait, or answers at once. */
export function delayShare(broker: Broker, call: CallShares, token: number, delayed: DelayedShare): void {
  const { memory, context } = broker;
  memory.delayedShares.set(token, delayed);
  const waitMs = delayed.fetch?.maxWaitMs ?? 0;
  if (delayed.fetch !== null) context.setTimer(SHARE_FETCH_TIMER + String(token), millis(waitMs), token);
  tryShareFetch(broker, call, token);
}

/** The state of a share partition cannot be had: whoever waits for it is told so. */
export function failShares(
  broker: Broker,
  { groupId, topicId, partition }: ShareKey,
  errorCode: number,
): void {
  for (const [token, delayed] of broker.memory.delayedShares) {
    const place = delayed.targets.find(
      (target) => target.topicId === topicId && target.partition === partition,
    );
    if (place === undefined || delayed.groupId !== groupId || delayed.missing > 0) continue;
    const answer = answerOf(broker, place, { errorCode, batches: [], acquired: [] });
    finishShare(broker, token, delayed, [{ place, answer }]);
  }
}
