import { millis, type SimTime } from '../base/time.ts';
import { appendAsLeader, type AppendInfo } from '../log/append.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type {
  ProduceRequest,
  ProduceRequestPartitionData,
  ProduceResponsePartitionResponse,
} from '../protocol/produce.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { Broker, DelayedResponse } from './broker-memory.ts';
import { measureProduce } from './client-quota.ts';
import { isInternalTopic } from './coordinator-topic.ts';
import { unknownTopicError } from './current-leader.ts';
import { wakeFollowerFetches } from './delayed-fetch.ts';
import { outcome, respondProduce } from './delayed-produce.ts';
import { highWatermarkMoved, maybeIncrementHighWatermark } from './high-watermark.ts';
import { hasUnreadableBatch, partitionsOf, recordsError, refuseWhole } from './produce-request.ts';
import { armPurgatory } from './purgatory.ts';
import { absence, isLeader, isUnderMinIsr, replicaOf, type Replica } from './replica.ts';
import { throttleProduce } from './quota-hooks.ts';
import { refused } from './refused-produce.ts';
import { trace } from './trace.ts';
import { closeChannel } from './lost-channel.ts';
import { finish, type Incoming } from './requests.ts';
import { toldToProducer, verifyProduce } from './transactional-produce.ts';
import type { Verified } from './txn-verification.ts';

const ACKS_ALL = -1;

/** What became of one partition of a produce. */
export interface Attempt extends DelayedResponse {
  /** Undefined unless something was appended, or was there already. */
  readonly replica: Replica | undefined;
}

/** Appends, and answers when as many replicas have it as the client asked for. Transactions are verified before. */
export function handleProduce(
  broker: Broker,
  incoming: Incoming<'Produce'>,
  startedAt: SimTime = broker.context.now(),
): void {
  if (broker.memory.image.quotas.size > 0) measureProduce(broker, incoming);
  if (hasUnreadableBatch(incoming.body)) {
    refuseWhole(broker, incoming, ERROR_CODES.CORRUPT_MESSAGE);
    return;
  }
  const isTransactional = incoming.body.topicData.some(({ partitionData }) =>
    partitionData.some(({ records }) => records?.some((batch) => batch.isTransactional) ?? false),
  );
  const verified = isTransactional ? verifyProduce(broker, incoming, startedAt) : NOT_VERIFIED;
  if (verified !== null) append(broker, incoming, verified);
}

/** Nothing had to be asked for. */
export const NOT_VERIFIED: Verified = { errors: new Map(), guards: new Map() };

/** A request whose transaction the coordinator has confirmed, or not. */
export function append(broker: Broker, incoming: Incoming<'Produce'>, verified: Verified): void {
  const { token, body, connection } = incoming;
  const attempts = partitionsOf(body).map(({ topicId, data }) =>
    attempt(broker, { incoming, verified }, topicId, data),
  );
  const failed = attempts.some(({ answer }) => answer.errorCode !== NONE);
  if (body.acks === 0 && failed) closeChannel(broker, connection);
  else if (body.acks === 0) {
    throttleProduce(broker, token);
    finish(broker, token);
  } else if (body.acks === ACKS_ALL) waitForReplicas(broker, token, body, attempts);
  else respondProduce(broker, token, attempts);
  for (const { replica } of attempts) if (replica !== undefined) appended(broker, replica);
}

/** The leader has the batch, now or since before: the high watermark may follow at once, and followers fetch it. */
export function appended(broker: Broker, replica: Replica): void {
  if (maybeIncrementHighWatermark(broker, replica)) highWatermarkMoved(broker, replica);
  wakeFollowerFetches(broker, replica);
}

function waitForReplicas(broker: Broker, token: number, request: ProduceRequest, attempts: Attempt[]): void {
  let missing = 0;
  for (const entry of attempts) {
    entry.settled =
      entry.replica === undefined || outcome(broker, entry.replica, entry.requiredOffset) === NONE;
    if (!entry.settled) missing += 1;
  }
  if (missing === 0) {
    respondProduce(broker, token, attempts);
    return;
  }
  const responses = attempts.map(({ topicId, answer, requiredOffset, settled }) => ({
    topicId,
    answer,
    requiredOffset,
    settled,
  }));
  const deadline = broker.context.now() + millis(Math.max(request.timeoutMs, 0));
  broker.memory.purgatory.produces.set(token, { deadline, responses, missing, markers: null });
  for (const { replica, settled } of attempts) if (!settled) replica?.produceWatch.push(token);
  armPurgatory(broker, 'produces', deadline);
}

