import { javaHashBucket } from '../../base/java-hash-code.ts';
import { checkConsumerGroupHeartbeat } from '../consumer-group/consumer-group-heartbeat.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { CoordinatorHost, CoordinatorRequest } from '../coordinator-host.ts';

/** What a group coordinator is asked. */
export type GroupApi =
  | 'JoinGroup'
  | 'SyncGroup'
  | 'Heartbeat'
  | 'LeaveGroup'
  | 'OffsetCommit'
  | 'TxnOffsetCommit'
  | 'OffsetFetch'
  | 'OffsetDelete'
  | 'DescribeGroups'
  | 'ListGroups'
  | 'DeleteGroups'
  | 'ConsumerGroupHeartbeat'
  | 'ConsumerGroupDescribe'
  | 'ShareGroupHeartbeat'
  | 'ShareGroupDescribe'
  | 'AlterShareGroupOffsets'
  | 'DeleteShareGroupOffsets';

export type GroupRequest = CoordinatorRequest<GroupApi>;

/** Who waits for an operation: a request, or one group of a request about several. */
export interface Caller {
  readonly request: GroupRequest;
  /** Index of the group in the request; −1 if the request is about one group only. */
  readonly part: number;
}

/** Answers about several groups, as they come in. */
export interface Gathering {
  readonly parts: (object | null)[];
  missing: number;
}

/** From this version on a syncing member must say which protocol it believes the group to use (KIP-559). */
const PROTOCOL_NAMED_VERSION = 5;

/** The partition of `__consumer_offsets` that keeps the group's state. */
export const partitionForGroup = (groupId: string, partitionCount: number): number =>
  javaHashBucket(groupId, partitionCount);

/** Why any broker refuses the request before it looks for the group, or NONE. */
export function checkRequest(host: CoordinatorHost, request: GroupRequest): number {
  switch (request.api) {
    case 'JoinGroup':
      return checkGroupId(request.body) || checkSessionTimeout(host, request.body.sessionTimeoutMs);
    case 'SyncGroup':
      return checkProtocolNamed(request) || checkGroupId(request.body);
    case 'Heartbeat':
    case 'LeaveGroup':
    case 'OffsetDelete':
    case 'TxnOffsetCommit':
    case 'AlterShareGroupOffsets':
    case 'DeleteShareGroupOffsets':
      return checkGroupId(request.body);
    case 'ConsumerGroupHeartbeat':
      return checkConsumerGroupHeartbeat(host, request);
    default:
      return NONE;
  }
}

const checkGroupId = ({ groupId }: { readonly groupId: string }): number =>
  groupId === '' ? ERROR_CODES.INVALID_GROUP_ID : NONE;

function checkSessionTimeout({ config }: CoordinatorHost, ms: number): number {
  const allowed =
    ms >= config['group.min.session.timeout.ms'] && ms <= config['group.max.session.timeout.ms'];
  return allowed ? NONE : ERROR_CODES.INVALID_SESSION_TIMEOUT;
}

function checkProtocolNamed({ version, body }: CoordinatorRequest<'SyncGroup'>): number {
  const named = body.protocolType !== null && body.protocolName !== null;
  return named || version < PROTOCOL_NAMED_VERSION ? NONE : ERROR_CODES.INCONSISTENT_GROUP_PROTOCOL;
}
