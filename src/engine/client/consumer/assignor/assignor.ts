import type { Before } from '../../../api/improvements.ts';
import type { Bytes } from '../../../base/bytes.ts';
import type { TopicPartition } from '../subscription-state.ts';

/** A member of a group as an assignor sees it. */
export interface AssignorMember {
  readonly memberId: string;
  /** Null for a dynamic member. */
  readonly groupInstanceId: string | null;
  /** Null or '' if the member does not say. */
  readonly rackId: string | null;
  readonly topics: readonly string[];
  /** Generation that the subscription names, −1 for none. */
  readonly generationId: number;
  /** What the member says it owned. Only sticky assignors take notice. */
  readonly claim: Claim;
  /** What its assignor added to the subscription. */
  readonly userData?: Bytes | null;
}

/** Partitions that a member owned, and the generation in which it did; −1 if it does not know. */
export interface Claim {
  readonly partitions: readonly TopicPartition[];
  readonly generation: number;
}

export const NO_CLAIM: Claim = Object.freeze({ partitions: Object.freeze([]), generation: -1 });

export interface AssignorTopic {
  readonly name: string;
  readonly partitionCount: number;
  /** Racks of the replicas of each partition; absent when brokers have no racks. */
  readonly racks?: readonly (readonly string[])[];
}

/** Partitions by topic of each member, ascending. */
export type MemberAssignment = Map<string, number[]>;

/**
 * Shares partitions out among the members of a group: what every member gets, by member id. `before`: improvements that
 * the assignor is without.
 */
export type Assign = (
  topics: readonly AssignorTopic[],
  members: readonly AssignorMember[],
  before?: Before,
) => Map<string, MemberAssignment>;

/** Static members first, by instance id; then dynamic ones by member id. */
export function inAssignmentOrder(a: AssignorMember, b: AssignorMember): number {
  if ((a.groupInstanceId === null) !== (b.groupInstanceId === null))
    return a.groupInstanceId === null ? 1 : -1;
  const x = a.groupInstanceId ?? a.memberId;
  const y = b.groupInstanceId ?? b.memberId;
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Some member is in a rack with replicas, and not every partition is in all racks. */
export function racksMatter(
  members: readonly AssignorMember[],
  racksOfPartitions: readonly ReadonlySet<string>[],
): boolean {
  const all = new Set(racksOfPartitions.flatMap((racks) => [...racks]));
  if (!members.some(({ rackId }) => rackId !== null && rackId !== '' && all.has(rackId))) return false;
  return !racksOfPartitions.every((racks) => racks.size === all.size);
}
