import { ensure } from '../../base/assert.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { RequestBody, ResponseBody } from '../../protocol/message.ts';
import type { CoordinatorHost } from '../coordinator-host.ts';
import { heartbeatError } from '../consumer-group/consumer-group-heartbeat.ts';
import { describeConsumerGroupError } from '../consumer-group/describe-consumer-group.ts';
import { describeShareGroupError } from '../share-group/describe-share-group.ts';
import { shareOffsetsError } from '../share-group/share-offsets.ts';
import { shareHeartbeatError } from '../share-group/share-heartbeat-check.ts';
import { joinError, syncError } from './answers.ts';
import { deleteResult } from './delete-groups.ts';
import { describeError } from './describe-groups.ts';
import type { Caller, GroupApi } from './group-request.ts';
import { commitError } from './offset-commit.ts';
import { offsetDeleteError } from './offset-delete.ts';

/** What a client is told when an append failed with this code. OffsetFetch sends it to look for the coordinator. */
export function errorToClient(api: GroupApi | null, errorCode: number): number {
  switch (errorCode) {
    case ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION:
    case ERROR_CODES.NOT_ENOUGH_REPLICAS:
    case ERROR_CODES.REQUEST_TIMED_OUT:
      return api === 'OffsetFetch' ? ERROR_CODES.NOT_COORDINATOR : ERROR_CODES.COORDINATOR_NOT_AVAILABLE;
    case ERROR_CODES.NOT_LEADER_OR_FOLLOWER:
    case ERROR_CODES.KAFKA_STORAGE_ERROR:
      return ERROR_CODES.NOT_COORDINATOR;
    case ERROR_CODES.MESSAGE_TOO_LARGE:
    case ERROR_CODES.RECORD_LIST_TOO_LARGE:
    case ERROR_CODES.INVALID_FETCH_SIZE:
      return ERROR_CODES.UNKNOWN_SERVER_ERROR;
    default:
      return errorCode;
  }
}

/** The answer (for one group of several: its part of the answer) that carries only an error. */
export function errorAnswer(host: CoordinatorHost, { request, part }: Caller, errorCode: number): object {
  switch (request.api) {
    case 'JoinGroup':
      return joinError('', errorCode);
    case 'SyncGroup':
      return syncError(errorCode);
    case 'Heartbeat':
      return {
        throttleTimeMs: 0,
        errorCode: errorCode === ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS ? NONE : errorCode,
      };
    case 'LeaveGroup':
      return leaveError(request.body, errorCode);
    case 'OffsetCommit':
    case 'TxnOffsetCommit':
      return commitError(host, request, errorCode);
    case 'OffsetDelete':
      return offsetDeleteError(errorCode);
    case 'OffsetFetch':
      return { groupId: ensure(request.body.groups[part], 'group').groupId, topics: [], errorCode };
    case 'DeleteGroups':
      return deleteResult(ensure(request.body.groupsNames[part], 'group'), errorCode);
    case 'DescribeGroups':
      return describeError(ensure(request.body.groups[part], 'group'), errorCode);
    case 'ConsumerGroupHeartbeat':
      return heartbeatError(errorCode);
    case 'ConsumerGroupDescribe':
      return describeConsumerGroupError(ensure(request.body.groupIds[part], 'group'), errorCode);
    case 'ShareGroupHeartbeat':
      return shareHeartbeatError(errorCode);
    case 'ShareGroupDescribe':
      return describeShareGroupError(ensure(request.body.groupIds[part], 'group'), errorCode);
    case 'AlterShareGroupOffsets':
    case 'DeleteShareGroupOffsets':
      return shareOffsetsError(errorCode);
    case 'ListGroups':
      return { throttleTimeMs: 0, errorCode, groups: [] };
  }
}

/** Of an unknown group every member is unknown; other errors concern the request. */
export function leaveError(body: RequestBody<'LeaveGroup'>, errorCode: number): ResponseBody<'LeaveGroup'> {
  if (errorCode !== ERROR_CODES.UNKNOWN_MEMBER_ID) return { throttleTimeMs: 0, errorCode, members: [] };
  const members = body.members.map(({ memberId, groupInstanceId }) => ({
    memberId,
    groupInstanceId,
    errorCode,
  }));
  return { throttleTimeMs: 0, errorCode: NONE, members };
}
