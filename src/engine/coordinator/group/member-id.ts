import { nextUint32, type PrngState } from '../../base/prng.ts';

/** A random version 4 UUID as `java.util.UUID` prints it. */
function randomJavaUuid(prng: PrngState): string {
  const word = (): string => nextUint32(prng).toString(16).padStart(8, '0');
  const hex = word() + word() + word() + word();
  const variant = '89ab'[nextUint32(prng) >>> 30];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** The id of a new member: begins with its instance id if it has one, else with its client id. */
export const newMemberId = (prng: PrngState, clientId: string, groupInstanceId: string | null): string =>
  `${groupInstanceId ?? clientId}-${randomJavaUuid(prng)}`;
