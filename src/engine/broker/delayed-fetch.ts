import { readLog } from '../log/read.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { FetchResponsePartition, FetchResponseResponse } from '../protocol/fetch.ts';
import { ZERO_UUID, type Uuid } from '../protocol/uuid.ts';
import type { Broker, DelayedFetch } from './broker-memory.ts';
import {
  fetchBound,
  isFromFollower,
  isHeldBackFrom,
  mayServe,
  readPartitions,
  type PartitionRead,
  type Reader,
} from './fetch-read.ts';
import { beginSession, isNews, sessionOf, type FetchTarget } from './fetch-session.ts';
import { countCopied, throttleFetch } from './quota-hooks.ts';
import { replicaOf, type Replica } from './replica.ts';
import { respond } from './requests.ts';
import { shareLogChanged } from './share-bridge.ts';

/** Bytes of a partition's answer without its records. */
const PARTITION_SIZE = 50;

/** The log grew: followers that wait at its end get it. */
export const wakeFollowerFetches = (broker: Broker, replica: Replica): void => wake(broker, replica, true);

/** The high watermark moved: consumers that wait for it get more. */
export function wakeConsumerFetches(broker: Broker, replica: Replica): void {
  wake(broker, replica, false);
  if (broker.memory.delayedShares.size > 0) shareLogChanged(broker, replica);
}

function wake(broker: Broker, replica: Replica, followers: boolean): void {
  for (const [token, delayed] of broker.memory.purgatory.fetches) {
    if (isFromFollower(delayed.request) !== followers) continue;
    const target = targetFor(delayed, replica);
    if (target === undefined) continue;
    if (isSatisfiedHere(broker, delayed, target, replica) || isSatisfied(broker, delayed))
      completeFetch(broker, token, delayed);
  }
}

/** What a delayed fetch wants of this partition. */
function targetFor({ fetch }: DelayedFetch, { topicId, partition }: Replica): FetchTarget | undefined {
  for (const target of fetch.targets)
    if (target.asked.partition === partition && target.topicId === topicId) return target;
  return undefined;
}

/** Whether what just happened to this partition is enough, so that no other has to be looked at. */
const isSatisfiedHere = (
  broker: Broker,
  { request, version }: DelayedFetch,
  { asked }: FetchTarget,
  replica: Replica,
): boolean =>
  request.minBytes <= 1 &&
  mayServe(replica, request, version) &&
  !isHeldBackFrom(broker, request, replica) &&
  fetchBound(broker, request, replica) !== asked.fetchOffset;

/** Whether there is enough to read, or something is wrong (`DelayedFetch.tryComplete`). */
function isSatisfied(broker: Broker, { request, version, fetch }: DelayedFetch): boolean {
  let available = 0;
  for (const { topicId, asked } of fetch.targets) {
    const { partition, fetchOffset: offset, partitionMaxBytes: maxBytes } = asked;
    const replica = replicaOf(broker.memory, topicId, partition);
    if (replica === undefined || !mayServe(replica, request, version)) return true;
    const upTo = fetchBound(broker, request, replica);
    if (upTo < offset) return true;
    if (upTo === offset || isHeldBackFrom(broker, request, replica)) continue;
    if (request.minBytes <= 1) return true;
    const range = { offset, maxBytes, upTo, minOneMessage: true };
    available += readLog(replica.log, broker.context, range).sizeInBytes;
    if (available >= request.minBytes) return true;
  }
  return false;
}

/** The partition has another leader now, or is gone: whoever waits here is told so. */
export function completeFetchesOf(broker: Broker, replica: Replica): void {
  for (const [token, delayed] of broker.memory.purgatory.fetches)
    if (targetFor(delayed, replica) !== undefined) completeFetch(broker, token, delayed);
  if (broker.memory.delayedShares.size > 0) shareLogChanged(broker, replica);
}

/** It has waited long enough: answers with what there is. */
export const expireFetch = (broker: Broker, token: number, delayed: DelayedFetch): void =>
  completeFetch(broker, token, delayed);

function completeFetch(broker: Broker, token: number, delayed: DelayedFetch): void {
  forgetFetch(broker, token);
  respondFetch(broker, token, delayed, readPartitions(broker, delayed));
}

/** Nobody waits for it any more. */
export const forgetFetch = ({ memory }: Broker, token: number): void =>
  void memory.purgatory.fetches.delete(token);

/** What nobody knows, in the order in which it is found out: topics by their ids, then partitions. */
const UNKNOWN: readonly number[] = [ERROR_CODES.UNKNOWN_TOPIC_ID, ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION];

/** What could be looked at comes before what is not there, so a topic may be named twice in an answer. */
function inAnswerOrder(reads: readonly PartitionRead[]): readonly PartitionRead[] {
  const isKnown = ({ answer }: PartitionRead): boolean => !UNKNOWN.includes(answer.errorCode);
  if (reads.every(isKnown)) return reads;
  const withError = (errorCode: number): PartitionRead[] =>
    reads.filter(({ answer }) => answer.errorCode === errorCode);
  return [...reads.filter(isKnown), ...UNKNOWN.flatMap(withError)];
}

/** Answers with what was read; in a session with what is news. */
export function respondFetch(
  broker: Broker,
  token: number,
  reader: Reader,
  reads: readonly PartitionRead[],
): void {
  const { fetch } = reader;
  const sizeInBytes = reads.reduce((sum, read) => sum + read.sizeInBytes + PARTITION_SIZE, 0);
  const throttleTimeMs = throttleFetch(broker, token, sizeInBytes);
  const session = sessionOf(broker, reader);
  if (fetch.isIncremental && session === undefined) {
    // Another request of the session came while this one waited, so it is one that was sent twice.
    const errorCode = ERROR_CODES.INVALID_FETCH_SESSION_EPOCH;
    respond<'Fetch'>(broker, token, { throttleTimeMs, errorCode, sessionId: fetch.sessionId, responses: [] });
    return;
  }
  if (throttleTimeMs > 0) {
    const empty = { throttleTimeMs, errorCode: NONE, sessionId: fetch.sessionId, responses: [] };
    respond<'Fetch'>(broker, token, empty);
    return;
  }
  const told = inAnswerOrder(reads).filter((read) => session === undefined || isNews(session, read));
  const sessionId = session?.id ?? beginSession(broker, fetch, told);
  const payloadBytes = told.reduce((sum, read) => sum + read.sizeInBytes + PARTITION_SIZE, 0);
  countForFollower(broker, reader, told);
  const body = { throttleTimeMs: 0, errorCode: NONE, sessionId, responses: byTopic(told) };
  respond<'Fetch'>(broker, token, body, payloadBytes);
}

function countForFollower(broker: Broker, { request }: Reader, told: readonly PartitionRead[]): void {
  if (!isFromFollower(request)) return;
  for (const { replica, sizeInBytes } of told)
    if (replica !== undefined) countCopied(broker, replica, 'leader', sizeInBytes + PARTITION_SIZE);
}

function byTopic(told: readonly PartitionRead[]): FetchResponseResponse[] {
  const responses: { topicId: Uuid; topic?: string; partitions: FetchResponsePartition[] }[] = [];
  for (const { target, answer } of told) {
    const { topicId, topic } = target;
    const last = responses.at(-1);
    if (last !== undefined && (topic === null ? last.topicId === topicId : last.topic === topic))
      last.partitions.push(answer);
    else if (topic === null) responses.push({ topicId, partitions: [answer] });
    else responses.push({ topicId: ZERO_UUID, topic, partitions: [answer] });
  }
  return responses;
}
