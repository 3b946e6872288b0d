import { describeShareGroupError } from '../coordinator/share-group/describe-share-group.ts';
import {
  isShareMemberId,
  shareHeartbeatError,
  shareHeartbeatProblem,
} from '../coordinator/share-group/share-heartbeat-check.ts';
import { ERROR_CODES } from '../protocol/errors.ts';
import type { Broker, BrokerMemory } from './broker-memory.ts';
import { handleGroupApi } from './group-requests.ts';
import { respond, type Incoming } from './requests.ts';

/** The feature that share groups need. */
const SHARE_VERSION = 'share.version';

export const servesShares = ({ image }: BrokerMemory): boolean =>
  (image.features.get(SHARE_VERSION) ?? 0) > 0;

/** Looks at what concerns no group, then leaves it to the group coordinator. */
export function handleShareGroupHeartbeat(broker: Broker, incoming: Incoming<'ShareGroupHeartbeat'>): void {
  const { token, body } = incoming;
  const refuse = (errorCode: number, message?: string | null): void =>
    respond<'ShareGroupHeartbeat'>(broker, token, shareHeartbeatError(errorCode, message));
  const problem = shareHeartbeatProblem(body);
  if (!servesShares(broker.memory)) refuse(ERROR_CODES.UNSUPPORTED_VERSION);
  else if (!isShareMemberId(body.memberId)) refuse(ERROR_CODES.INVALID_REQUEST, null);
  else if (problem !== null) refuse(ERROR_CODES.INVALID_REQUEST, problem);
  else handleGroupApi(broker, 'ShareGroupHeartbeat', incoming);
}

export function handleShareGroupDescribe(broker: Broker, incoming: Incoming<'ShareGroupDescribe'>): void {
  if (servesShares(broker.memory)) {
    handleGroupApi(broker, 'ShareGroupDescribe', incoming);
    return;
  }
  const groups = incoming.body.groupIds.map((groupId) =>
    describeShareGroupError(groupId, ERROR_CODES.UNSUPPORTED_VERSION),
  );
  respond<'ShareGroupDescribe'>(broker, incoming.token, { throttleTimeMs: 0, groups });
}
