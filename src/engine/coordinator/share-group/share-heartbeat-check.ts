import { ERROR_CODES, errorName, NONE } from '../../protocol/errors.ts';
import type {
  ShareGroupHeartbeatRequest,
  ShareGroupHeartbeatResponse,
} from '../../protocol/share-group-heartbeat.ts';

/** Member epochs with a meaning of their own. */
export const JOIN = 0;
export const LEAVE = -1;
/** As long as the text of a Uuid with dashes. */
const MAX_MEMBER_ID_LENGTH = 36;

export const shareHeartbeatError = (
  errorCode: number,
  errorMessage: string | null = errorName(errorCode),
): ShareGroupHeartbeatResponse => ({
  throttleTimeMs: 0,
  errorCode,
  errorMessage,
  memberId: null,
  memberEpoch: 0,
  heartbeatIntervalMs: 0,
  assignment: null,
});

/** Whether a member of a share group may call itself so. */
export const isShareMemberId = (memberId: string): boolean =>
  memberId !== '' && memberId.length <= MAX_MEMBER_ID_LENGTH;

/** Why any coordinator refuses a ShareGroupHeartbeat, in words; null if it does not. All are INVALID_REQUEST. */
export function shareHeartbeatProblem(body: ShareGroupHeartbeatRequest): string | null {
  if (body.groupId.trim() === '') return "GroupId can't be empty.";
  if (body.rackId?.trim() === '') return "RackId can't be empty.";
  if (body.memberEpoch < LEAVE) return 'MemberEpoch is invalid.';
  const isNamed = body.subscribedTopicNames !== null && body.subscribedTopicNames.length > 0;
  return body.memberEpoch === JOIN && !isNamed ? 'SubscribedTopicNames must be set in first request.' : null;
}

/** The epoch before is good enough: the answer with the new one may have been lost. Whoever joins need not know any. */
export function checkShareEpoch(
  known: { readonly memberEpoch: number; readonly previousMemberEpoch: number },
  claimed: number,
): number {
  const isKnown = claimed === known.memberEpoch || claimed === known.previousMemberEpoch;
  return claimed === JOIN || isKnown ? NONE : ERROR_CODES.FENCED_MEMBER_EPOCH;
}
