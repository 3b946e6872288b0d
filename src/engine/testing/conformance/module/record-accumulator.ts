import { ensure } from '../../../base/assert.ts';
import { millis, MICROS_PER_MS, toMillis } from '../../../base/time.ts';
import { checkReady, drain, type LeaderView } from '../../../client/producer/drain.ts';
import { NEVER } from '../../../client/network/network-client.ts';
import { reenqueue, type PartitionQueue } from '../../../client/producer/partition-queue.ts';
import { hasSequence, isFull, type ProducerBatch } from '../../../client/producer/producer-batch.ts';
import * as accumulator from '../../../client/producer/record-accumulator.ts';
import { newIdempotence, noteAcknowledged, type Idempotence } from '../../../client/producer/sequences.ts';
import type { Adapter } from '../adapter.ts';
import { listOf, numberOf, objectOf, onlyFields, UnsupportedError } from '../case-file.ts';
import type { Json, JsonObject } from '../case-file.ts';
import { opNameOf, opsOf } from './script.ts';

const TOPIC = 't';
/** Java's `Long.MAX_VALUE`. */
const NEVER_MS = '9223372036854775807';
/** More than any case appends. */
const MEMORY = 1_000_000_000;

interface Subject {
  readonly accumulator: accumulator.RecordAccumulator;
  readonly idempotence: Idempotence;
  readonly muteInFlight: boolean;
  leaders: (number | null)[];
  epoch: number;
  now: number;
}

/** `RecordAccumulator`: what waits, what is ready, and what one request takes. */
export const recordAccumulatorAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(given, ['module', 'config', 'ops'], 'given');
    const subject = subjectOf(objectOf(given.config, 'config'));
    const expected = listOf(expect.results, 'results');
    opsOf(given).forEach((op, i) => {
      comparison.compare(apply(subject, op), expected[i], `results[${i}]`);
    });
  },
};

const FIELDS = ['batchSize', 'lingerMs', 'deliveryTimeoutMs', 'retryBackoffMs', 'idempotent', 'leaders'];

function subjectOf(config: JsonObject): Subject {
  onlyFields(config, [...FIELDS, 'clock', 'muteInFlight'], 'config');
  if (config.retryBackoffMs !== 0) throw new UnsupportedError('retryBackoffMs other than 0');
  const idempotence = newIdempotence(config.idempotent === true);
  if (idempotence.enabled) Object.assign(idempotence, { producerId: 7, producerEpoch: 0 });
  return {
    accumulator: accumulator.newAccumulator({
      batchSize: numberOf(config.batchSize, 'batchSize'),
      linger: millis(numberOf(config.lingerMs, 'lingerMs')),
      deliveryTimeout: millis(numberOf(config.deliveryTimeoutMs, 'deliveryTimeoutMs')),
      totalMemory: MEMORY,
      adaptivePartitioning: true,
      availabilityTimeout: 0,
      rack: null,
    }),
    idempotence,
    muteInFlight: config.muteInFlight === true,
    leaders: leadersOf(config.leaders),
    epoch: 0,
    now: millis(numberOf(config.clock, 'clock')),
  };
}

const leadersOf = (leaders: Json | undefined): (number | null)[] =>
  listOf(leaders, 'leaders').map((leader) => (leader === null ? null : numberOf(leader, 'leader')));

const viewOf = ({ leaders, epoch }: Subject): LeaderView => ({
  leaderOf: (_, partition) => leaders[partition] ?? -1,
  leaderEpochOf: () => epoch,
  ledBy: (broker) =>
    leaders.flatMap((leader, partition) => (leader === broker ? [{ topic: TOPIC, partition }] : [])),
  partitionCount: () => leaders.length,
});

function apply(subject: Subject, op: JsonObject): Json {
  switch (opNameOf(op)) {
    case 'append':
      return append(subject, op);
    case 'ready':
      return ready(subject);
    case 'drain':
      return drainAll(subject, op);
    case 'complete':
    case 'retry':
      return answer(subject, op);
    case 'expire':
      return expire(subject);
    default:
      return change(subject, op);
  }
}