interface VerifiedProduce {
  readonly incoming: Incoming<'Produce'>;
  readonly verified: Verified;
}

function attempt(
  broker: Broker,
  { incoming, verified: { errors, guards } }: VerifiedProduce,
  topicId: Uuid,
  data: ProduceRequestPartitionData,
): Attempt {
  const replica = replicaOf(broker.memory, topicId, data.index);
  const [batch] = data.records ?? [];
  const refuse = (errorCode: number, of: Replica | undefined): Attempt =>
    refused(broker, { topicId, index: data.index, errorCode, badRecords: [] }, of);
  const invalid = invalidOf(broker, incoming, topicId, data);
  if (invalid !== NONE) return refuse(invalid, undefined);
  const unverified = replica === undefined ? undefined : errors.get(replica.name);
  if (unverified !== undefined) return refuse(toldToProducer(incoming.version, unverified), undefined);
  const topic = broker.memory.image.topicNames.get(topicId) ?? '';
  const errorCode = refusalOf(incoming, topic, replica, absence(broker.memory, topicId, data.index));
  if (errorCode !== NONE || replica === undefined || batch === undefined) return refuse(errorCode, replica);
  const { leaderEpoch, log, name } = replica;
  const verificationGuard = guards.get(name);
  const how = { leaderEpoch, origin: 'client', verificationGuard } as const;
  const result = appendAsLeader(log, broker.context, batch, how);
  if (!result.ok) return refused(broker, { topicId, index: data.index, ...result.error }, replica);
  traceAppend(broker, replica, result.value);
  return accepted(replica, result.value);
}

/** What is wrong with the request itself, whoever leads. */
export function invalidOf(
  { memory }: Broker,
  { version }: Incoming<'Produce'>,
  topicId: Uuid,
  { index, records }: ProduceRequestPartitionData,
): number {
  const topic = memory.image.topicNames.get(topicId);
  if (topic === undefined) return unknownTopicError(version);
  if (memory.image.topics.get(topic)?.partitions[index] === undefined)
    return ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION;
  return recordsError(version, records);
}

/** Whose a topic is comes before whether it is here (`ReplicaManager.appendRecordsToLeader`). */
function refusalOf(
  { body: { acks } }: Incoming<'Produce'>,
  topic: string,
  replica: Replica | undefined,
  absent: number,
): number {
  if (![ACKS_ALL, 0, 1].includes(acks)) return ERROR_CODES.INVALID_REQUIRED_ACKS;
  if (isInternalTopic(topic)) return ERROR_CODES.INVALID_TOPIC_EXCEPTION;
  if (replica === undefined) return absent;
  if (!isLeader(replica)) return ERROR_CODES.NOT_LEADER_OR_FOLLOWER;
  return acks === ACKS_ALL && isUnderMinIsr(replica) ? ERROR_CODES.NOT_ENOUGH_REPLICAS : NONE;
}

function accepted(replica: Replica, info: AppendInfo): Attempt {
  const answer: ProduceResponsePartitionResponse = Object.freeze({
    index: replica.partition,
    errorCode: NONE,
    baseOffset: info.firstOffset,
    logAppendTimeMs: info.logAppendTimeMs,
    logStartOffset: replica.log.logStartOffset,
    recordErrors: [],
    errorMessage: null,
  });
  const requiredOffset = info.lastOffset + 1;
  return { topicId: replica.topicId, answer, requiredOffset, settled: false, replica };
}

function traceAppend(broker: Broker, { name, leaderEpoch }: Replica, info: AppendInfo): void {
  const count = info.lastOffset - info.firstOffset + 1;
  const { firstOffset: baseOffset } = info;
  if (info.isDuplicate) trace(broker, { type: 'duplicate-answered', partition: name, baseOffset, count });
  else trace(broker, { type: 'batch-appended', partition: name, baseOffset, count, leaderEpoch });
}
