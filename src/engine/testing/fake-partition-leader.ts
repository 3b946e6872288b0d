import { ensure } from '../base/assert.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { FetchRequest, FetchResponsePartition } from '../protocol/fetch.ts';
import type { ListOffsetsRequest } from '../protocol/list-offsets.ts';
import type { ApiName, RequestMessage, ResponseBody } from '../protocol/message.ts';
import type { MetadataRequest, MetadataResponse } from '../protocol/metadata.ts';
import type { ProduceResponsePartitionResponse } from '../protocol/produce.ts';
import { lastSequence, nextOffset, type RecordBatch } from '../protocol/record-batch.ts';
import type { ConnectionId, NodeId } from '../sim/event.ts';
import type { NodeContext, Program } from '../sim/node-context.ts';

export interface FakeTopic {
  readonly name: string;
  readonly topicId: string;
  /** Broker id by partition. */
  readonly leaders: readonly number[];
}

export interface FakeBrokerConfig {
  readonly brokerId: number;
  readonly brokers: readonly (readonly [number, NodeId])[];
  readonly topics: readonly FakeTopic[];
}

/**
 * What happens to the next batches, one after the other: an error code (0 appends and answers), `drop`: appended, never
 * answered; `hang-up`: appended, then the connection is closed; `lose`: neither appended nor answered.
 */
export type ProducePlan = number | 'drop' | 'hang-up' | 'lose';

export interface FakeBrokerMemory {
  readonly config: FakeBrokerConfig;
  /** By `topic-partition`. */
  readonly logs: Map<string, RecordBatch[]>;
  /** What `topics` says, but may be changed by a test. */
  topics: FakeTopic[];
  leaderEpoch: number;
  plan: ProducePlan[];
  /** APIs in order of arrival. */
  seen: ApiName[];
  nextProducerId: number;
}

/** A broker as clients see it that does only what a test tells it: leads its partitions alone, knows no groups. */
export const fakePartitionLeader: Program<FakeBrokerConfig, FakeBrokerMemory> = {
  kind: 'fake-partition-leader',
  start: (_, config) => ({
    config,
    logs: new Map(),
    topics: [...config.topics],
    leaderEpoch: 0,
    plan: [],
    seen: [],
    nextProducerId: 1000 * config.brokerId,
  }),
  onMessage(memory, context, connection, message) {
    const request = message as RequestMessage;
    memory.seen.push(request.api);
    const respond = <A extends ApiName>(body: ResponseBody<A>): void =>
      answer(context, connection, request, body);
    switch (request.api) {
      case 'Metadata':
        respond<'Metadata'>(metadata(memory, request.body));
        return;
      case 'InitProducerId':
        respond<'InitProducerId'>({
          throttleTimeMs: 0,
          errorCode: NONE,
          producerId: memory.nextProducerId++,
          producerEpoch: 0,
        });
        return;
      case 'Produce':
        produce(memory, context, connection, request);
        return;
      case 'Fetch':
        respond<'Fetch'>({
          throttleTimeMs: 0,
          errorCode: 0,
          sessionId: 0,
          responses: fetched(memory, request.body),
        });
        return;
      case 'ListOffsets':
        respond<'ListOffsets'>({ throttleTimeMs: 0, topics: offsets(memory, request.body) });
        return;
      default:
        throw new Error(`the fake leader does not know ${request.api}`);
    }
  },
  onTimer: () => undefined,
  onDisconnect: () => undefined,
  onSignal: () => undefined,
};

function answer(context: NodeContext, connection: ConnectionId, request: RequestMessage, body: object): void {
  const { api, correlationId } = request;
  context.send(connection, Object.freeze({ kind: 'response', api, correlationId, body }), 100);
}

function metadata(memory: FakeBrokerMemory, request: MetadataRequest): MetadataResponse {
  const topics = (request.topics ?? []).map(({ name }) => {
    const topic = memory.topics.find((candidate) => candidate.name === name);
    return {
      errorCode: topic === undefined ? ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION : NONE,
      name,
      topicId: topic?.topicId ?? '',
      isInternal: false,
      topicAuthorizedOperations: 0,
      partitions: (topic?.leaders ?? []).map((leaderId, partitionIndex) => ({
        errorCode: NONE,
        partitionIndex,
        leaderId,
        leaderEpoch: memory.leaderEpoch,
        replicaNodes: [leaderId],
        isrNodes: [leaderId],
        offlineReplicas: [],
      })),
    };
  });
  const brokers = memory.config.brokers.map(([nodeId, host]) => ({ nodeId, host, port: 9092, rack: null }));
  return { throttleTimeMs: 0, brokers, clusterId: 'fake', controllerId: 1, topics, errorCode: NONE };
}

