import { ensure } from '../../base/assert.ts';
import { millis, MICROS_PER_MS } from '../../base/time.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import { NO_PRODUCER_ID, type RecordBatch } from '../../protocol/record-batch.ts';
import type { CoordinatorHost } from '../coordinator-host.ts';
import { askForShares } from '../share-group/share-initialization.ts';
import { joinError, syncError } from './answers.ts';
import { ABANDONED } from './classic-group.ts';
import type { Decision, InstalledGroup, WriteEffect } from './decision.ts';
import { errorAnswer, errorToClient } from './error-answers.ts';
import { encodeRecord } from './group-record.ts';
import type { Caller } from './group-request.ts';
import { cancelGroup, schedule } from './group-timer.ts';
import { prepareRebalance, refreshSession } from './rebalance.ts';
import { NOTHING_BEFORE, replay, replayMarker, storedBefore } from './replay.ts';
import {
  groupOf,
  replicating,
  type GroupCoordinator,
  type GroupShard,
  type PendingOperation,
} from './shard-state.ts';
import { settleStaticMember } from './static-member.ts';
import { settleAssignment } from './sync-group.ts';

/** Carries out a decision: appends, replays, and answers when everything written so far is committed. */
export function perform(
  coordinator: GroupCoordinator,
  shard: GroupShard,
  decision: Decision,
  caller: Caller | null,
): void {
  const { state } = shard;
  if (decision.records.length > 0) write(coordinator, shard, decision, caller);
  else if (caller === null) return;
  else if (state.lastWrittenOffset > state.committedOffset) enqueue(shard, decision, caller, NOTHING_BEFORE);
  else if (decision.response !== undefined) answerCaller(coordinator, shard.host, caller, decision.response);
}

function write(
  coordinator: GroupCoordinator,
  shard: GroupShard,
  decision: Decision,
  caller: Caller | null,
): void {
  const { state, host } = shard;
  const timestamp = host.wallClockMs();
  const encoded = decision.records.map((record) => encodeRecord(record, timestamp));
  const appended = host.append(state.partition, encoded, decision.transaction);
  if (!appended.ok) {
    fail(
      coordinator,
      shard,
      { caller, effect: decision.effect ?? null, parked: isParked(decision) },
      appended.error,
    );
    if (decision.createdGroup !== undefined) forget(shard, decision.createdGroup);
    return;
  }
  const producerId = decision.transaction?.producerId ?? NO_PRODUCER_ID;
  const before = storedBefore(state.stored, decision.records, producerId);
  const baseOffset = appended.value - decision.records.length;
  for (const [i, record] of decision.records.entries()) {
    replay(state.stored, record, { offset: baseOffset + i, producerId });
    if (record.type === 'GroupMetadata' && record.value === null) forget(shard, record.group);
  }
  state.lastWrittenOffset = appended.value;
  const created = decision.createdGroup === undefined ? undefined : groupOf(shard, decision.createdGroup);
  if (created !== undefined) created.visibleFrom = appended.value;
  enqueue(shard, decision, caller, before);
  if (decision.installed !== undefined) install(coordinator, shard, decision.installed);
}

/** A group of the consumer protocol goes on as a classic one. */
function install(
  coordinator: GroupCoordinator,
  shard: GroupShard,
  { group, rebalance }: InstalledGroup,
): void {
  const { state } = shard;
  state.groups.set(group.groupId, group);
  group.visibleFrom = state.lastWrittenOffset;
  for (const member of group.members.values()) refreshSession(shard, group, member);
  if (rebalance !== null) perform(coordinator, shard, prepareRebalance(shard, group, rebalance), null);
}

/** Nothing of the group is left, not even its timers. */
function forget(shard: GroupShard, groupId: string): void {
  const group = groupOf(shard, groupId);
  if (group === undefined) return;
  cancelGroup(shard, group);
  shard.state.groups.delete(groupId);
}

const isParked = (decision: Decision): boolean => decision.response === undefined;

function enqueue(
  shard: GroupShard,
  decision: Decision,
  caller: Caller | null,
  before: PendingOperation['before'],
): void {
  const { state, host } = shard;
  const timeoutMs = host.config['offsets.commit.timeout.ms'];
  if (state.pending.every(({ settled }) => settled)) schedule(shard, { kind: 'write-timeout' }, timeoutMs);
  state.pending.push({
    offset: state.lastWrittenOffset,
    deadline: host.now() + millis(timeoutMs),
    caller,
    response: decision.response ?? null,
    effect: decision.effect ?? null,
    before,
    settled: false,
  });
}

