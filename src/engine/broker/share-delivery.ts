import { millis } from '../base/time.ts';
import { isShareMemberId } from '../coordinator/share-group/share-heartbeat-check.ts';
import { shareKeyText, type ShareKey } from '../coordinator/share/share-state.ts';
import { ERROR_CODES, errorName, NONE } from '../protocol/errors.ts';
import type { AcknowledgedTopic } from '../protocol/share-fetch.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { Broker } from './broker-memory.ts';
import { respond, type Incoming } from './requests.ts';
import { acknowledge, checkBatches, releaseAll } from './share-acknowledgement.ts';
import { callShares } from './share-bridge.ts';
import { delayShare, tryShareFetch, wakeShares, type DelayedShare } from './share-fetch.ts';
import {
  armLocks,
  lockedUntil,
  openSharePartition,
  storeBatches,
  type CallShares,
} from './share-partitions.ts';
import { servesShares } from './share-requests.ts';
import {
  advanceShareSession,
  closeShareSession,
  FINAL,
  placeText,
  shareSessionOf,
  updateShareSession,
  type ShareSession,
} from './share-session.ts';

type DeliveryApi = 'ShareFetch' | 'ShareAcknowledge';

/** A request of which it is known who asks. */
interface Known {
  readonly groupId: string;
  readonly memberId: string;
}

function refuse<A extends DeliveryApi>(broker: Broker, { token }: Incoming<A>, errorCode: number): void {
  respond<DeliveryApi>(broker, token, {
    throttleTimeMs: 0,
    errorCode,
    errorMessage: errorName(errorCode),
    acquisitionLockTimeoutMs: 0,
    responses: [],
    nodeEndpoints: [],
  });
}

function knownOf(broker: Broker, incoming: Incoming<DeliveryApi>): Known | number {
  const { groupId, memberId } = incoming.body;
  if (!servesShares(broker.memory)) return ERROR_CODES.UNSUPPORTED_VERSION;
  if (groupId === null || groupId === '' || memberId === null || !isShareMemberId(memberId))
    return ERROR_CODES.INVALID_REQUEST;
  return { groupId, memberId };
}

/**
 * ShareFetch (KIP-932): a member says what it did with the records that it had, and acquires others: nobody else gets them
 * until it has acknowledged them, or their lock is over.
 */
export function handleShareFetch(broker: Broker, incoming: Incoming<'ShareFetch'>): void {
  const { body, connection, token } = incoming;
  const known = knownOf(broker, incoming);
  const errorCode =
    typeof known === 'number' ? known : updateShareSession(broker.memory, connection, { ...body, ...known });
  const session =
    typeof known === 'number' ? undefined : shareSessionOf(broker.memory, known.groupId, known.memberId);
  if (errorCode !== NONE || session === undefined) {
    refuse(broker, incoming, errorCode);
    return;
  }
  const isLast = body.shareSessionEpoch === FINAL;
  const delayed: DelayedShare = {
    api: 'ShareFetch',
    groupId: session.groupId,
    memberId: session.memberId,
    deadline: broker.context.now() + millis(body.maxWaitMs),
    fetch: isLast || body.isRenewAck ? null : body,
    targets: isLast ? [] : [...session.partitions.values()],
    tellsAll: body.shareSessionEpoch === 0,
    acknowledged: new Map(),
    missing: 0,
  };
  takeAcknowledgements(broker, token, delayed, body);
  if (isLast) endSession(broker, session);
  delayShare(broker, callerOf(broker), token, delayed);
}

