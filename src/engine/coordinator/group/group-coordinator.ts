import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { RecordBatch } from '../../protocol/record-batch.ts';
import type { CoordinatorHost, CoordinatorRequest } from '../coordinator-host.ts';
import { consumerGroupHeartbeat } from '../consumer-group/consumer-group-heartbeat.ts';
import { expireConsumerMember } from '../consumer-group/leave-consumer-group.ts';
import { resolveRegexes } from '../consumer-group/regexes.ts';
import { expireShareMember } from '../share-group/leave-share-group.ts';
import { shareGroupHeartbeat } from '../share-group/share-group-heartbeat.ts';
import { alterShareOffsets, deleteShareOffsets } from '../share-group/share-offsets.ts';
import { joinError } from './answers.ts';
import type { Decision } from './decision.ts';
import { deleteGroup } from './delete-groups.ts';
import { listGroups } from './describe-groups.ts';
import { describe, isDescription, type DescribeRequest } from './described-group.ts';
import { errorAnswer } from './error-answers.ts';
import { checkRequest, partitionForGroup, type Caller, type GroupRequest } from './group-request.ts';
import { noteFired, type GroupTimer } from './group-timer.ts';
import { heartbeat } from './heartbeat.ts';
import { joinGroup } from './join-group.ts';
import { leaveGroup } from './leave-group.ts';
import { expirePendingSync, expireSession } from './member-expiry.ts';
import { commitOffset } from './offset-commit.ts';
import { deleteOffsets } from './offset-delete.ts';
import { fetchOffsets } from './offset-fetch.ts';
import { answerCaller, commitUpTo, completeTransaction, expireOperations, perform } from './operations.ts';
import { completeJoin, endInitialDelay } from './rebalance.ts';
import { expireOffsetsAndReschedule } from './shard-lifecycle.ts';
import { groupOf, type GroupCoordinator, type GroupShard } from './shard-state.ts';
import { syncGroup } from './sync-group.ts';

/** Works on a request. Its answer goes out through the host: now, or when a write commits or a timer fires. */
export function handleGroupRequest(
  coordinator: GroupCoordinator,
  host: CoordinatorHost,
  request: GroupRequest,
): void {
  const refusal = checkRequest(host, request);
  if (refusal !== NONE) refuse(host, request, refusal);
  else if (request.api === 'ListGroups') answerListGroups(coordinator, host, request);
  else if (request.api === 'DescribeGroups') gather(coordinator, host, request, request.body.groups);
  else if (request.api === 'DeleteGroups')
    gather(coordinator, host, request, [...new Set(request.body.groupsNames)]);
  else if (request.api === 'ConsumerGroupDescribe' || request.api === 'ShareGroupDescribe')
    gather(coordinator, host, request, request.body.groupIds);
  else if (request.api === 'OffsetFetch')
    gather(
      coordinator,
      host,
      request,
      request.body.groups.map(({ groupId }) => groupId),
    );
  else askShard(coordinator, host, { request, part: -1 }, request.body.groupId);
}

function refuse(host: CoordinatorHost, request: GroupRequest, errorCode: number): void {
  const body =
    request.api === 'JoinGroup'
      ? joinError(request.body.memberId, errorCode)
      : errorAnswer(host, { request, part: -1 }, errorCode);
  host.answer(request.token, body);
}

/** A request about several groups: each goes to its own shard. */
function gather(
  coordinator: GroupCoordinator,
  host: CoordinatorHost,
  request: GroupRequest,
  groupIds: readonly string[],
): void {
  if (groupIds.length === 0) {
    host.answer(request.token, {
      throttleTimeMs: 0,
      [request.api === 'DeleteGroups' ? 'results' : 'groups']: [],
    });
    return;
  }
  coordinator.gatherings.set(request.token, { parts: groupIds.map(() => null), missing: groupIds.length });
  groupIds.forEach((groupId, part) => askShard(coordinator, host, { request, part }, groupId));
}

function askShard(
  coordinator: GroupCoordinator,
  host: CoordinatorHost,
  caller: Caller,
  groupId: string,
): void {
  const state = coordinator.shards.get(partitionForGroup(groupId, host.partitionCount));
  if (state?.status === 'active') {
    answerFrom(coordinator, { state, host }, caller, groupId);
    return;
  }
  const error = state === undefined ? ERROR_CODES.NOT_COORDINATOR : ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS;
  answerCaller(coordinator, host, caller, errorAnswer(host, caller, error));
}

