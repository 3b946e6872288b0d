import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import { isShareKeyText } from './share/share-key.ts';
import type { FindCoordinatorRequest, FindCoordinatorResponse } from '../protocol/find-coordinator.ts';

/** `FindCoordinatorRequest.CoordinatorType`. */
export const COORDINATOR_TYPE = { GROUP: 0, TRANSACTION: 1, SHARE: 2 } as const;

export interface CoordinatorEndpoint {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

const NO_ENDPOINT: CoordinatorEndpoint = { nodeId: -1, host: '', port: -1 };

/**
 * The answer to FindCoordinator. `leaderFor` gives the live leader of the partition that holds the key's state, or
 * undefined if the topic or the leader is missing: COORDINATOR_NOT_AVAILABLE.
 */
export function findCoordinators(
  request: FindCoordinatorRequest,
  leaderFor: (key: string, keyType: number) => CoordinatorEndpoint | undefined,
): FindCoordinatorResponse {
  const coordinators = request.coordinatorKeys.map((key) => {
    const known = isKnownKey(request.keyType, key);
    const endpoint = known ? leaderFor(key, request.keyType) : undefined;
    return { key, ...(endpoint ?? NO_ENDPOINT), errorCode: errorOf(known, endpoint), errorMessage: '' };
  });
  return { throttleTimeMs: 0, coordinators };
}

const isKnownKey = (type: number, key: string): boolean =>
  type === COORDINATOR_TYPE.GROUP ||
  type === COORDINATOR_TYPE.TRANSACTION ||
  (type === COORDINATOR_TYPE.SHARE && isShareKeyText(key));

function errorOf(known: boolean, endpoint: CoordinatorEndpoint | undefined): number {
  if (!known) return ERROR_CODES.INVALID_REQUEST;
  return endpoint === undefined ? ERROR_CODES.COORDINATOR_NOT_AVAILABLE : NONE;
}
