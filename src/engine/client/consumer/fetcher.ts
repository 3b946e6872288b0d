import { millis } from '../../base/time.ts';
import { topicPartition, type TopicPartitionName } from '../../api/ids.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import {
  newFetchSessionHandler,
  nextSessionRequest,
  restartSession,
  sessionAnswered,
  type SessionRequest,
} from '../../protocol/fetch-session-handler.ts';
import type { FetchResponse, FetchResponsePartition } from '../../protocol/fetch.ts';
import { offsetAt, nextOffset, type RecordBatch } from '../../protocol/record-batch.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { requestMetadata } from '../network/metadata-refresh.ts';
import { isReady, readyAt, sendRequest } from '../network/network-client.ts';
import type { AskedPosition, Consumer } from './consumer-state.ts';
import { compareWithLeader } from './positions.ts';
import { refuseFetch } from './refusals.ts';
import {
  clearPreferredReadReplica,
  isFetchable,
  setPreferredReadReplica,
  type AssignedPartition,
} from './subscription-state.ts';
import { armConsumer } from './wake.ts';

/**
 * Asks every leader for what may be read and is not here yet: one fetch under way per broker, and none from a broker of
 * which something is still buffered, so that its partitions stay in the session (`AbstractFetch.prepareFetchRequests`).
 */
export function maintainFetches(consumer: Consumer, context: NodeContext): void {
  const { fetcher, subscriptions, network } = consumer;
  let wanted: Map<number, AssignedPartition[]> | undefined;
  const buffered = bufferedBrokers(consumer, context);
  for (const partition of subscriptions.assigned.values()) {
    const leader = leaderToAsk(consumer, partition);
    const broker = leader < 0 ? leader : replicaToRead(consumer, context, partition, leader);
    if (broker < 0 || fetcher.inFlight.has(broker) || buffered.has(broker)) continue;
    wanted ??= new Map<number, AssignedPartition[]>();
    const ofBroker = wanted.get(broker);
    if (ofBroker === undefined) wanted.set(broker, [partition]);
    else ofBroker.push(partition);
  }
  if (wanted === undefined) return;
  for (const [broker, partitions] of [...wanted].sort(([a], [b]) => a - b)) {
    const notBefore = fetcher.notBefore.get(broker) ?? 0;
    if (notBefore > context.now()) armConsumer(consumer, context, notBefore);
    else if (isReady(network, context, broker)) sendFetch(consumer, context, broker, partitions);
    else armConsumer(consumer, context, readyAt(network, broker));
  }
}

/** The leader by the position; −1 if there is none or the partition is not to be fetched. */
function leaderToAsk(consumer: Consumer, partition: AssignedPartition): number {
  if (!isFetchable(consumer.subscriptions, partition)) return -1;
  if ((partition.position?.leader ?? -1) < 0) compareWithLeader(consumer, partition);
  const leader = partition.position?.leader ?? -1;
  if (leader < 0) requestMetadata(consumer.network);
  return isFetchable(consumer.subscriptions, partition) ? leader : -1;
}

/** The replica that the leader named if it is there still, else the leader (`AbstractFetch.selectReadReplica`). */
function replicaToRead(
  { network }: Consumer,
  context: NodeContext,
  partition: AssignedPartition,
  leader: number,
): number {
  const preferred = partition.preferredReadReplica;
  if (preferred < 0) return leader;
  const isOffline = !network.metadata.brokers.has(preferred);
  if (!isOffline && context.now() <= partition.preferredUntil) return preferred;
  clearPreferredReadReplica(partition);
  if (isOffline) requestMetadata(network);
  return leader;
}

const NO_BROKERS: ReadonlySet<number> = new Set();

/** Brokers that what is here and not read yet would be asked of. */
function bufferedBrokers(consumer: Consumer, context: NodeContext): ReadonlySet<number> {
  const { fetcher, subscriptions } = consumer;
  if (fetcher.buffered.length === 0) return NO_BROKERS;
  const brokers = new Set<number>();
  for (const { name } of fetcher.buffered) {
    const partition = subscriptions.assigned.get(name);
    const leader = partition === undefined ? -1 : leaderToAsk(consumer, partition);
    if (partition !== undefined && leader >= 0)
      brokers.add(replicaToRead(consumer, context, partition, leader));
  }
  return brokers;
}

function sendFetch(
  consumer: Consumer,
  context: NodeContext,
  destination: number,
  partitions: readonly AssignedPartition[],
): void {
  const { config, network, fetcher } = consumer;
  const asked: AskedPosition[] = [];
  for (const { name, position } of partitions) if (position !== null) asked.push({ name, position });
  const next = nextOf(consumer, destination, partitions);
  sendRequest(network, context, {
    destination,
    api: 'Fetch',
    body: {
      maxWaitMs: config['fetch.max.wait.ms'],
      minBytes: config['fetch.min.bytes'],
      maxBytes: config['fetch.max.bytes'],
      isolationLevel: config['isolation.level'] === 'read_committed' ? 1 : 0,
      sessionId: next.sessionId,
      sessionEpoch: next.sessionEpoch,
      topics: next.topics,
      forgottenTopicsData: next.forgottenTopicsData,
      rackId: config['client.rack'],
    },
    context: Object.freeze({ type: 'fetch', asked: Object.freeze(asked) }),
  });
  fetcher.inFlight.add(destination);
}

