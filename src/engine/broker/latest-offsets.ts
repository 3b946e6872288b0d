import { millis } from '../base/time.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import { LATEST_TIMESTAMP, type ListOffsetsResponse } from '../protocol/list-offsets.ts';
import { callBroker } from './broker-channel.ts';
import type { Broker } from './broker-memory.ts';
import { leaderOf, NOBODY } from './live-leader.ts';

/** A partition whose end a broker wants to know. Frozen. */
export interface AskedEnd {
  readonly topic: string;
  readonly partition: number;
}

/** Where a partition ends, as a consumer may read it that does not look at transactions, or why that is not known. */
export interface LatestOffset extends AskedEnd {
  readonly errorCode: number;
  /** −1 if there is an error. */
  readonly offset: number;
}

/** Partitions of one leader that a request waits for. Frozen. */
export interface EndsCall {
  /** The request that waits. */
  readonly token: number;
  readonly leader: number;
  readonly ends: readonly AskedEnd[];
  /** How often it was tried again. */
  readonly retries: number;
}

/** Questions to leaders under way (`NetworkPartitionMetadataClient`). Plain data. */
export interface LatestOffsetsClient {
  queue: EndsCall[];
  /** By leader: each is asked one thing at a time. */
  readonly inFlight: Map<number, EndsCall>;
  /** Failed; tried again after a while, each by its own number. */
  readonly waiting: Map<number, EndsCall>;
  nextWait: number;
}

/** What came of the question to one leader. */
export interface SettledEnds {
  readonly token: number;
  readonly ends: readonly LatestOffset[];
}

export const ENDS_RETRY_TIMER = 'share-ends/';

/** ms; doubled with each retry, the first too (`REQUEST_BACKOFF_MS`, `REQUEST_BACKOFF_MAX_MS`). */
const BACKOFF_MS = 1_000;
const BACKOFF_MAX_MS = 30_000;
const MAX_RETRIES = 5;
const READ_UNCOMMITTED = 0;
const CONSUMER = -1;

const unknown = (end: AskedEnd, errorCode: number): LatestOffset => ({ ...end, errorCode, offset: -1 });

/**
 * Asks the leaders of partitions for their ends. Returns how many were asked, and what is known at once: nobody leads.
 * Each leader that was asked is heard of by {@link takeLatestOffsets}.
 */
export function askLatestOffsets(
  broker: Broker,
  token: number,
  ends: readonly AskedEnd[],
): { readonly asked: number; readonly known: readonly LatestOffset[] } {
  const byLeader = new Map<number, AskedEnd[]>();
  for (const end of ends) {
    const leader = leaderOf(broker.memory, end.topic, end.partition) ?? NOBODY;
    byLeader.set(leader, [...(byLeader.get(leader) ?? []), end]);
  }
  const orphans = byLeader.get(NOBODY) ?? [];
  byLeader.delete(NOBODY);
  const { latestOffsets } = broker.memory;
  for (const [leader, own] of byLeader)
    latestOffsets.queue.push(Object.freeze({ token, leader, ends: Object.freeze(own), retries: 0 }));
  sendQueued(broker);
  return {
    asked: byLeader.size,
    known: orphans.map((end) => unknown(end, ERROR_CODES.LEADER_NOT_AVAILABLE)),
  };
}

function sendQueued(broker: Broker): void {
  const { latestOffsets } = broker.memory;
  const queue = latestOffsets.queue;
  latestOffsets.queue = [];
  for (const call of queue)
    if (latestOffsets.inFlight.has(call.leader)) latestOffsets.queue.push(call);
    else send(broker, call);
}

function send(broker: Broker, call: EndsCall): void {
  const { memory } = broker;
  memory.latestOffsets.inFlight.set(call.leader, call);
  const names = [...new Set(call.ends.map(({ topic }) => topic))];
  const topics = names.map((name) => ({
    name,
    partitions: call.ends
      .filter(({ topic }) => topic === name)
      .map(({ partition }) => ({
        partitionIndex: partition,
        currentLeaderEpoch: -1,
        timestamp: LATEST_TIMESTAMP,
      })),
  }));
  const timeoutMs = memory.config['request.timeout.ms'];
  const body = { replicaId: CONSUMER, isolationLevel: READ_UNCOMMITTED, topics, timeoutMs };
  callBroker(broker, { purpose: 'latest-offsets', brokerId: call.leader }, 'ListOffsets', body);
}

/** A leader has answered, or will not (undefined): then it is asked again, but not for ever. */
export function takeLatestOffsets(
  broker: Broker,
  leader: number,
  response: ListOffsetsResponse | undefined,
): SettledEnds | undefined {
  const { latestOffsets } = broker.memory;
  const call = latestOffsets.inFlight.get(leader);
  latestOffsets.inFlight.delete(leader);
  sendQueued(broker);
  if (call === undefined) return undefined;
  const { token, ends } = call;
  if (response !== undefined) return { token, ends: ends.map((end) => told(response, end)) };
  if (call.retries < MAX_RETRIES) {
    waitToRetry(broker, call);
    return undefined;
  }
  return { token, ends: ends.map((end) => unknown(end, ERROR_CODES.NETWORK_EXCEPTION)) };
}

function told({ topics }: ListOffsetsResponse, end: AskedEnd): LatestOffset {
  const topic = topics.find(({ name }) => name === end.topic);
  const answer = topic?.partitions.find(({ partitionIndex }) => partitionIndex === end.partition);
  if (answer === undefined) return unknown(end, ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION);
  const { errorCode, offset } = answer;
  return errorCode === NONE ? { ...end, errorCode, offset } : unknown(end, errorCode);
}

function waitToRetry({ memory, context }: Broker, call: EndsCall): void {
  const retries = call.retries + 1;
  const id = memory.latestOffsets.nextWait++;
  memory.latestOffsets.waiting.set(id, Object.freeze({ ...call, retries }));
  const backoffMs = Math.min(BACKOFF_MS * 2 ** retries, BACKOFF_MAX_MS);
  context.setTimer(ENDS_RETRY_TIMER + String(id), millis(backoffMs), id);
}

/** It has waited long enough. */
export function retryLatestOffsets(broker: Broker, id: number): void {
  const { latestOffsets } = broker.memory;
  const call = latestOffsets.waiting.get(id);
  latestOffsets.waiting.delete(id);
  if (call !== undefined) latestOffsets.queue.push(call);
  sendQueued(broker);
}
