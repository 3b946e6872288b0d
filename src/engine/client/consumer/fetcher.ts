import { millis } from '../../base/time.ts';
import { topicPartition, type TopicPartitionName } from '../../api/ids.ts';
import { NONE } from '../../protocol/errors.ts';
import type { FetchRequestTopic, FetchResponse, FetchResponsePartition } from '../../protocol/fetch.ts';
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

/** A fetch without a session names all of its partitions (`FetchMetadata.LEGACY`). */
const NO_SESSION = { sessionId: 0, sessionEpoch: -1 } as const;

/**
 * Asks every leader for what may be read and is not here yet: one fetch under way per broker, none for partitions with
 * buffered records (`AbstractFetch.prepareFetchRequests`). Simplification: no incremental fetch sessions (KIP-227), so
 * each request names its partitions; only the size of requests would differ.
 */
export function maintainFetches(consumer: Consumer, context: NodeContext): void {
  const { fetcher, subscriptions, network } = consumer;
  let wanted: Map<number, AssignedPartition[]> | undefined;
  for (const partition of subscriptions.assigned.values()) {
    const leader = leaderToAsk(consumer, partition);
    const broker = leader < 0 ? leader : replicaToRead(consumer, context, partition, leader);
    if (broker < 0 || fetcher.inFlight.has(broker) || isBuffered(consumer, partition)) continue;
    wanted ??= new Map<number, AssignedPartition[]>();
    wanted.set(broker, [...(wanted.get(broker) ?? []), partition]);
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

const isBuffered = ({ fetcher }: Consumer, { name }: AssignedPartition): boolean =>
  fetcher.buffered.some((fetched) => fetched.name === name);

function sendFetch(
  consumer: Consumer,
  context: NodeContext,
  destination: number,
  partitions: readonly AssignedPartition[],
): void {
  const { config, network, fetcher } = consumer;
  const asked: AskedPosition[] = [];
  for (const { name, position } of partitions) if (position !== null) asked.push({ name, position });
  sendRequest(network, context, {
    destination,
    api: 'Fetch',
    body: {
      maxWaitMs: config['fetch.max.wait.ms'],
      minBytes: config['fetch.min.bytes'],
      maxBytes: config['fetch.max.bytes'],
      isolationLevel: config['isolation.level'] === 'read_committed' ? 1 : 0,
      ...NO_SESSION,
      topics: topicsOf(consumer, partitions),
      forgottenTopicsData: [],
      rackId: config['client.rack'],
    },
    context: Object.freeze({ type: 'fetch', asked: Object.freeze(asked) }),
  });
  fetcher.inFlight.add(destination);
}

function topicsOf(
  { network, config }: Consumer,
  partitions: readonly AssignedPartition[],
): FetchRequestTopic[] {
  const names = [...new Set(partitions.map(({ topic }) => topic))];
  return names.map((name) => ({
    topicId: network.metadata.topics.get(name)?.topicId ?? ZERO_UUID,
    partitions: partitions
      .filter(({ topic }) => topic === name)
      .map(({ partition, position }) => ({
        partition,
        currentLeaderEpoch: position?.leaderEpoch ?? -1,
        fetchOffset: position?.offset ?? 0,
        lastFetchedEpoch: -1,
        logStartOffset: -1,
        partitionMaxBytes: config['max.partition.fetch.bytes'],
      })),
  }));
}

/** The answer to a Fetch, or undefined when it was lost. */
export function handleFetch(
  consumer: Consumer,
  context: NodeContext,
  sent: { readonly broker: number; readonly asked: readonly AskedPosition[] },
  response: FetchResponse | undefined,
): void {
  const { fetcher, network } = consumer;
  fetcher.inFlight.delete(sent.broker);
  if (response === undefined || response.errorCode !== NONE) {
    for (const { name } of sent.asked) leavePreferred(consumer, name);
    pause(consumer, context, sent.broker);
    requestMetadata(network);
    return;
  }
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