const topicById = (memory: FakeBrokerMemory, topicId: string): FakeTopic =>
  ensure(
    memory.topics.find((topic) => topic.topicId === topicId),
    `topic ${topicId}`,
  );

export function fakeLog(memory: FakeBrokerMemory, topic: string, partition: number): RecordBatch[] {
  const name = `${topic}-${partition}`;
  const log = memory.logs.get(name) ?? [];
  memory.logs.set(name, log);
  return log;
}

function produce(
  memory: FakeBrokerMemory,
  context: NodeContext,
  connection: ConnectionId,
  request: RequestMessage<'Produce'>,
): void {
  let silent = request.body.acks === 0;
  const responses = request.body.topicData.map(({ topicId, partitionData }) => ({
    topicId,
    partitionResponses: partitionData.map(({ index, records }): ProduceResponsePartitionResponse => {
      const step = memory.plan.shift() ?? NONE;
      if (step !== NONE && typeof step === 'string') silent = true;
      if (step === 'hang-up') context.close(connection);
      const batch = ensure(records?.[0], 'batch');
      const appends = step === NONE || step === 'drop' || step === 'hang-up';
      const log = fakeLog(memory, topicById(memory, topicId).name, index);
      const { errorCode, baseOffset } = appends
        ? append(log, batch)
        : { errorCode: Number(step), baseOffset: -1 };
      const logStartOffset = errorCode === NONE ? 0 : -1;
      return {
        index,
        errorCode,
        baseOffset,
        logAppendTimeMs: -1,
        logStartOffset,
        recordErrors: [],
        errorMessage: null,
      };
    }),
  }));
  if (!silent) answer(context, connection, request, { responses, throttleTimeMs: 0 });
}

/** Appends as a broker does: a batch that is there already is answered with its offset, a gap is refused. */
function append(log: RecordBatch[], batch: RecordBatch): { errorCode: number; baseOffset: number } {
  const same = (other: RecordBatch): boolean =>
    other.producerId === batch.producerId && other.producerEpoch === batch.producerEpoch;
  const mine = batch.producerId < 0 ? [] : log.filter(same);
  const twin = mine.find((other) => other.baseSequence === batch.baseSequence);
  if (twin !== undefined) return { errorCode: NONE, baseOffset: twin.baseOffset };
  const last = mine.at(-1);
  if (batch.producerId >= 0 && batch.baseSequence !== (last === undefined ? 0 : lastSequence(last) + 1))
    return { errorCode: ERROR_CODES.OUT_OF_ORDER_SEQUENCE_NUMBER, baseOffset: -1 };
  const newest = log.at(-1);
  const baseOffset = newest === undefined ? 0 : nextOffset(newest);
  log.push(Object.freeze({ ...batch, baseOffset }));
  return { errorCode: NONE, baseOffset };
}

function fetched(memory: FakeBrokerMemory, request: FetchRequest) {
  return request.topics.map(({ topicId, partitions }) => ({
    topicId,
    partitions: partitions.map(({ partition, fetchOffset }): FetchResponsePartition => {
      const log = fakeLog(memory, topicById(memory, topicId).name, partition);
      const newest = log.at(-1);
      const end = newest === undefined ? 0 : nextOffset(newest);
      return {
        partitionIndex: partition,
        errorCode: fetchOffset > end ? ERROR_CODES.OFFSET_OUT_OF_RANGE : NONE,
        highWatermark: end,
        lastStableOffset: end,
        logStartOffset: 0,
        abortedTransactions: null,
        preferredReadReplica: -1,
        records: log.filter((batch) => nextOffset(batch) > fetchOffset).slice(0, 2),
      };
    }),
  }));
}

function offsets(memory: FakeBrokerMemory, request: ListOffsetsRequest) {
  return request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, timestamp }) => {
      const newest = fakeLog(memory, name, partitionIndex).at(-1);
      const end = newest === undefined ? 0 : nextOffset(newest);
      const offset = timestamp === -2 ? 0 : end;
      return { partitionIndex, errorCode: NONE, timestamp: -1, offset, leaderEpoch: memory.leaderEpoch };
    }),
  }));
}
