import type { CoordinatorRequest } from '../coordinator-host.ts';
import type { ClassicGroupMember } from './classic-group.ts';

export type JoinRequest = CoordinatorRequest<'JoinGroup'>;

/** Version 0 has no rebalance timeout of its own. */
const rebalanceTimeoutOf = ({ version, body }: JoinRequest): number =>
  version === 0 ? body.sessionTimeoutMs : body.rebalanceTimeoutMs;

/** A member as its first JoinGroup describes it; the request is parked with it. */
export const newMember = (request: JoinRequest, memberId: string): ClassicGroupMember => ({
  memberId,
  groupInstanceId: request.body.groupInstanceId,
  clientId: request.clientId,
  clientHost: request.clientHost,
  protocolType: request.body.protocolType,
  rebalanceTimeoutMs: rebalanceTimeoutOf(request),
  sessionTimeoutMs: request.body.sessionTimeoutMs,
  protocols: request.body.protocols,
  assignment: '',
  awaitingJoin: request.token,
  awaitingSync: null,
  isNew: true,
});

/** Takes over what the member says of itself, and parks its join. */
export function updateMember(member: ClassicGroupMember, request: JoinRequest): void {
  member.protocols = request.body.protocols;
  member.rebalanceTimeoutMs = rebalanceTimeoutOf(request);
  member.sessionTimeoutMs = request.body.sessionTimeoutMs;
  member.awaitingJoin = request.token;
}
