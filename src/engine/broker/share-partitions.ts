import { millis } from '../base/time.ts';
import { durationOfReset } from '../api/config/config-rule.ts';
import { offsetForTimestamp } from '../log/offset-for-timestamp.ts';
import { shareSettingsOf, type ShareSettings } from './share-settings.ts';
import { shareKeyText, type ShareKey } from '../coordinator/share/share-state.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { StateBatch } from '../protocol/share-group-state.ts';
import type { Broker } from './broker-memory.ts';
import { isLeader, replicaOf, type Replica } from './replica.ts';
import { expireLocks, nextExpiry, settleBatches } from './share-acknowledgement.ts';
import {
  deliveryCompleteCount,
  newSharePartition,
  restoreRuns,
  skipDeleted,
  type SharePartition,
} from './share-partition.ts';
import { tellExpired } from './share-trace.ts';
import type { NewShareCall, ShareCall } from './share-memory.ts';
import type { ShareAnswer } from './share-persister.ts';

export const SHARE_LOCK_TIMER = 'share-lock/';

/** A share partition and the replica that it reads. */
export interface SharedReplica {
  readonly partition: SharePartition;
  readonly replica: Replica;
}

/** Asks the share coordinator; given by whoever is entered, as its answers may come at once. */
export type CallShares = (calls: readonly NewShareCall[]) => void;

/** The share partition, if this broker leads it; the first who asks causes its state to be read. An error is a code. */
export function openSharePartition(broker: Broker, call: CallShares, key: ShareKey): SharedReplica | number {
  const { memory } = broker;
  const replica = replicaOf(memory, key.topicId, key.partition);
  if (replica === undefined || !isLeader(replica)) {
    const isKnown = memory.image.topicNames.has(key.topicId);
    return isKnown ? ERROR_CODES.NOT_LEADER_OR_FOLLOWER : ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION;
  }
  const known = knownShare(broker, key, replica);
  if (known !== undefined) {
    skipDeleted(known, replica.log.logStartOffset);
    return { partition: known, replica };
  }
  const partition = newSharePartition(Object.freeze({ ...key }), replica.topic, replica.leaderEpoch);
  memory.sharePartitions.set(shareKeyText(key), partition);
  call([
    {
      api: 'ReadShareGroupState',
      key: partition.key,
      asked: Object.freeze({ leaderEpoch: replica.leaderEpoch }),
    },
  ]);
  const loaded = memory.sharePartitions.get(shareKeyText(key));
  return loaded === undefined ? ERROR_CODES.COORDINATOR_NOT_AVAILABLE : { partition: loaded, replica };
}

/** What is known of an earlier leadership counts for nothing. */
function knownShare(
  { memory, context }: Broker,
  key: ShareKey,
  replica: Replica,
): SharePartition | undefined {
  const text = shareKeyText(key);
  const known = memory.sharePartitions.get(text);
  if (known === undefined || known.leaderEpoch === replica.leaderEpoch) return known;
  memory.sharePartitions.delete(text);
  context.cancelTimer(SHARE_LOCK_TIMER + text);
  return undefined;
}

/** The state was read, or could not be: then the next who asks tries again. Returns the error code. */
export function shareStateRead(
  broker: Broker,
  { key, asked }: ShareCall,
  answer: ShareAnswer & {
    readonly stateEpoch?: number;
    readonly startOffset?: number;
    readonly stateBatches?: readonly StateBatch[];
  },
): number {
  const { memory, context } = broker;
  const text = shareKeyText(key);
  const partition = memory.sharePartitions.get(text);
  const replica = replicaOf(memory, key.topicId, key.partition);
  const { leaderEpoch } = asked as { readonly leaderEpoch: number };
  if (partition?.status !== 'loading' || partition.leaderEpoch !== leaderEpoch || replica === undefined)
    return NONE;
  if (answer.errorCode !== NONE) {
    memory.sharePartitions.delete(text);
    context.cancelTimer(SHARE_LOCK_TIMER + text);
    return readError(answer.errorCode);
  }
  const { stateEpoch = 0, startOffset = -1, stateBatches = [] } = answer;
  partition.stateEpoch = stateEpoch;
  const begin = startOffset < 0 ? beginOf(broker, replica, key.groupId) : startOffset;
  if (begin === undefined) {
    memory.sharePartitions.delete(text);
    return ERROR_CODES.OFFSET_NOT_AVAILABLE;
  }
  restoreRuns(partition, { startOffset: begin, stateBatches });
  partition.status = 'active';
  return NONE;
}

