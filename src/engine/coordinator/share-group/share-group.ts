import type { Uuid } from '../../protocol/uuid.ts';
import type { Assignment } from '../consumer-group/assignor/assignor.ts';

/** A share group (KIP-932), as `__consumer_offsets` says. Frozen: a record makes another one of it. */
export interface ShareGroup {
  readonly groupId: string;
  /** Grows when a new assignment is needed. */
  readonly groupEpoch: number;
  /** Of the topics that members subscribe to, to notice when those change. */
  readonly metadataHash: number;
  /** Group epoch for which the target was computed. */
  readonly assignmentEpoch: number;
  /** ms since 1970 at which that was; 0 if the next one need not wait. */
  readonly assignmentTimestamp: number;
  readonly members: ReadonlyMap<string, ShareGroupMember>;
  /** What each member is to have; members may have the same partition. */
  readonly targets: ReadonlyMap<string, Assignment>;
  readonly partitions: ShareStatePartitions;
}

/** Frozen. */
export interface ShareGroupMember {
  readonly memberId: string;
  readonly metadata: ShareMemberMetadata;
  readonly current: ShareMemberAssignment;
}

/** What a member says of itself. Frozen. */
export interface ShareMemberMetadata {
  readonly rackId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  /** Ascending, without repetitions. */
  readonly topicNames: readonly string[];
}

/** Frozen. */
export interface ShareMemberAssignment {
  readonly memberEpoch: number;
  readonly previousMemberEpoch: number;
  readonly assigned: Assignment;
}

/** Which partitions the share coordinator knows of for this group; only those are assigned. Frozen. */
export interface ShareStatePartitions {
  /** The share coordinator has been asked to begin with them. */
  readonly initializing: ReadonlyMap<Uuid, InitializingTopic>;
  readonly initialized: ReadonlyMap<Uuid, StateTopic>;
}

export interface StateTopic {
  readonly name: string;
  /** Ascending. */
  readonly partitions: readonly number[];
}

export interface InitializingTopic extends StateTopic {
  /** ms since 1970 at which it was asked. */
  readonly since: number;
}

/** Kafka's names of the states (`ShareGroup.ShareGroupState`). */
export type ShareGroupStateName = 'Empty' | 'Stable';

const NOTHING = new Map<string, never>();

/** The epoch that a group is created in; the first member's joining begins the next. */
const FIRST_EPOCH = 1;

export const newShareGroup = (groupId: string): ShareGroup =>
  Object.freeze({
    groupId,
    groupEpoch: FIRST_EPOCH,
    metadataHash: 0,
    assignmentEpoch: FIRST_EPOCH,
    assignmentTimestamp: 0,
    members: NOTHING,
    targets: NOTHING,
    partitions: NO_STATE,
  });

export const NO_STATE: ShareStatePartitions = Object.freeze({ initializing: NOTHING, initialized: NOTHING });

export const NEW_SHARE_METADATA: ShareMemberMetadata = Object.freeze({
  rackId: null,
  clientId: '',
  clientHost: '',
  topicNames: Object.freeze([]),
});

export const NEW_SHARE_ASSIGNMENT: ShareMemberAssignment = Object.freeze({
  memberEpoch: 0,
  previousMemberEpoch: 0,
  assigned: NOTHING,
});

export const stateOfShareGroup = ({ members }: ShareGroup): ShareGroupStateName =>
  members.size === 0 ? 'Empty' : 'Stable';

/** Topics of all members, ascending. */
export const shareTopicNames = ({ members }: ShareGroup): string[] =>
  [...new Set([...members.values()].flatMap(({ metadata }) => metadata.topicNames))].sort();

/** Every partition of one topic that the target gives to somebody, ascending. */
const targeted = ({ targets }: ShareGroup, topicId: Uuid): number[] =>
  [...new Set([...targets.values()].flatMap((target) => target.get(topicId) ?? []))].sort((a, b) => a - b);

/** Whether a subscribed topic has got partitions to share that the target does not know of. */
export function hasUnassigned(group: ShareGroup): boolean {
  const names = new Set(shareTopicNames(group));
  return [...group.partitions.initialized].some(
    ([topicId, { name, partitions }]) =>
      names.has(name) && targeted(group, topicId).join() !== partitions.join(),
  );
}
