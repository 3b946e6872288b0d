import { millis } from '../base/time.ts';
import { METADATA_PARTITION, METADATA_TOPIC_ID } from '../metadata/metadata-log.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type {
  FetchRequest,
  FetchRequestPartition,
  FetchResponse,
  FetchResponsePartition,
} from '../protocol/fetch.ts';
import type { RequestMessage } from '../protocol/message.ts';
import type { RecordBatch } from '../protocol/record-batch.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { NodeContext } from '../sim/node-context.ts';
import type { ControllerMemory, ParkedFetch } from './controller-state.ts';
import { metadataFrom } from './metadata-log-file.ts';
import { respond } from './respond.ts';

/** Timers of parked fetches are named by this and their connection and correlation id. */
export const FETCH_TIMER = 'fetch/';

const timerOf = ({ connection, correlationId }: ParkedFetch): string =>
  `${FETCH_TIMER}${connection}/${correlationId}`;

/** A broker reads the metadata log. Without anything new the answer waits, at most `maxWaitMs`. */
export function onFetch(
  memory: ControllerMemory,
  context: NodeContext,
  connection: ConnectionId,
  { correlationId, body }: RequestMessage<'Fetch'>,
): void {
  const partition = metadataPartition(body);
  if (partition === undefined) {
    const response = { throttleTimeMs: 0, errorCode: NONE, sessionId: 0, responses: unknownTopics(body) };
    respond(context, { connection, correlationId, api: 'Fetch' }, response);
    return;
  }
  const maxBytes = Math.min(body.maxBytes, partition.partitionMaxBytes);
  const fetch: ParkedFetch = { connection, correlationId, maxBytes, partition };
  const behind = partition.fetchOffset !== memory.image.offset + 1;
  if (behind || body.maxWaitMs === 0) {
    reply(memory, context, fetch);
    return;
  }
  memory.parkedFetches.push(fetch);
  context.setTimer(timerOf(fetch), millis(body.maxWaitMs));
}

const metadataPartition = (request: FetchRequest): FetchRequestPartition | undefined =>
  request.topics
    .find((topic) => topic.topicId === METADATA_TOPIC_ID)
    ?.partitions.find((partition) => partition.partition === METADATA_PARTITION);

/** The controller has no other topic. */
const unknownTopics = (request: FetchRequest): FetchResponse['responses'] =>
  request.topics.map(({ topicId, partitions }) => ({
    topicId,
    partitions: partitions.map(({ partition }) => answerOf(partition, ERROR_CODES.UNKNOWN_TOPIC_ID, -1)),
  }));

/** Answers every parked fetch; called when the log has grown. */
export function completeFetches(memory: ControllerMemory, context: NodeContext): void {
  const parked = memory.parkedFetches;
  memory.parkedFetches = [];
  for (const fetch of parked) {
    context.cancelTimer(timerOf(fetch));
    reply(memory, context, fetch);
  }
}

/** A fetch has waited long enough: answers with nothing. */
export function onFetchTimer(memory: ControllerMemory, context: NodeContext, timer: string): void {
  const index = memory.parkedFetches.findIndex((fetch) => timerOf(fetch) === timer);
  const [fetch] = index < 0 ? [] : memory.parkedFetches.splice(index, 1);
  if (fetch !== undefined) reply(memory, context, fetch);
}

/** Nobody waits for these answers any more. */
export function forgetFetches(
  memory: ControllerMemory,
  context: NodeContext,
  connection: ConnectionId,
): void {
  const gone = memory.parkedFetches.filter((fetch) => fetch.connection === connection);
  for (const fetch of gone) context.cancelTimer(timerOf(fetch));
  memory.parkedFetches = memory.parkedFetches.filter((fetch) => fetch.connection !== connection);
}

function reply(memory: ControllerMemory, context: NodeContext, fetch: ParkedFetch): void {
  const { connection, correlationId, maxBytes, partition } = fetch;
  const end = memory.image.offset + 1;
  const inLog = partition.fetchOffset >= 0 && partition.fetchOffset <= end;
  const records = inLog ? metadataFrom(context.disk, partition.fetchOffset, maxBytes) : [];
  const answer: FetchResponsePartition = {
    ...answerOf(partition.partition, inLog ? NONE : ERROR_CODES.OFFSET_OUT_OF_RANGE, end),
    records,
    currentLeader: { leaderId: memory.nodeId, leaderEpoch: memory.leaderEpoch },
  };
  const responses = [{ topicId: METADATA_TOPIC_ID, partitions: [answer] }];
  const response = { throttleTimeMs: 0, errorCode: NONE, sessionId: 0, responses };
  respond(context, { connection, correlationId, api: 'Fetch', payloadBytes: totalSize(records) }, response);
}

const totalSize = (batches: readonly RecordBatch[]): number =>
  batches.reduce((sum, batch) => sum + batch.sizeInBytes, 0);

/** Every record is committed as soon as it is in the log, because this controller is the only voter. */
const answerOf = (partitionIndex: number, errorCode: number, end: number): FetchResponsePartition => ({
  partitionIndex,
  errorCode,
  highWatermark: end,
  lastStableOffset: end,
  logStartOffset: end < 0 ? -1 : 0,
  abortedTransactions: null,
  preferredReadReplica: -1,
  records: [],
});
