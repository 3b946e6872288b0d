import type { PrngState } from '../../base/prng.ts';
import { randomJavaUuid } from '../../protocol/uuid.ts';

/** The id of a new member: begins with its instance id if it has one, else with its client id. */
export const newMemberId = (prng: PrngState, clientId: string, groupInstanceId: string | null): string =>
  `${groupInstanceId ?? clientId}-${randomJavaUuid(prng)}`;
