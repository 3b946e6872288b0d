import { assert, ensure } from '../../base/assert.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import { nextOffset, NO_PRODUCER_ID, offsetAt, type RecordBatch } from '../../protocol/record-batch.ts';
import type { CoordinatorHost } from '../coordinator-host.ts';
import { resumeConsumerGroup } from '../consumer-group/resume.ts';
import { resumeShareGroup } from '../share-group/share-group-heartbeat.ts';
import { answerJoin, answerSync, joinError, syncError } from './answers.ts';
import { newGroup } from './classic-group.ts';
import type { Decision } from './decision.ts';
import { errorAnswer } from './error-answers.ts';
import { groupFromMetadata } from './group-metadata.ts';
import { decodeRecord } from './group-record.ts';
import { cancelAll, schedule } from './group-timer.ts';
import { expireOffsets } from './offset-expiry.ts';
import { answerCaller, commitUpTo, perform } from './operations.ts';
import { groupsWithPending } from './pending-offsets.ts';
import { prepareRebalance, refreshSession } from './rebalance.ts';
import { replay, replayMarker, storedBefore } from './replay.ts';
import {
  newShardState,
  replicating,
  type GroupCoordinator,
  type GroupShard,
  type StoredBefore,
  type StoredGroups,
} from './shard-state.ts';

/**
 * This broker became leader of a partition of `__consumer_offsets`. Until {@link finishLoading} its groups answer
 * COORDINATOR_LOAD_IN_PROGRESS; meanwhile the broker hands over the whole log, also what is above the high watermark,
 * with {@link loadBatch}.
 */
export function beginLoading(
  coordinator: GroupCoordinator,
  host: CoordinatorHost,
  partition: number,
  leaderEpoch: number,
): void {
  unload(coordinator, host, partition);
  coordinator.shards.set(partition, newShardState(partition, leaderEpoch));
}

/** The next batch of the log of a partition that is loading. */
export function loadBatch(coordinator: GroupCoordinator, partition: number, batch: RecordBatch): void {
  const state = ensure(coordinator.shards.get(partition), 'shard that loads');
  assert(state.status === 'loading', 'a batch for a shard that is loaded', { partition });
  state.lastWrittenOffset = nextOffset(batch);
  const before =
    batch.control === undefined ? replayBatch(state.stored, batch) : replayMarker(state.stored, batch);
  state.pending.push(replicating(state.lastWrittenOffset, before));
}

function replayBatch(stored: StoredGroups, batch: RecordBatch): StoredBefore {
  const { records } = batch;
  const producerId = batch.isTransactional ? batch.producerId : NO_PRODUCER_ID;
  const decoded = records.keys.map((key, i) => decodeRecord(key ?? '', records.values[i] ?? null));
  const known = decoded.filter((record) => record !== undefined);
  const before = storedBefore(stored, known, producerId);
  decoded.forEach((record, i) => {
    if (record !== undefined) replay(stored, record, { offset: offsetAt(batch, i), producerId });
  });
  return before;
}

/** The whole log was handed over: members begin new sessions, and requests are worked on. */
export function finishLoading(
  coordinator: GroupCoordinator,
  host: CoordinatorHost,
  partition: number,
  highWatermark: number,
): void {
  const state = ensure(coordinator.shards.get(partition), 'shard that loads');
  const shard = { state, host };
  state.status = 'active';
  commitUpTo(coordinator, shard, highWatermark);
  for (const [groupId, value] of state.stored.metadata)
    state.groups.set(groupId, groupFromMetadata(groupId, value));
  for (const groupId of [...state.stored.offsets.keys(), ...groupsWithPending(state.stored)])
    if (!state.groups.has(groupId) && !state.stored.consumerGroups.has(groupId))
      state.groups.set(groupId, { ...newGroup(groupId, host.wallClockMs()), visibleFrom: 0 });
  for (const group of [...state.groups.values()]) {
    for (const member of group.members.values()) refreshSession(shard, group, member);
    if (group.members.size > host.config['group.max.size'])
      perform(coordinator, shard, prepareRebalance(shard, group, 'more members than group.max.size'), null);
  }
  for (const group of state.stored.consumerGroups.values()) resumeConsumerGroup(shard, group);
  for (const group of state.stored.shareGroups.values()) resumeShareGroup(shard, group);
  scheduleRetentionCheck(shard);
}

const scheduleRetentionCheck = (shard: GroupShard): void =>
  schedule(shard, { kind: 'offsets-retention' }, shard.host.config['offsets.retention.check.interval.ms']);

export function expireOffsetsAndReschedule(shard: GroupShard): Decision {
  scheduleRetentionCheck(shard);
  return expireOffsets(shard);
}

/** This broker no longer leads the partition: whoever waits is told NOT_COORDINATOR, and everything is forgotten. */
export function unload(coordinator: GroupCoordinator, host: CoordinatorHost, partition: number): void {
  const state = coordinator.shards.get(partition);
  if (state === undefined) return;
  const shard = { state, host };
  cancelAll(shard);
  coordinator.shards.delete(partition);
  for (const { caller, response, settled } of state.pending)
    if (!settled && caller !== null && response !== null)
      answerCaller(coordinator, host, caller, errorAnswer(host, caller, ERROR_CODES.NOT_COORDINATOR));
  for (const group of state.groups.values())
    for (const member of group.members.values()) {
      answerJoin(shard, member, joinError(member.memberId, ERROR_CODES.NOT_COORDINATOR));
      answerSync(shard, member, syncError(ERROR_CODES.NOT_COORDINATOR));
    }
}
