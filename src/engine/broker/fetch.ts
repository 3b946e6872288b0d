import { millis } from '../base/time.ts';
import type { FetchRequest, FetchRequestPartition } from '../protocol/fetch.ts';
import type { Broker } from './broker-memory.ts';
import { respondFetch } from './delayed-fetch.ts';
import { completeDeletes } from './delayed-delete.ts';
import { isFromFollower, readPartitions, replicaIdOf, type PartitionRead } from './fetch-read.ts';
import { openFetchContext, type FetchContext } from './fetch-session.ts';
import { isSessionId } from './fetch-session-cache.ts';
import { highWatermarkMoved, maybeIncrementHighWatermark } from './high-watermark.ts';
import { maybeExpandIsr } from './isr.ts';
import { armPurgatory } from './purgatory.ts';
import { fetchLimit, measure } from './quota-hooks.ts';
import { replicaFinder, type RemoteReplica, type Replica } from './replica.ts';
import { respond, type Incoming } from './requests.ts';
import { readsSomething, stumbled } from './stumbled-fetch.ts';

/** Consumers and followers read. An answer that would bring too little waits, if the reader wants to. */
export function handleFetch(broker: Broker, incoming: Incoming<'Fetch'>): void {
  const { token, version } = incoming;
  const body = withinQuota(broker, incoming);
  if (!isSessionId(body.sessionId)) {
    respond<'Fetch'>(broker, token, stumbled(body));
    return;
  }
  const fetch = openFetchContext(broker, incoming);
  if (typeof fetch === 'number') {
    respond<'Fetch'>(broker, token, { throttleTimeMs: 0, errorCode: fetch, sessionId: 0, responses: [] });
    return;
  }
  if (!isIsolationLevel(body.isolationLevel) && readsSomething(broker, fetch)) {
    respond<'Fetch'>(broker, token, stumbled(body));
    return;
  }
  const reader = { request: body, version, fetch };
  const reads = readPartitions(broker, reader);
  if (isFromFollower(body)) noteFollower(broker, body, fetch, reads);
  if (fetch.targets.length === 0 || isReady(body, reads)) {
    respondFetch(broker, token, reader, reads);
    return;
  }
  const deadline = broker.context.now() + millis(body.maxWaitMs);
  broker.memory.purgatory.fetches.set(token, { deadline, request: body, version, fetch });
  armPurgatory(broker, 'fetches', deadline);
}

/** Of who reads what is not committed, or only what is. */
const isIsolationLevel = (level: number): boolean => level === 0 || level === 1;

/** A consumer with a quota is given no more at once than fits into it. */
function withinQuota(broker: Broker, incoming: Incoming<'Fetch'>): FetchRequest {
  const { body, token } = incoming;
  if (isFromFollower(body) || broker.memory.image.quotas.size === 0) return body;
  measure(broker, incoming, 'consumer_byte_rate');
  const maxBytes = Math.min(body.maxBytes, fetchLimit(broker, token));
  return { ...body, maxBytes, minBytes: Math.min(body.minBytes, maxBytes) };
}

function isReady(request: FetchRequest, reads: readonly PartitionRead[]): boolean {
  if (request.maxWaitMs <= 0) return true;
  let bytes = 0;
  for (const read of reads) {
    if (read.isUrgent) return true;
    bytes += read.sizeInBytes;
  }
  return bytes >= request.minBytes;
}

/** What a follower asks for is what it has up to there (`Partition.updateFollowerFetchState`). */
function noteFollower(
  broker: Broker,
  request: FetchRequest,
  { targets }: FetchContext,
  reads: readonly PartitionRead[],
): void {
  const brokerId = replicaIdOf(request);
  const brokerEpoch = request.replicaState?.replicaEpoch ?? -1;
  const refused = reads.length === 0 ? reads : reads.filter(({ replica }) => replica === undefined);
  const find = replicaFinder(broker.memory);
  for (const target of targets) {
    const replica = find(target.topicId, target.asked.partition);
    const remote = replica?.remotes.get(brokerId);
    if (replica === undefined || remote === undefined || remote.brokerEpoch > brokerEpoch) continue;
    if (refused.length > 0 && refused.some((read) => read.target === target)) continue;
    remote.brokerEpoch = brokerEpoch;
    updateRemote(broker, replica, remote, target.asked);
  }
}

function updateRemote(
  broker: Broker,
  replica: Replica,
  remote: RemoteReplica,
  asked: FetchRequestPartition,
): void {
  const now = broker.context.now();
  const leaderLogEnd = replica.log.logEndOffset;
  const before = remote.logEndOffset;
  if (asked.fetchOffset >= leaderLogEnd) remote.lastCaughtUpAt = Math.max(remote.lastCaughtUpAt, now);
  else if (asked.fetchOffset >= remote.lastFetchLeaderLogEndOffset)
    remote.lastCaughtUpAt = Math.max(remote.lastCaughtUpAt, remote.lastFetchAt);
  remote.logEndOffset = asked.fetchOffset;
  remote.lastFetchLeaderLogEndOffset = leaderLogEnd;
  remote.lastFetchAt = now;
  if (remote.logStartOffset !== asked.logStartOffset) {
    remote.logStartOffset = asked.logStartOffset;
    completeDeletes(broker, replica);
  }
  maybeExpandIsr(broker, replica, remote);
  if (before !== remote.logEndOffset && maybeIncrementHighWatermark(broker, replica))
    highWatermarkMoved(broker, replica);
}
