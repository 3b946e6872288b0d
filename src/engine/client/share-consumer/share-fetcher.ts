import { millis } from '../../base/time.ts';
import { topicPartition, type TopicPartitionName } from '../../api/ids.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type {
  AcknowledgedTopic,
  ShareFetchPartition,
  ShareFetchResponse,
} from '../../protocol/share-fetch.ts';
import type { ShareAcknowledgeResponse } from '../../protocol/share-acknowledge.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { armConsumer } from '../consumer/wake.ts';
import { applyCurrentLeader, leaderOf } from '../network/cluster-metadata.ts';
import { requestMetadata } from '../network/metadata-refresh.ts';
import { isReady, readyAt, sendRequest } from '../network/network-client.ts';
import { sliceAcquired } from './acquired-records.ts';
import { batchesOf, dropUnsaid, errorOf, say, settle, takeUnsaid } from './share-acknowledgements.ts';
import type {
  ClientShareSession,
  PlaceAcknowledgements,
  ShareConsumer,
  SharedPlace,
  ShareRequest,
} from './share-consumer-state.ts';

const INITIAL = 0;
const FINAL = -1;
const LAST_EPOCH = 0x7fffffff;
/** `share.acquire.mode` on the wire. */
const ACQUIRE_MODES = ['batch_optimized', 'record_limit'];
const RECORD_LIMIT = 1;

const acquireMode = ({ config }: ShareConsumer): number =>
  Math.max(ACQUIRE_MODES.indexOf(config['share.acquire.mode'].toLowerCase()), 0);

/** What it shares, by the broker that leads it. A partition without a leader is asked about. */
function placesByLeader({
  member,
  network,
}: ShareConsumer): Map<number, Map<TopicPartitionName, SharedPlace>> {
  const byLeader = new Map<number, Map<TopicPartitionName, SharedPlace>>();
  for (const { topicId, partitions } of member.assigned) {
    const topic = network.metadata.topicNames.get(topicId) ?? '';
    for (const partition of partitions) {
      const leader = leaderOf(network.metadata, topic, partition);
      if (leader < 0) {
        requestMetadata(network);
        continue;
      }
      const name = topicPartition(topic, partition);
      const places = byLeader.get(leader) ?? new Map<TopicPartitionName, SharedPlace>();
      byLeader.set(leader, places.set(name, Object.freeze({ name, topicId, partition })));
    }
  }
  return byLeader;
}

function sessionWith({ sessions }: ShareConsumer, broker: number): ClientShareSession {
  const known = sessions.get(broker);
  if (known !== undefined) return known;
  const session: ClientShareSession = {
    broker,
    epoch: INITIAL,
    inFlight: false,
    places: new Map(),
    notBefore: 0,
    unsaid: new Map(),
  };
  sessions.set(broker, session);
  return session;
}

/** Whether a request can be sent in this session; if not, the consumer looks again when it may be. */
function canSend(consumer: ShareConsumer, context: NodeContext, session: ClientShareSession): boolean {
  if (session.inFlight) return false;
  const { network } = consumer;
  if (session.notBefore > context.now()) armConsumer(consumer, context, session.notBefore);
  else if (isReady(network, context, session.broker)) return true;
  else armConsumer(consumer, context, readyAt(network, session.broker));
  return false;
}

/**
 * Asks every leader for records while the application waits for some (`ShareConsumeRequestManager.poll`). With
 * `share.acquire.mode` record_limit one leader is asked at a time, so that no more are acquired than are wanted.
 */
export function maintainShareFetches(consumer: ShareConsumer, context: NodeContext): void {
  if (consumer.buffered.length > 0) return;
  const byLeader = placesByLeader(consumer);
  for (const broker of consumer.sessions.keys())
    if (!byLeader.has(broker)) byLeader.set(broker, new Map<TopicPartitionName, SharedPlace>());
  const isStrict = acquireMode(consumer) === RECORD_LIMIT;
  for (const [broker, places] of [...byLeader].sort(([a], [b]) => a - b)) {
    const session = sessionWith(consumer, broker);
    if (isStrict && [...consumer.sessions.values()].some(({ inFlight }) => inFlight)) return;
    if (places.size === 0 && session.places.size === 0) continue;
    if (canSend(consumer, context, session)) sendFetch(consumer, context, session, places);
  }
}

