import { lacks } from '../api/improvements.ts';
import { millis } from '../base/time.ts';
import { checkTransactionMarker, replayTransactionMarker } from './coordinator-bridge.ts';
import { appendAsLeader } from '../log/append.ts';
import type { MarkerVersion } from '../log/producer-append.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import { endTransactionMarker } from '../protocol/record-batch.ts';
import type { WriteTxnMarkersRequestMarker } from '../protocol/write-txn-markers.ts';
import type { Broker, DelayedResponse, MarkerPlace } from './broker-memory.ts';
import { completeProduce, outcome } from './delayed-produce.ts';
import { appended } from './produce.ts';
import { armPurgatory } from './purgatory.ts';
import { isLeader, isUnderMinIsr, replicaByName, type Replica } from './replica.ts';
import type { Incoming } from './requests.ts';
import { trace } from './trace.ts';

/** Nobody writes a marker without knowing by which version of transactions (`TransactionVersion.TV_UNKNOWN`). */
const UNKNOWN_VERSION = -1;

/** What became of one marker in one partition. */
interface Written {
  readonly place: MarkerPlace;
  readonly response: DelayedResponse;
  /** Undefined if nothing was appended. */
  readonly replica: Replica | undefined;
}

/** Ends transactions on partitions that this broker leads; answers when the markers are replicated. */
export function handleWriteTxnMarkers(broker: Broker, { token, body }: Incoming<'WriteTxnMarkers'>): void {
  const written = body.markers.flatMap((marker) =>
    marker.topics.flatMap(({ name: topic, partitionIndexes }) =>
      partitionIndexes.map((index) => write(broker, marker, { producerId: marker.producerId, topic }, index)),
    ),
  );
  const responses = written.map(({ response }) => response);
  const missing = responses.filter(({ settled }) => !settled).length;
  const deadline = broker.context.now() + millis(broker.memory.config['request.timeout.ms']);
  const delayed = { deadline, responses, missing, markers: written.map(({ place }) => place) };
  if (missing === 0) completeProduce(broker, token, delayed);
  else {
    broker.memory.purgatory.produces.set(token, delayed);
    armPurgatory(broker, 'produces', deadline);
  }
  for (const { replica, response } of written)
    if (replica !== undefined && !response.settled) replica.produceWatch.push(token);
  for (const { replica } of written) if (replica !== undefined) appended(broker, replica);
}

function write(
  broker: Broker,
  marker: WriteTxnMarkersRequestMarker,
  place: MarkerPlace,
  index: number,
): Written {
  const replica = replicaByName(broker.memory, place.topic, index);
  const errorCode = refusalOf(broker, marker, replica);
  if (errorCode !== NONE || replica === undefined) return refused(place, index, errorCode);
  const { producerId, producerEpoch, coordinatorEpoch } = marker;
  const type = marker.transactionResult ? 'COMMIT' : 'ABORT';
  const timestamp = broker.context.wallClockMs();
  const batch = endTransactionMarker({ type, coordinatorEpoch }, { producerId, producerEpoch, timestamp });
  const { leaderEpoch, log, name } = replica;
  const result = appendAsLeader(log, broker.context, batch, {
    leaderEpoch,
    origin: 'coordinator',
    markerVersion: versionOf(broker, marker),
  });
  if (!result.ok) return refused(place, index, result.error.errorCode);
  const { firstOffset: offset } = result.value;
  trace(broker, {
    type: 'marker-appended',
    partition: name,
    offset,
    marker: type,
    producerId,
    producerEpoch,
  });
  replayTransactionMarker(broker, replica, batch, offset);
  return accepted(broker, place, replica, offset + 1);
}

function versionOf(
  { memory }: Broker,
  { transactionVersion = 0 }: WriteTxnMarkersRequestMarker,
): MarkerVersion {
  const isStrict = transactionVersion === 2 && lacks(memory.settings.before, 'KAFKA-19999');
  return isStrict ? 'strict' : (transactionVersion as MarkerVersion);
}

function refusalOf(
  broker: Broker,
  { producerId, producerEpoch, transactionVersion }: WriteTxnMarkersRequestMarker,
  replica: Replica | undefined,
): number {
  if (replica === undefined) return ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION;
  if (producerId < 0 || producerEpoch < 0 || transactionVersion === UNKNOWN_VERSION)
    return ERROR_CODES.UNKNOWN_SERVER_ERROR;
  if (!isLeader(replica)) return ERROR_CODES.NOT_LEADER_OR_FOLLOWER;
  if (isUnderMinIsr(replica)) return ERROR_CODES.NOT_ENOUGH_REPLICAS;
  return checkTransactionMarker(broker, replica);
}

const answerOf = (index: number, errorCode: number): DelayedResponse['answer'] =>
  Object.freeze({
    index,
    errorCode,
    baseOffset: -1,
    logAppendTimeMs: -1,
    logStartOffset: -1,
    recordErrors: [],
    errorMessage: null,
  });

const refused = (place: MarkerPlace, index: number, errorCode: number): Written => ({
  place,
  response: { topicId: '', answer: answerOf(index, errorCode), requiredOffset: -1, settled: true },
  replica: undefined,
});

function accepted(broker: Broker, place: MarkerPlace, replica: Replica, requiredOffset: number): Written {
  const { topicId, partition } = replica;
  const settled = outcome(broker, replica, requiredOffset) === NONE;
  return {
    place,
    response: { topicId, answer: answerOf(partition, NONE), requiredOffset, settled },
    replica,
  };
}