/** What the session with a broker has to say next. */
function nextOf(
  { network, config, fetcher }: Consumer,
  broker: number,
  partitions: readonly AssignedPartition[],
): SessionRequest {
  const session = fetcher.sessions.get(broker) ?? newFetchSessionHandler();
  fetcher.sessions.set(broker, session);
  const wanted = partitions.map(({ name, topic, partition, position }) => ({
    name,
    topicId: network.metadata.topics.get(topic)?.topicId ?? ZERO_UUID,
    partition,
    offset: position?.offset ?? 0,
    leaderEpoch: position?.leaderEpoch ?? -1,
  }));
  return nextSessionRequest(session, wanted, {
    ask: ({ partition, offset, leaderEpoch }) => ({
      partition,
      currentLeaderEpoch: leaderEpoch,
      fetchOffset: offset,
      lastFetchedEpoch: -1,
      logStartOffset: -1,
      partitionMaxBytes: config['max.partition.fetch.bytes'],
    }),
    isSame: ({ fetchOffset, currentLeaderEpoch }, { offset, leaderEpoch }) =>
      fetchOffset === offset && currentLeaderEpoch === leaderEpoch,
  });
}

/** After these all is said anew at once. */
const SESSION_ERRORS: readonly number[] = [
  ERROR_CODES.FETCH_SESSION_ID_NOT_FOUND,
  ERROR_CODES.INVALID_FETCH_SESSION_EPOCH,
  ERROR_CODES.FETCH_SESSION_TOPIC_ID_ERROR,
];

/** The answer to a Fetch, or undefined when it was lost. */
export function handleFetch(
  consumer: Consumer,
  context: NodeContext,
  sent: { readonly broker: number; readonly asked: readonly AskedPosition[] },
  response: FetchResponse | undefined,
): void {
  const { fetcher, network } = consumer;
  fetcher.inFlight.delete(sent.broker);
  const session = fetcher.sessions.get(sent.broker);
  if (response === undefined && session !== undefined) restartSession(session);
  if (response !== undefined && session !== undefined && !sessionAnswered(session, response)) {
    if (response.errorCode === ERROR_CODES.FETCH_SESSION_TOPIC_ID_ERROR) requestMetadata(network);
    if (SESSION_ERRORS.includes(response.errorCode)) return;
  }
  if (response === undefined || response.errorCode !== NONE) {
    for (const { name } of sent.asked) leavePreferred(consumer, name);
    pause(consumer, context, sent.broker);
    requestMetadata(network);
    return;
  }
  if (response.responses.length === 0) return;
  const asked = new Map(sent.asked.map((item) => [item.name, item]));
  let refused = false;
  for (const { topicId, partitions } of response.responses)
    for (const partition of partitions) {
      const topic = network.metadata.topicNames.get(topicId) ?? '';
      const item = asked.get(topicPartition(topic, partition.partitionIndex));
      if (item !== undefined && !takePartition(consumer, context, item, partition)) refused = true;
    }
  if (refused) pause(consumer, context, sent.broker);
}

function leavePreferred({ subscriptions }: Consumer, name: TopicPartitionName): void {
  const partition = subscriptions.assigned.get(name);
  if (partition !== undefined) clearPreferredReadReplica(partition);
}

/**
 * After a refusal this broker is not asked again at once. Simplification: the real client would ask again as soon as
 * the answer is there, hundreds of times until the metadata is newer.
 */
function pause(consumer: Consumer, context: NodeContext, broker: number): void {
  const until = context.now() + millis(consumer.config['retry.backoff.ms']);
  consumer.fetcher.notBefore.set(broker, until);
  armConsumer(consumer, context, until);
}

/** Returns whether the broker answered in the partition's favour. */
function takePartition(
  consumer: Consumer,
  context: NodeContext,
  asked: AskedPosition,
  answer: FetchResponsePartition,
): boolean {
  const partition = consumer.subscriptions.assigned.get(asked.name);
  if (partition === undefined || !sameOffset(partition, asked)) return true;
  if (answer.errorCode !== NONE) {
    refuseFetch(consumer, partition, answer);
    return false;
  }
  if (answer.preferredReadReplica >= 0) {
    const until = context.now() + millis(consumer.config['metadata.max.age.ms']);
    setPreferredReadReplica(partition, answer.preferredReadReplica, until);
  }
  partition.highWatermark = answer.highWatermark;
  partition.lastStableOffset = answer.lastStableOffset;
  const batches = answer.records ?? [];
  if (batches.length > 0) keep(consumer, partition, { batches, aborted: answer.abortedTransactions ?? [] });
  return true;
}

const sameOffset = ({ position }: AssignedPartition, asked: AskedPosition): boolean =>
  position !== null && position.offset === asked.position.offset;

interface Fetched {
  readonly batches: readonly RecordBatch[];
  readonly aborted: readonly { readonly producerId: number; readonly firstOffset: number }[];
}

function keep(consumer: Consumer, partition: AssignedPartition, { batches, aborted }: Fetched): void {
  const offset = partition.position?.offset ?? 0;
  const [first] = batches;
  consumer.fetcher.buffered.push({
    name: partition.name,
    topic: partition.topic,
    partition: partition.partition,
    batches: Object.freeze(batches),
    batchIndex: 0,
    recordIndex: first === undefined ? 0 : indexOfOffset(first, offset),
    nextOffset: offset,
    aborted: [...aborted].sort((a, b) => a.firstOffset - b.firstOffset),
    abortedIds: new Set(),
  });
}

/** A batch may begin before the offset that was asked for. */
function indexOfOffset(batch: RecordBatch, offset: number): number {
  if (offset <= batch.baseOffset) return 0;
  if (offset >= nextOffset(batch)) return batch.records.count;
  let index = 0;
  while (index < batch.records.count && offsetAt(batch, index) < offset) index++;
  return index;
}
