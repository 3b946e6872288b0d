import { millis } from '../base/time.ts';
import type { FetchRequest, FetchRequestPartition } from '../protocol/fetch.ts';
import type { Broker } from './broker-memory.ts';
import { respondFetch } from './delayed-fetch.ts';
import { completeDeletes } from './delayed-delete.ts';
import { isFromFollower, readPartitions, replicaIdOf, type PartitionRead } from './fetch-read.ts';
import { highWatermarkMoved, maybeIncrementHighWatermark } from './high-watermark.ts';
import { maybeExpandIsr } from './isr.ts';
import { armPurgatory } from './purgatory.ts';
import { replicaOf, type RemoteReplica, type Replica } from './replica.ts';
import type { Incoming } from './requests.ts';

/** Consumers and followers read. An answer that would bring too little waits, if the reader wants to. */
export function handleFetch(broker: Broker, { token, body, version }: Incoming<'Fetch'>): void {
  const reads = readPartitions(broker, { request: body, version });
  if (isFromFollower(body)) noteFollower(broker, body, reads);
  if (isReady(body, reads)) {
    respondFetch(broker, token, reads);
    return;
  }
  const deadline = broker.context.now() + millis(body.maxWaitMs);
  broker.memory.purgatory.fetches.set(token, { deadline, request: body, version });
  for (const { topicId, answer } of reads)
    replicaOf(broker.memory, topicId, answer.partitionIndex)?.fetchWatch.add(token);
  armPurgatory(broker, 'fetches', deadline);
}

function isReady(request: FetchRequest, reads: readonly PartitionRead[]): boolean {
  if (request.maxWaitMs <= 0 || reads.length === 0) return true;
  let bytes = 0;
  for (const read of reads) {
    if (read.isUrgent) return true;
    bytes += read.sizeInBytes;
  }
  return bytes >= request.minBytes;
}

/** What a follower asks for is what it has up to there (`Partition.updateFollowerFetchState`). */
function noteFollower(broker: Broker, request: FetchRequest, reads: readonly PartitionRead[]): void {
  const brokerId = replicaIdOf(request);
  const brokerEpoch = request.replicaState?.replicaEpoch ?? -1;
  let at = 0;
  for (const { partitions } of request.topics)
    for (const asked of partitions) {
      const replica = reads[at++]?.replica;
      const remote = replica?.remotes.get(brokerId);
      if (replica === undefined || remote === undefined || remote.brokerEpoch > brokerEpoch) continue;
      remote.brokerEpoch = brokerEpoch;
      updateRemote(broker, replica, remote, asked);
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
