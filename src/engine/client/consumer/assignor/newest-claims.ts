import { cursorOf, readInt32 } from '../../../protocol/byte-codec.ts';
import { NO_CLAIM, type AssignorMember } from './assignor.ts';

/**
 * Members as the cooperative sticky assignor saw them before KAFKA-14639: a claim is of the generation that last gave the
 * member something, and only those of the newest generation count. What a member still has that missed one is taken for
 * nobody's.
 */
export function withNewestClaims(members: readonly AssignorMember[]): AssignorMember[] {
  const generations = members.map(givenIn);
  const newest = Math.max(...generations);
  return members.map((member, i) => {
    const generationId = generations[i] ?? -1;
    const claim = generationId === newest ? { ...member.claim, generation: newest } : NO_CLAIM;
    return { ...member, generationId, claim };
  });
}

/** What a member of the cooperative sticky assignor adds to its subscription; −1 before it was given anything. */
const givenIn = ({ userData }: AssignorMember): number =>
  userData === undefined || userData === null ? -1 : readInt32(cursorOf(userData));