function answerFrom(coordinator: GroupCoordinator, shard: GroupShard, caller: Caller, groupId: string): void {
  const { request, part } = caller;
  if (isDescription(request)) {
    answerCaller(coordinator, shard.host, caller, describe(shard, request, groupId));
    return;
  }
  const offsets = request.api === 'OffsetFetch' ? request.body.groups[part] : undefined;
  if (request.api !== 'OffsetFetch') perform(coordinator, shard, decide(shard, request, groupId), caller);
  else if (offsets !== undefined) {
    const response = fetchOffsets(shard, request, offsets);
    if (request.body.requireStable) perform(coordinator, shard, { records: [], response }, caller);
    else answerCaller(coordinator, shard.host, caller, response);
  }
}

type DecidedRequest = Exclude<GroupRequest, CoordinatorRequest<'OffsetFetch'> | DescribeRequest>;

function decide(shard: GroupShard, request: DecidedRequest, groupId: string): Decision {
  switch (request.api) {
    case 'JoinGroup':
      return joinGroup(shard, request);
    case 'SyncGroup':
      return syncGroup(shard, request);
    case 'Heartbeat':
      return heartbeat(shard, request);
    case 'LeaveGroup':
      return leaveGroup(shard, request);
    case 'OffsetCommit':
    case 'TxnOffsetCommit':
      return commitOffset(shard, request);
    case 'OffsetDelete':
      return deleteOffsets(shard, request);
    case 'DeleteGroups':
      return deleteGroup(shard, groupId);
    case 'ConsumerGroupHeartbeat':
      return consumerGroupHeartbeat(shard, request);
    case 'ShareGroupHeartbeat':
      return shareGroupHeartbeat(shard, request);
    case 'AlterShareGroupOffsets':
      return alterShareOffsets(shard, request);
    case 'DeleteShareGroupOffsets':
      return deleteShareOffsets(shard, request);
    case 'ListGroups':
      return { records: [] };
  }
}

/** Lists the groups of all shards of this broker; while one of them loads, nothing is listed. */
function answerListGroups(
  coordinator: GroupCoordinator,
  host: CoordinatorHost,
  request: CoordinatorRequest<'ListGroups'>,
): void {
  const shards = [...coordinator.shards.values()].sort((a, b) => a.partition - b.partition);
  if (shards.some(({ status }) => status === 'loading')) {
    refuse(host, request, ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS);
    return;
  }
  const groups = shards.flatMap((state) => listGroups({ state, host }, request.body));
  host.answer(request.token, { throttleTimeMs: 0, errorCode: NONE, groups });
}

/** A transaction marker was appended to a partition of `__consumer_offsets` at this offset. */
export function onTransactionMarker(
  coordinator: GroupCoordinator,
  host: CoordinatorHost,
  partition: number,
  marker: { readonly batch: RecordBatch; readonly offset: number },
): void {
  const state = coordinator.shards.get(partition);
  if (state !== undefined) completeTransaction({ state, host }, marker.batch, marker.offset);
}

/** The high watermark of a partition of `__consumer_offsets` moved on this broker. */
export function onHighWatermarkUpdated(
  coordinator: GroupCoordinator,
  host: CoordinatorHost,
  partition: number,
  highWatermark: number,
): void {
  const state = coordinator.shards.get(partition);
  if (state?.status === 'active') commitUpTo(coordinator, { state, host }, highWatermark);
}

/** A timer of this coordinator fired. Timers of a shard's earlier life are ignored. */
export function onGroupTimer(coordinator: GroupCoordinator, host: CoordinatorHost, timer: GroupTimer): void {
  const state = coordinator.shards.get(timer.partition);
  if (state?.status !== 'active' || state.leaderEpoch !== timer.leaderEpoch) return;
  const shard = { state, host };
  noteFired(shard, timer.purpose);
  if (timer.purpose.kind === 'write-timeout') expireOperations(coordinator, shard);
  else perform(coordinator, shard, decideTimer(shard, timer.purpose), null);
}

function decideTimer(
  shard: GroupShard,
  purpose: Exclude<GroupTimer['purpose'], { kind: 'write-timeout' }>,
): Decision {
  if (purpose.kind === 'offsets-retention') return expireOffsetsAndReschedule(shard);
  if (purpose.kind === 'consumer-member') return expireConsumerMember(shard, purpose);
  if (purpose.kind === 'share-member') return expireShareMember(shard, purpose);
  if (purpose.kind === 'regexes') return resolveRegexes(shard, purpose.groupId);
  const group = groupOf(shard, purpose.groupId);
  if (group === undefined) return { records: [] };
  switch (purpose.kind) {
    case 'session':
      return expireSession(shard, group, purpose.memberId);
    case 'join':
      return completeJoin(shard, group);
    case 'initial-delay':
      return endInitialDelay(shard, group, purpose);
    case 'sync':
      return expirePendingSync(shard, group, purpose.generation);
  }
}
