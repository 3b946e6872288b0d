import { readLog } from '../log/read.ts';
import { NONE } from '../protocol/errors.ts';
import type { FetchRequest, FetchResponsePartition } from '../protocol/fetch.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { Broker, DelayedFetch } from './broker-memory.ts';
import { fetchBound, isFromFollower, readPartitions, type PartitionRead } from './fetch-read.ts';
import { isNews, type FetchContext } from './fetch-session.ts';
import { isLeader, replicaOf, type Replica } from './replica.ts';
import { respond } from './requests.ts';

/** Bytes of a partition's answer without its records. */
const PARTITION_SIZE = 50;

/** The log grew: followers that wait at its end get it. */
export function wakeFollowerFetches(broker: Broker, replica: Replica): void {
  wake(broker, replica, isFromFollower);
}

/** The high watermark moved: consumers that wait for it get more. */
export function wakeConsumerFetches(broker: Broker, replica: Replica): void {
  wake(broker, replica, (request) => !isFromFollower(request));
}

function wake(broker: Broker, replica: Replica, concerns: (request: FetchRequest) => boolean): void {
  if (replica.fetchWatch.size === 0) return;
  const { fetches } = broker.memory.purgatory;
  for (const token of [...replica.fetchWatch]) {
    const delayed = fetches.get(token);
    if (delayed !== undefined && concerns(delayed.request) && isSatisfied(broker, delayed))
      completeFetch(broker, token, delayed);
  }
}

/** Whether there is enough to read, or something is wrong (`DelayedFetch.tryComplete`). */
function isSatisfied(broker: Broker, { request, fetch }: DelayedFetch): boolean {
  let available = 0;
  for (const { topicId, asked } of fetch.targets) {
    const { partition, fetchOffset: offset, partitionMaxBytes: maxBytes } = asked;
    const replica = replicaOf(broker.memory, topicId, partition);
    if (replica === undefined || !isLeader(replica)) return true;
    const upTo = fetchBound(broker, request, replica);
    if (upTo < offset) return true;
    if (upTo === offset) continue;
    if (request.minBytes <= 1) return true;
    const range = { offset, maxBytes, upTo, minOneMessage: true };
    available += readLog(replica.log, broker.context, range).sizeInBytes;
    if (available >= request.minBytes) return true;
  }
  return false;
}

/** The partition has another leader now, or is gone: whoever waits here is told so. */
export function completeFetchesOf(broker: Broker, replica: Replica): void {
  for (const token of [...replica.fetchWatch]) {
    const delayed = broker.memory.purgatory.fetches.get(token);
    if (delayed !== undefined) completeFetch(broker, token, delayed);
  }
}

/** It has waited long enough: answers with what there is. */
export const expireFetch = (broker: Broker, token: number, delayed: DelayedFetch): void =>
  completeFetch(broker, token, delayed);

function completeFetch(broker: Broker, token: number, delayed: DelayedFetch): void {
  forgetFetch(broker, token);
  respondFetch(broker, token, delayed.fetch, readPartitions(broker, delayed));
}

/** Nobody waits for it any more. */
export function forgetFetch({ memory }: Broker, token: number): void {
  const delayed = memory.purgatory.fetches.get(token);
  if (delayed === undefined) return;
  memory.purgatory.fetches.delete(token);
  for (const { topicId, asked } of delayed.fetch.targets)
    replicaOf(memory, topicId, asked.partition)?.fetchWatch.delete(token);
}

/** Answers with what was read; in a session with what is news. */
export function respondFetch(
  broker: Broker,
  token: number,
  fetch: FetchContext,
  reads: readonly PartitionRead[],
): void {
  const responses: { topicId: Uuid; partitions: FetchResponsePartition[] }[] = [];
  let payloadBytes = 0;
  for (const { target, answer, sizeInBytes } of reads) {
    if (!isNews(broker, fetch, target, answer)) continue;
    payloadBytes += sizeInBytes + PARTITION_SIZE;
    const last = responses.at(-1);
    if (last?.topicId === target.topicId) last.partitions.push(answer);
    else responses.push({ topicId: target.topicId, partitions: [answer] });
  }
  const body = { throttleTimeMs: 0, errorCode: NONE, sessionId: fetch.sessionId, responses };
  respond<'Fetch'>(broker, token, body, payloadBytes);
}
