import type { Uuid } from '../../../protocol/uuid.ts';

/** Partitions of one member, by topic id. Frozen once it is stored. */
export type Assignment = ReadonlyMap<Uuid, readonly number[]>;

/** A member as a server-side assignor sees it. */
export interface SpecMember {
  readonly memberId: string;
  /** Null for a dynamic member. */
  readonly instanceId: string | null;
  /** Ids of the topics it subscribes to, ascending. */
  readonly topicIds: readonly Uuid[];
  /** Its present target; topics and partitions ascending. */
  readonly assigned: Assignment;
}

/** What a server-side assignor is asked (`GroupSpec`). */
export interface GroupSpec {
  /** In the order in which the group's members are gone through: some members get more because they come last. */
  readonly members: readonly SpecMember[];
  /** All members subscribe to the same topics. */
  readonly homogeneous: boolean;
  /** How many partitions a topic has. */
  readonly partitionCounts: ReadonlyMap<Uuid, number>;
}

/** By member id. Members that are not named get nothing. Undefined: a topic does not exist (`PartitionAssignorException`). */
export type GroupAssignment = ReadonlyMap<string, Assignment> | undefined;

/** Shares out the partitions of the topics that members subscribe to. */
export type ServerAssign = (spec: GroupSpec) => GroupAssignment;

/** Whether somebody subscribes to a topic that there is not. */
export const missesTopic = ({ members, partitionCounts }: GroupSpec): boolean =>
  members.some(({ topicIds }) => topicIds.some((topicId) => !partitionCounts.has(topicId)));