/** The high watermark moved: what it covers is committed. */
export function commitUpTo(coordinator: GroupCoordinator, shard: GroupShard, highWatermark: number): void {
  const { state } = shard;
  state.committedOffset = Math.max(state.committedOffset, highWatermark);
  for (
    let next = state.pending[0];
    next !== undefined && next.offset <= highWatermark;
    next = state.pending[0]
  ) {
    state.pending.shift();
    if (!next.settled) succeed(coordinator, shard, next);
  }
}

function succeed(coordinator: GroupCoordinator, shard: GroupShard, operation: PendingOperation): void {
  operation.settled = true;
  settleEffect(coordinator, shard, operation.effect, NONE);
  const { caller, response } = operation;
  if (caller !== null && response !== null) answerCaller(coordinator, shard.host, caller, response);
}

/** Answers with an error whatever waited too long. The records stay in the log and may be committed later. */
export function expireOperations(coordinator: GroupCoordinator, shard: GroupShard): void {
  const { state, host } = shard;
  for (const operation of [...state.pending]) {
    if (operation.settled || operation.deadline > host.now()) continue;
    operation.settled = true;
    fail(
      coordinator,
      shard,
      { ...operation, parked: operation.response === null },
      ERROR_CODES.REQUEST_TIMED_OUT,
    );
  }
  const next = state.pending.find(({ settled }) => !settled);
  if (next === undefined) return;
  schedule(shard, { kind: 'write-timeout' }, Math.ceil((next.deadline - host.now()) / MICROS_PER_MS));
}

interface FailedOperation {
  readonly caller: Caller | null;
  readonly effect: WriteEffect | null;
  /** The request is parked with its member, or was answered. */
  readonly parked: boolean;
}

function fail(
  coordinator: GroupCoordinator,
  shard: GroupShard,
  { caller, effect, parked }: FailedOperation,
  errorCode: number,
): void {
  settleEffect(coordinator, shard, effect, errorToClient(null, errorCode));
  if (caller === null) return;
  const told = errorToClient(caller.request.api, errorCode);
  if (parked) abandon(shard, caller, told);
  else answerCaller(coordinator, shard.host, caller, errorAnswer(shard.host, caller, told));
}

function settleEffect(
  coordinator: GroupCoordinator,
  shard: GroupShard,
  effect: WriteEffect | null,
  errorCode: number,
): void {
  if (effect === null) return;
  if ('partitions' in effect || 'change' in effect) {
    if (errorCode === NONE) askForShares(shard.host, effect);
    return;
  }
  const decision =
    effect.kind === 'assignment-stored'
      ? settleAssignment(shard, effect, errorCode)
      : settleStaticMember(shard, effect, errorCode);
  perform(coordinator, shard, decision, null);
}

/** Gives up on a parked request, if it is still parked; the member of a JoinGroup or SyncGroup counts as waiting all the same. */
function abandon(shard: GroupShard, caller: Caller, errorCode: number): void {
  const { request } = caller;
  if (request.api === 'AlterShareGroupOffsets' || request.api === 'DeleteShareGroupOffsets')
    shard.host.answer(request.token, errorAnswer(shard.host, caller, errorCode));
  if (request.api !== 'JoinGroup' && request.api !== 'SyncGroup') return;
  for (const member of groupOf(shard, request.body.groupId)?.members.values() ?? []) {
    if (member.awaitingJoin === request.token) {
      member.awaitingJoin = ABANDONED;
      shard.host.answer(request.token, joinError('', errorCode));
    } else if (member.awaitingSync === request.token) {
      member.awaitingSync = ABANDONED;
      shard.host.answer(request.token, syncError(errorCode));
    }
  }
}

/** Answers a request, or adds one group's part to the answer and sends it when it is complete. */
export function answerCaller(
  coordinator: GroupCoordinator,
  host: CoordinatorHost,
  { request, part }: Caller,
  response: object,
): void {
  if (part < 0) {
    host.answer(request.token, response);
    return;
  }
  const gathering = ensure(coordinator.gatherings.get(request.token), 'gathering');
  gathering.parts[part] = response;
  gathering.missing -= 1;
  if (gathering.missing > 0) return;
  coordinator.gatherings.delete(request.token);
  const field = request.api === 'DeleteGroups' ? 'results' : 'groups';
  host.answer(request.token, { throttleTimeMs: 0, [field]: gathering.parts });
}

/**
 * A marker was appended to the partition: the offsets of its producer's transaction take effect, or are dropped. Readers
 * see it when it is committed.
 */
export function completeTransaction({ state }: GroupShard, batch: RecordBatch, offset: number): void {
  state.lastWrittenOffset = offset + 1;
  state.pending.push(replicating(state.lastWrittenOffset, replayMarker(state.stored, batch)));
}
