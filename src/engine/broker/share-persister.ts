import { millis } from '../base/time.ts';
import { partitionForShare, type ShareKey } from '../coordinator/share/share-state.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { RequestBody } from '../protocol/message.ts';
import type { Uuid } from '../protocol/uuid.ts';
import { createTopicAutomatically } from './auto-topic-creation.ts';
import { callBroker } from './broker-channel.ts';
import type { Broker } from './broker-memory.ts';
import { leaderOf, NOBODY } from './live-leader.ts';
import { SHARE_STATE_TOPIC } from './coordinator-topic.ts';
import {
  SHARE_RETRY_TIMER,
  type NewShareCall,
  type ShareCall,
  type ShareCallAnswer,
} from './share-memory.ts';

export type ShareAnswer = ShareCallAnswer;

/** A call that has come to its end. */
export interface SettledCall {
  readonly call: ShareCall;
  readonly answer: ShareAnswer;
}

/** ms; doubled with each failure, the first too (`PersisterStateManager.REQUEST_BACKOFF_MS`, `REQUEST_BACKOFF_MAX_MS`). */
const BACKOFF_MS = 1_000;
const BACKOFF_MAX_MS = 30_000;
const MAX_ATTEMPTS = 5;

const RETRIABLE: readonly number[] = [
  ERROR_CODES.COORDINATOR_NOT_AVAILABLE,
  ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS,
  ERROR_CODES.NOT_COORDINATOR,
];

/** Asks the share coordinator; returns what failed for good at once. */
export function callShareCoordinator(broker: Broker, calls: readonly NewShareCall[]): SettledCall[] {
  const { sharePersister } = broker.memory;
  sharePersister.queue.push(...calls.map((call) => Object.freeze({ token: 0, ...call, failures: 0 })));
  return sendShareCalls(broker);
}

/** Sends what can be sent: one request to each broker at a time. */
function sendShareCalls(broker: Broker): SettledCall[] {
  const { sharePersister } = broker.memory;
  const queue = sharePersister.queue;
  sharePersister.queue = [];
  const settled: SettledCall[] = [];
  const byBroker = new Map<number, ShareCall[]>();
  for (const call of queue) {
    const brokerId = coordinatorOf(broker, call.key);
    if (brokerId === NOBODY) settled.push(...fail(broker, call, ERROR_CODES.COORDINATOR_NOT_AVAILABLE));
    else byBroker.set(brokerId, [...(byBroker.get(brokerId) ?? []), call]);
  }
  for (const [brokerId, calls] of byBroker) {
    const isBusy = sharePersister.inFlight.has(brokerId);
    const now = isBusy ? [] : together(calls);
    sharePersister.queue.push(...calls.filter((call) => !now.includes(call)));
    if (now.length > 0) send(broker, brokerId, now);
  }
  return settled;
}

/** The broker that coordinates a share partition; the first who asks causes the topic to be made. */
function coordinatorOf(broker: Broker, key: ShareKey): number {
  const topic = broker.memory.image.topics.get(SHARE_STATE_TOPIC);
  if (topic === undefined) {
    createTopicAutomatically(broker, SHARE_STATE_TOPIC);
    return NOBODY;
  }
  const partition = partitionForShare(key, topic.partitions.length);
  return leaderOf(broker.memory, SHARE_STATE_TOPIC, partition) ?? NOBODY;
}

/** Those that go into one request with the first: of the same API and group, each share partition once. */
function together(calls: readonly ShareCall[]): ShareCall[] {
  const [first] = calls;
  const seen = new Set<string>();
  return calls.filter(({ api, key: { groupId, topicId, partition } }) => {
    const place = `${topicId}/${partition}`;
    const fits = api === first?.api && groupId === first.key.groupId && !seen.has(place);
    if (fits) seen.add(place);
    return fits;
  });
}

function send(broker: Broker, brokerId: number, calls: readonly ShareCall[]): void {
  const [first] = calls;
  if (first === undefined) return;
  broker.memory.sharePersister.inFlight.set(brokerId, Object.freeze([...calls]));
  const topics = new Map<Uuid, object[]>();
  for (const { key, asked } of calls) {
    const ofTopic = topics.get(key.topicId) ?? [];
    topics.set(key.topicId, [...ofTopic, Object.freeze({ partition: key.partition, ...asked })]);
  }
  const body = {
    groupId: first.key.groupId,
    topics: [...topics].map(([topicId, partitions]) => ({ topicId, partitions })),
  };
  callBroker(
    broker,
    { purpose: 'share-state', brokerId },
    first.api,
    Object.freeze(body) as unknown as RequestBody<typeof first.api>,
  );
}

/** A share coordinator has answered, or will not (undefined). Returns the calls that have come to their end. */
export function takeShareAnswer(
  broker: Broker,
  brokerId: number,
  results: readonly { readonly topicId: Uuid; readonly partitions: readonly ShareAnswer[] }[] | undefined,
): SettledCall[] {
  const { sharePersister } = broker.memory;
  const calls = sharePersister.inFlight.get(brokerId) ?? [];
  sharePersister.inFlight.delete(brokerId);
  const settled = calls.flatMap((call) => {
    const topic = results?.find(({ topicId }) => topicId === call.key.topicId);
    const answer = topic?.partitions.find(({ partition }) => partition === call.key.partition);
    if (answer === undefined) return fail(broker, call, ERROR_CODES.COORDINATOR_NOT_AVAILABLE);
    return answer.errorCode !== NONE && RETRIABLE.includes(answer.errorCode)
      ? fail(broker, call, answer.errorCode)
      : [{ call, answer }];
  });
  return [...settled, ...sendShareCalls(broker)];
}

/** Waits and tries again, until it has failed too often. */
function fail(broker: Broker, call: ShareCall, errorCode: number): SettledCall[] {
  const { memory, context } = broker;
  const failures = call.failures + 1;
  if (failures >= MAX_ATTEMPTS) return [{ call, answer: { partition: call.key.partition, errorCode } }];
  const id = memory.sharePersister.nextWait++;
  memory.sharePersister.waiting.set(id, Object.freeze({ ...call, failures }));
  const backoffMs = Math.min(BACKOFF_MS * 2 ** failures, BACKOFF_MAX_MS);
  context.setTimer(SHARE_RETRY_TIMER + String(id), millis(backoffMs), id);
  return [];
}

/** It has waited long enough. */
export function retryShareCall(broker: Broker, id: number): SettledCall[] {
  const { sharePersister } = broker.memory;
  const call = sharePersister.waiting.get(id);
  sharePersister.waiting.delete(id);
  if (call !== undefined) sharePersister.queue.push(call);
  return sendShareCalls(broker);
}