/** ShareAcknowledge (KIP-932): a member says what it did with the records that it had. */
export function handleShareAcknowledge(broker: Broker, incoming: Incoming<'ShareAcknowledge'>): void {
  const { body, token } = incoming;
  const known = knownOf(broker, incoming);
  const session =
    typeof known === 'number' ? undefined : shareSessionOf(broker.memory, known.groupId, known.memberId);
  const errorCode = typeof known === 'number' ? known : advanceShareSession(session, body.shareSessionEpoch);
  if (errorCode !== NONE || session === undefined) {
    refuse(broker, incoming, errorCode);
    return;
  }
  const { groupId, memberId } = session;
  const nothing = { deadline: 0, fetch: null, targets: [], tellsAll: false, missing: 0 };
  const delayed: DelayedShare = {
    ...nothing,
    api: 'ShareAcknowledge',
    groupId,
    memberId,
    acknowledged: new Map(),
  };
  takeAcknowledgements(broker, token, delayed, body);
  if (body.shareSessionEpoch === FINAL) endSession(broker, session);
  delayShare(broker, callerOf(broker), token, delayed);
}

const callerOf =
  (broker: Broker): CallShares =>
  (calls) =>
    callShares(broker, calls);

/** What a request says of records that its member had. */
interface Acknowledging {
  readonly topics: readonly AcknowledgedTopic[];
  readonly isRenewAck: boolean;
}

/** Does what the member says; the answer waits until that is stored. */
function takeAcknowledgements(
  broker: Broker,
  token: number,
  delayed: DelayedShare,
  { topics, isRenewAck: mayRenew }: Acknowledging,
): void {
  for (const { topicId, partitions } of topics)
    for (const { partitionIndex: partition, acknowledgementBatches: batches } of partitions) {
      if (batches.length === 0 && delayed.api === 'ShareFetch') continue;
      const key = { groupId: delayed.groupId, topicId, partition };
      const share = openSharePartition(broker, callerOf(broker), key);
      const by = {
        memberId: delayed.memberId,
        deliveryCountLimit: broker.memory.config['group.share.delivery.count.limit'],
        lockedUntil: lockedUntil(broker),
      };
      const invalid = checkBatches(batches, mayRenew);
      const refused = typeof share === 'number' ? share : invalid;
      const done =
        refused !== NONE || typeof share === 'number'
          ? { errorCode: refused, stored: [] }
          : acknowledge(share.partition, batches, by);
      delayed.acknowledged.set(placeText(key), done.errorCode);
      if (typeof share === 'number') continue;
      if (done.stored.length > 0) {
        delayed.missing += 1;
        storeBatches(share.partition, callerOf(broker), done.stored, [token]);
      }
      armLocks(broker, share.partition);
    }
}

/** Acknowledgements of these requests are stored, or could not be. */
export function acknowledgementsStored(
  broker: Broker,
  key: ShareKey,
  tokens: readonly number[],
  errorCode: number,
): void {
  for (const token of tokens) {
    const delayed = broker.memory.delayedShares.get(token);
    if (delayed === undefined) continue;
    delayed.missing -= 1;
    if (errorCode !== NONE) delayed.acknowledged.set(placeText(key), errorCode);
    tryShareFetch(broker, callerOf(broker), token);
  }
  wakeShares(broker, callerOf(broker), key);
}

/** A member is gone: what it had goes to the others at once. */
function endSession(broker: Broker, session: ShareSession): void {
  const { groupId, memberId } = session;
  closeShareSession(broker.memory, session);
  for (const place of session.partitions.values()) {
    const key = { groupId, ...place };
    const partition = broker.memory.sharePartitions.get(shareKeyText(key));
    if (partition?.status !== 'active') continue;
    const batches = releaseAll(partition, memberId);
    if (batches.length > 0) storeBatches(partition, callerOf(broker), batches, []);
    armLocks(broker, partition);
    wakeShares(broker, callerOf(broker), key);
  }
}

/** A client's connection is gone, and with it its sessions; nobody waits for an answer any more. */
export function dropShares(broker: Broker, connection: ConnectionId, token: number): void {
  const { memory } = broker;
  memory.delayedShares.delete(token);
  for (const session of [...memory.shareSessions.values()])
    if (session.connection === connection) endSession(broker, session);
}
