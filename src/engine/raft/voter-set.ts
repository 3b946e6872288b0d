/** Ids of the replicas that vote, ascending. */
export type VoterSet = readonly number[];

export const majorityOf = (voters: VoterSet): number => Math.floor(voters.length / 2) + 1;

/**
 * Whether every majority of the one has a member in common with every majority of the other, so that one may follow the
 * other: at most one voter comes and at most one goes (`VoterSet.hasOverlappingMajority`, KIP-853).
 */
export function hasOverlappingMajority(a: VoterSet, b: VoterSet): boolean {
  const missing = (from: VoterSet, set: VoterSet): number => from.filter((id) => !set.includes(id)).length;
  return missing(a, b) <= 1 && missing(b, a) <= 1;
}
