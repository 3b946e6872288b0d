import { ensure } from '../base/assert.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { ProduceResponse, ProduceResponseResponse } from '../protocol/produce.ts';
import type { WriteTxnMarkersResponsePartition } from '../protocol/write-txn-markers.ts';
import type { Broker, DelayedProduce, DelayedResponse, MarkerPlace } from './broker-memory.ts';
import { throttleProduce } from './quota-hooks.ts';
import { absence, isLeader, maximalIsrSize, replicaOf, type Replica } from './replica.ts';
import { respond } from './requests.ts';

/** Bytes of a partition's answer. */
const PARTITION_SIZE = 40;

/** Looks again at every produce that waits for this partition (`DelayedProduce.tryComplete`). */
export function completeProduces(broker: Broker, replica: Replica): void {
  if (replica.produceWatch.length === 0) return;
  const { produces } = broker.memory.purgatory;
  const waiting: number[] = [];
  for (const token of replica.produceWatch) {
    const delayed = produces.get(token);
    if (delayed === undefined) continue;
    settlePartition(broker, replica, delayed);
    if (delayed.missing === 0) completeProduce(broker, token, delayed);
    else if (isWaitingFor(delayed, replica)) waiting.push(token);
  }
  replica.produceWatch = waiting;
}

const concerns = (response: DelayedResponse, replica: Replica): boolean =>
  response.topicId === replica.topicId && response.answer.index === replica.partition;

const isWaitingFor = (delayed: DelayedProduce, replica: Replica): boolean =>
  delayed.responses.some((response) => !response.settled && concerns(response, replica));

function settlePartition(broker: Broker, replica: Replica, delayed: DelayedProduce): void {
  for (const response of delayed.responses) {
    if (response.settled || !concerns(response, replica)) continue;
    const errorCode = outcome(broker, replica, response.requiredOffset);
    if (errorCode === undefined) continue;
    if (errorCode !== NONE) response.answer = Object.freeze({ ...response.answer, errorCode });
    response.settled = true;
    delayed.missing -= 1;
  }
}

/** Undefined while it is not decided. The data stays in the log whatever the outcome. */
export function outcome({ memory }: Broker, replica: Replica, requiredOffset: number): number | undefined {
  const { topicId, partition } = replica;
  const here = replicaOf(memory, topicId, partition);
  if (here === undefined) return absence(memory, topicId, partition);
  if (here !== replica || !isLeader(replica)) return ERROR_CODES.NOT_LEADER_OR_FOLLOWER;
  if (replica.log.highWatermark < requiredOffset) return undefined;
  const enough = maximalIsrSize(replica) >= replica.minInsyncReplicas;
  return enough ? NONE : ERROR_CODES.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
}

/** The client waited long enough: what is not decided timed out. */
export function expireProduce(broker: Broker, token: number, delayed: DelayedProduce): void {
  for (const response of delayed.responses)
    if (!response.settled)
      response.answer = Object.freeze({ ...response.answer, errorCode: ERROR_CODES.REQUEST_TIMED_OUT });
  completeProduce(broker, token, delayed);
}

export function completeProduce(broker: Broker, token: number, delayed: DelayedProduce): void {
  broker.memory.purgatory.produces.delete(token);
  if (delayed.markers === null) respondProduce(broker, token, delayed.responses);
  else respondMarkers(broker, token, delayed.responses, delayed.markers);
}

/** The answer to WriteTxnMarkers knows one entry of each producer, and the last verdict on each partition. */
function respondMarkers(
  broker: Broker,
  token: number,
  responses: readonly Pick<DelayedResponse, 'answer'>[],
  places: readonly MarkerPlace[],
): void {
  const producers = new Map<number, Map<string, WriteTxnMarkersResponsePartition[]>>();
  places.forEach(({ producerId, topic }, i) => {
    const { index: partitionIndex, errorCode } = ensure(responses[i], 'response of a marker').answer;
    const topics = producers.get(producerId) ?? new Map<string, WriteTxnMarkersResponsePartition[]>();
    const others = (topics.get(topic) ?? []).filter((other) => other.partitionIndex !== partitionIndex);
    topics.set(topic, [...others, { partitionIndex, errorCode }]);
    producers.set(producerId, topics);
  });
  const markers = [...producers].map(([producerId, topics]) => ({
    producerId,
    topics: [...topics].map(([name, partitions]) => ({ name, partitions })),
  }));
  respond<'WriteTxnMarkers'>(broker, token, { markers }, responses.length * PARTITION_SIZE);
}

export function respondProduce(
  broker: Broker,
  token: number,
  responses: readonly Pick<DelayedResponse, 'topicId' | 'answer'>[],
): void {
  const topics: {
    topicId: string;
    partitionResponses: ProduceResponseResponse['partitionResponses'][number][];
  }[] = [];
  for (const { topicId, answer } of responses) {
    const known = topics.find((topic) => topic.topicId === topicId);
    if (known !== undefined) known.partitionResponses.push(answer);
    else topics.push({ topicId, partitionResponses: [answer] });
  }
  const body: ProduceResponse = { responses: topics, throttleTimeMs: throttleProduce(broker, token) };
  respond<'Produce'>(broker, token, body, responses.length * PARTITION_SIZE);
}
