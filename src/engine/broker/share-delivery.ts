import { millis } from '../base/time.ts';
import { isShareMemberId } from '../coordinator/share-group/share-heartbeat-check.ts';
import { shareKeyText, type ShareKey } from '../coordinator/share/share-state.ts';
import { ERROR_CODES, errorName, NONE } from '../protocol/errors.ts';
import type { AcknowledgedTopic } from '../protocol/share-fetch.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { Broker } from './broker-memory.ts';
import { respond, type Incoming } from './requests.ts';
import { acknowledge, checkBatches, releaseAll } from './share-acknowledgement.ts';
import { delayShare, tryShareFetch, wakeShares, type DelayedShare } from './share-fetch.ts';
import {
  armLocks,
  lockedUntil,
  forgetIdleShares,
  openSharePartition,
  storeBatches,
  type CallShares,
} from './share-partitions.ts';
import { shareSettingsOf } from './share-settings.ts';
import { servesShares } from './share-requests.ts';
import { tellAcknowledged } from './share-trace.ts';
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
export function handleShareFetch(broker: Broker, call: CallShares, incoming: Incoming<'ShareFetch'>): void {
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
  takeAcknowledgements(broker, call, { ...body, token, delayed });
  if (isLast) endSession(broker, call, session);
  delayShare(broker, call, token, delayed);
}

/** ShareAcknowledge (KIP-932): a member says what it did with the records that it had. */
export function handleShareAcknowledge(
  broker: Broker,
  call: CallShares,
  incoming: Incoming<'ShareAcknowledge'>,
): void {
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
  takeAcknowledgements(broker, call, { ...body, token, delayed });
  if (body.shareSessionEpoch === FINAL) endSession(broker, call, session);
  delayShare(broker, call, token, delayed);
}

/** What a request says of records that its member had. */
interface Acknowledging {
  readonly topics: readonly AcknowledgedTopic[];
  readonly isRenewAck: boolean;
  readonly token: number;
  readonly delayed: DelayedShare;
}

/** Does what the member says; the answer waits until that is stored. */
function takeAcknowledgements(
  broker: Broker,
  call: CallShares,
  { topics, isRenewAck: mayRenew, token, delayed }: Acknowledging,
): void {
  for (const { topicId, partitions } of topics)
    for (const { partitionIndex: partition, acknowledgementBatches: batches } of partitions) {
      if (batches.length === 0 && delayed.api === 'ShareFetch') continue;
      const key = { groupId: delayed.groupId, topicId, partition };
      const share = openSharePartition(broker, call, key);
      const settings = shareSettingsOf(broker.memory, key.groupId);
      const { deliveryCountLimit, mayRenew: isRenewable } = settings;
      const by = {
        memberId: delayed.memberId,
        deliveryCountLimit,
        lockedUntil: lockedUntil(broker, settings),
        mayRenew: isRenewable,
      };
      const invalid = checkBatches(batches, mayRenew);
      const refused = typeof share === 'number' ? share : invalid;
      const done =
        refused !== NONE || typeof share === 'number'
          ? { errorCode: refused, stored: [] }
          : acknowledge(share.partition, batches, by);
      delayed.acknowledged.set(placeText(key), done.errorCode);
      if (typeof share === 'number') continue;
      tellAcknowledged(broker, share.partition, done.stored, batches);
      if (done.stored.length > 0) {
        delayed.missing += 1;
        storeBatches(share.partition, call, done.stored, [token]);
      }
      armLocks(broker, share.partition);
    }
}

/** Acknowledgements of these requests are stored, or could not be. */
export function acknowledgementsStored(
  broker: Broker,
  call: CallShares,
  key: ShareKey,
  { tokens, errorCode }: { readonly tokens: readonly number[]; readonly errorCode: number },
): void {
  for (const token of tokens) {
    const delayed = broker.memory.delayedShares.get(token);
    if (delayed === undefined) continue;
    delayed.missing -= 1;
    if (errorCode !== NONE) delayed.acknowledged.set(placeText(key), errorCode);
    tryShareFetch(broker, call, token);
  }
  wakeShares(broker, call, key);
  forgetIdleShares(broker, key.groupId);
}

/** A member is gone: what it had goes to the others at once. */
function endSession(broker: Broker, call: CallShares, session: ShareSession): void {
  const { groupId, memberId } = session;
  closeShareSession(broker.memory, session);
  for (const place of session.partitions.values()) {
    const key = { groupId, ...place };
    const partition = broker.memory.sharePartitions.get(shareKeyText(key));
    if (partition?.status !== 'active') continue;
    const batches = releaseAll(partition, memberId);
    if (batches.length > 0) storeBatches(partition, call, batches, []);
    armLocks(broker, partition);
    wakeShares(broker, call, key);
  }
  forgetIdleShares(broker, groupId);
}

/** A client's connection is gone, and with it its sessions; nobody waits for an answer any more. */
export function dropShares(broker: Broker, call: CallShares, connection: ConnectionId, token: number): void {
  const { memory } = broker;
  memory.delayedShares.delete(token);
  for (const session of [...memory.shareSessions.values()])
    if (session.connection === connection) endSession(broker, call, session);
}