function change(subject: Subject, op: JsonObject): Json {
  switch (opNameOf(op)) {
    case 'clock':
      subject.now = millis(numberOf(op.now, 'now'));
      return {};
    case 'mute':
    case 'unmute':
      queueOf(subject, op).muted = op.op === 'mute';
      return {};
    case 'flush':
      accumulator.beginFlush(subject.accumulator);
      return {};
    case 'close':
      subject.accumulator.closed = true;
      return {};
    case 'leaders':
      subject.leaders = leadersOf(op.leaders);
      subject.epoch = numberOf(op.epoch, 'epoch');
      return {};
    default:
      throw new UnsupportedError(`op "${opNameOf(op)}" of record-accumulator`);
  }
}

const queueOf = (subject: Subject, op: JsonObject): PartitionQueue =>
  accumulator.queueOf(
    accumulator.topicQueues(subject.accumulator, TOPIC),
    numberOf(op.partition, 'partition'),
  );

function append(subject: Subject, op: JsonObject): Json {
  const queue = queueOf(subject, op);
  const value = '\0'.repeat(numberOf(op.valueSize, 'valueSize'));
  const record = { topic: TOPIC, key: null, value, timestamp: toMillis(subject.now) };
  const before = subject.accumulator.nextBatchId;
  const appendedBytes = accumulator.append(subject.accumulator, queue, { record, ordinal: 0, now: subject.now });
  if (appendedBytes === accumulator.CLOSED) return { error: 'KafkaException' };
  const last = ensure(queue.waiting.at(-1), 'batch');
  return {
    newBatch: subject.accumulator.nextBatchId > before,
    batchIsFull: queue.waiting.length > 1 || isFull(last),
    appendedBytes,
  };
}

function ready(subject: Subject): Json {
  const check = checkReady(subject.accumulator, viewOf(subject), subject.now);
  return {
    nodes: [...check.brokers].sort((a, b) => a - b),
    nextCheckMs: check.nextCheckIn === NEVER ? NEVER_MS : check.nextCheckIn / MICROS_PER_MS,
    unknownLeaderTopics: [...check.unknownLeaderTopics],
  };
}

function drainAll(subject: Subject, op: JsonObject): Json {
  const maxSize = numberOf(op.maxSize, 'maxSize');
  const batches: Record<string, Json> = {};
  for (const item of listOf(op.nodes, 'nodes')) {
    const broker = numberOf(item, 'node');
    const request = { broker, maxSize, now: subject.now };
    const drained = drain(subject.accumulator, subject.idempotence, viewOf(subject), request);
    for (const { queue } of drained) if (subject.muteInFlight) queue.muted = true;
    batches[String(broker)] = drained.map(({ queue, batch }) => batchJson(queue, batch));
  }
  return { batches };
}

const batchJson = ({ partition }: PartitionQueue, batch: ProducerBatch): JsonObject => ({
  partition,
  records: batch.count,
  bytes: batch.size,
  ...(hasSequence(batch) ? { baseSequence: batch.baseSequence } : {}),
});

function answer(subject: Subject, op: JsonObject): Json {
  const queue = queueOf(subject, op);
  const [batch] = queue.inFlight.splice(numberOf(op.index, 'index'), 1);
  const sent = ensure(batch, 'batch in flight');
  if (op.op === 'retry') reenqueue(queue, sent, subject.now);
  else {
    noteAcknowledged(queue, sent, numberOf(op.offset, 'offset'));
    accumulator.release(subject.accumulator, sent);
  }
  if (subject.muteInFlight) queue.muted = false;
  return batchJson(queue, sent);
}

function expire({ accumulator: records, now }: Subject): Json {
  const expiresBefore = now - records.settings.deliveryTimeout;
  const expired: Json[] = [];
  for (const queue of accumulator.allQueues(records))
    for (const batch of accumulator.takeExpired(queue, expiresBefore))
      expired.push({ partition: queue.partition, records: batch.count });
  return { expired };
}