/** Where a group begins that has yet to (`share.auto.offset.reset`); undefined: there is no record so late. */
function beginOf({ memory, context }: Broker, { log }: Replica, groupId: string): number | undefined {
  const { offsetReset } = shareSettingsOf(memory, groupId);
  const ms = durationOfReset(offsetReset);
  if (ms !== undefined) return offsetForTimestamp(log, context, context.wallClockMs() - ms)?.offset;
  return offsetReset === 'earliest' ? log.logStartOffset : log.highWatermark;
}

const readError = (errorCode: number): number =>
  errorCode === ERROR_CODES.FENCED_LEADER_EPOCH || errorCode === ERROR_CODES.FENCED_STATE_EPOCH
    ? ERROR_CODES.NOT_LEADER_OR_FOLLOWER
    : errorCode;

/** Has batches stored, one write after the other. */
export function storeBatches(
  partition: SharePartition,
  call: CallShares,
  batches: readonly StateBatch[],
  tokens: readonly number[],
): void {
  partition.writes.push(
    Object.freeze({ batches: Object.freeze([...batches]), tokens: Object.freeze([...tokens]) }),
  );
  if (partition.writes.length === 1) storeNext(partition, call);
}

function storeNext(partition: SharePartition, call: CallShares): void {
  const [write] = partition.writes;
  if (write === undefined) return;
  const { key, stateEpoch, leaderEpoch, startOffset } = partition;
  const asked = Object.freeze({
    stateEpoch,
    leaderEpoch,
    startOffset,
    deliveryCompleteCount: deliveryCompleteCount(partition),
    stateBatches: write.batches,
  });
  call([{ api: 'WriteShareGroupState', key, asked }]);
}

/** A write is stored, or cannot be; returns who waited for it. A leader that is fenced off forgets all it knows. */
export function shareStateWritten(
  broker: Broker,
  call: CallShares,
  { key, asked }: ShareCall,
  errorCode: number,
): { readonly tokens: readonly number[]; readonly errorCode: number } {
  const { memory } = broker;
  const partition = memory.sharePartitions.get(shareKeyText(key));
  const { leaderEpoch } = asked as { readonly leaderEpoch: number };
  const write = partition?.leaderEpoch === leaderEpoch ? partition.writes.shift() : undefined;
  if (partition === undefined || write === undefined) return { tokens: [], errorCode };
  settleBatches(partition, write.batches, errorCode === NONE);
  storeNext(partition, call);
  armLocks(broker, partition);
  return { tokens: write.tokens, errorCode: errorCode === NONE ? NONE : readError(errorCode) };
}

/** Locks that are over are noticed when the first of them is. */
export function armLocks({ context }: Broker, partition: SharePartition): void {
  const name = SHARE_LOCK_TIMER + shareKeyText(partition.key);
  const at = nextExpiry(partition);
  if (at === undefined) context.cancelTimer(name);
  else context.setTimer(name, Math.max(at - context.now(), 0), partition.key);
}

/**
 * Nobody of the group is here any more: what is stored is all that counts, and whoever comes next reads it anew, also what an
 * administrator has changed meanwhile (`SharePartitionManager.ShareGroupListenerImpl`).
 */
export function forgetIdleShares({ memory, context }: Broker, groupId: string): void {
  for (const session of memory.shareSessions.values()) if (session.groupId === groupId) return;
  for (const [text, { key, status, writes }] of [...memory.sharePartitions]) {
    if (key.groupId !== groupId || status === 'loading' || writes.length > 0) continue;
    memory.sharePartitions.delete(text);
    context.cancelTimer(SHARE_LOCK_TIMER + text);
  }
}

/** A lock is over. */
export function onLockTimer(broker: Broker, call: CallShares, key: ShareKey): void {
  const { memory, context } = broker;
  const partition = memory.sharePartitions.get(shareKeyText(key));
  const replica = replicaOf(memory, key.topicId, key.partition);
  if (partition?.status !== 'active' || replica?.leaderEpoch !== partition.leaderEpoch) return;
  const { deliveryCountLimit } = shareSettingsOf(memory, key.groupId);
  const batches = expireLocks(partition, context.now(), deliveryCountLimit);
  tellExpired(broker, partition, batches);
  if (batches.length > 0) storeBatches(partition, call, batches, []);
  armLocks(broker, partition);
}

export const lockedUntil = ({ context }: Broker, { lockDurationMs }: ShareSettings): number =>
  context.now() + millis(lockDurationMs);