function sendFetch(
  consumer: ShareConsumer,
  context: NodeContext,
  session: ClientShareSession,
  places: ReadonlyMap<TopicPartitionName, SharedPlace>,
): void {
  const { network, groupId, member, config } = consumer;
  if (session.epoch === INITIAL) dropUnsaid(consumer, session);
  const said = takeUnsaid(session, false);
  const known = session.epoch === INITIAL ? new Map<TopicPartitionName, SharedPlace>() : session.places;
  const added = [...places.values()].filter(({ name }) => !known.has(name));
  const forgotten = [...known.values()].filter(({ name }) => !places.has(name));
  const body = {
    groupId,
    memberId: member.memberId,
    shareSessionEpoch: session.epoch,
    maxWaitMs: config['fetch.max.wait.ms'],
    minBytes: config['fetch.min.bytes'],
    maxBytes: config['fetch.max.bytes'],
    maxRecords: config['max.poll.records'],
    batchSize: config['max.poll.records'],
    shareAcquireMode: acquireMode(consumer),
    isRenewAck: false,
    topics: topicsOf(added, said),
    forgottenTopicsData: forgotten.map(({ topicId, partition }) => ({ topicId, partitions: [partition] })),
  };
  session.places = places;
  const mark: ShareRequest = Object.freeze({ type: 'fetch', epoch: session.epoch, said });
  begin(session);
  sendRequest(network, context, { destination: session.broker, api: 'ShareFetch', body, context: mark });
}

function begin(session: ClientShareSession): void {
  session.inFlight = true;
  session.epoch = session.epoch === LAST_EPOCH ? 1 : session.epoch + 1;
}

/** Partitions of a request: those to be read from now on, and those of which something is said. */
function topicsOf(
  added: readonly SharedPlace[],
  said: readonly PlaceAcknowledgements[],
): readonly AcknowledgedTopic[] {
  const bySaid = new Map(said.map((one) => [one.place.name, one]));
  const places = new Map([...added, ...said.map(({ place }) => place)].map((place) => [place.name, place]));
  return [...places.values()].map(({ name, topicId, partition: partitionIndex }) => {
    const one = bySaid.get(name);
    const acknowledgementBatches = one === undefined ? [] : batchesOf(one);
    return { topicId, partitions: [{ partitionIndex, acknowledgementBatches }] };
  });
}

/**
 * Says what is yet to be said without asking for more (ShareAcknowledge). The last time the session is over with it, and
 * the broker gives back what was not acknowledged. Returns whether nothing is left to be said or waited for.
 */
export function maintainShareAcknowledgements(
  consumer: ShareConsumer,
  context: NodeContext,
  kind: { readonly isLast: boolean; readonly isRenewal: boolean },
): boolean {
  let isDone = true;
  for (const session of consumer.sessions.values()) {
    if (session.inFlight) isDone = false;
    if (session.epoch === INITIAL) dropUnsaid(consumer, session);
    if (session.epoch === INITIAL || (session.unsaid.size === 0 && !kind.isLast)) continue;
    if (canSend(consumer, context, session)) sendAcknowledge(consumer, context, session, kind);
    // Whoever closes does not wait for a broker that cannot be reached.
    else if (kind.isLast && !session.inFlight) endSession(consumer, session);
    if (session.inFlight) isDone = false;
  }
  return isDone;
}

function sendAcknowledge(
  { network, groupId, member }: ShareConsumer,
  context: NodeContext,
  session: ClientShareSession,
  { isLast, isRenewal }: { readonly isLast: boolean; readonly isRenewal: boolean },
): void {
  const said = takeUnsaid(session, isRenewal);
  const shareSessionEpoch = isLast ? FINAL : session.epoch;
  const topics = topicsOf([], said);
  const body = { groupId, memberId: member.memberId, shareSessionEpoch, isRenewAck: isRenewal, topics };
  const mark: ShareRequest = Object.freeze({ type: 'acknowledge', epoch: shareSessionEpoch, said });
  begin(session);
  if (isLast) session.epoch = INITIAL;
  sendRequest(network, context, {
    destination: session.broker,
    api: 'ShareAcknowledge',
    body,
    context: mark,
  });
}

/** The answer to a ShareFetch, or the error by which it was lost. */
export function handleShareFetched(
  consumer: ShareConsumer,
  context: NodeContext,
  { broker, said }: Sent,
  { response, error }: Answer<ShareFetchResponse>,
): void {
  const session = sessionWith(consumer, broker);
  const refused = takeHead(consumer, context, session, response?.errorCode ?? error);
  const errors = new Map<string, number>();
  let isPaused = false;
  for (const { topicId, partitions } of response?.responses ?? [])
    for (const partition of partitions) {
      errors.set(`${topicId}/${partition.partitionIndex}`, partition.acknowledgeErrorCode);
      if (partition.errorCode !== NONE) isPaused = refusePartition(consumer, { topicId, partition });
      else
        keep(consumer, context, {
          topicId,
          partition,
          session,
          lockMs: response?.acquisitionLockTimeoutMs ?? 0,
        });
    }
  for (const one of said) settle(consumer, one, errorOf(errors, one.place, refused));
  if (isPaused) pause(consumer, context, session);
}

/** The answer to a ShareAcknowledge, or the error by which it was lost. */
export function handleShareAcknowledged(
  consumer: ShareConsumer,
  context: NodeContext,
  { broker, said }: Sent,
  { response, error }: Answer<ShareAcknowledgeResponse>,
): void {
  const refused = takeHead(consumer, context, sessionWith(consumer, broker), response?.errorCode ?? error);
  const errors = new Map<string, number>();
  for (const { topicId, partitions } of response?.responses ?? [])
    for (const { partitionIndex, errorCode } of partitions)
      errors.set(`${topicId}/${partitionIndex}`, errorCode);
  for (const one of said) settle(consumer, one, errorOf(errors, one.place, refused));
}

/** A request, and what it said. */
interface Sent {
  readonly broker: number;
  readonly said: readonly PlaceAcknowledgements[];
}

interface Answer<T> {
  readonly response: T | undefined;
  readonly error: number;
}

/** A session that is refused, or whose request was lost, begins anew; what was acquired in it is the others' again. */
function takeHead(
  consumer: ShareConsumer,
  context: NodeContext,
  session: ClientShareSession,
  error: number,
): number {
  session.inFlight = false;
  if (error === NONE) return NONE;
  endSession(consumer, session);
  requestMetadata(consumer.network);
  pause(consumer, context, session);
  return error;
}

function endSession(consumer: ShareConsumer, session: ClientShareSession): void {
  session.epoch = INITIAL;
  session.places = new Map();
  dropUnsaid(consumer, session);
}

/** After a refusal a broker is left alone for a while. */
function pause(consumer: ShareConsumer, context: NodeContext, session: ClientShareSession): void {
  session.notBefore = context.now() + millis(consumer.config['retry.backoff.ms']);
  armConsumer(consumer, context, session.notBefore);
}

interface Fetched {
  readonly topicId: string;
  readonly partition: ShareFetchPartition;
}

/** The broker does not let a partition be read. Returns whether it is to be left alone for a while: it is. */
function refusePartition({ network }: ShareConsumer, { topicId, partition }: Fetched): boolean {
  const topic = network.metadata.topicNames.get(topicId) ?? '';
  const { errorCode, partitionIndex, currentLeader } = partition;
  if (errorCode === ERROR_CODES.NOT_LEADER_OR_FOLLOWER)
    applyCurrentLeader(network.metadata, { topic, partition: partitionIndex }, currentLeader);
  requestMetadata(network);
  return true;
}

function keep(
  consumer: ShareConsumer,
  context: NodeContext,
  from: Fetched & { readonly session: ClientShareSession; readonly lockMs: number },
): void {
  const { topicId, partition, session, lockMs } = from;
  if (partition.acquiredRecords.length === 0) return;
  const topic = consumer.network.metadata.topicNames.get(topicId) ?? '';
  const { partitionIndex } = partition;
  const name = topicPartition(topic, partitionIndex);
  const place = Object.freeze({ name, topicId, partition: partitionIndex });
  const acquired = { place, broker: session.broker, acquiredAt: context.now(), lockMs };
  const { slices, gaps } = sliceAcquired(partition, acquired);
  say(session, place, gaps);
  consumer.buffered = Object.freeze([...consumer.buffered, ...slices]);
}
