import { javaHashOrder } from '../../base/java-hash-order.ts';
import type { JoinGroupRequestProtocol } from '../../protocol/join-group.ts';
import type { Uuid } from '../../protocol/uuid.ts';
import type { Assignment } from './assignor/assignor.ts';
import type { CurrentAssignment } from './reconciliation.ts';

/** A group of the consumer protocol (KIP-848), as `__consumer_offsets` says. Frozen: a record makes another one of it. */
export interface ConsumerGroup {
  readonly groupId: string;
  /** Grows when a new assignment is needed; 0 before the first. */
  readonly groupEpoch: number;
  /** Of the topics that members subscribe to, to notice when those change. */
  readonly metadataHash: number;
  /** Group epoch for which the target was computed. */
  readonly assignmentEpoch: number;
  /** ms since 1970 at which that was; 0 if the next one need not wait. */
  readonly assignmentTimestamp: number;
  readonly members: ReadonlyMap<string, ConsumerGroupMember>;
  /** What each member is to have in the end. */
  readonly targets: ReadonlyMap<string, Assignment>;
  /** Topics that match the subscribed expressions. */
  readonly regexes: ReadonlyMap<string, ResolvedRegex>;
}

/** Frozen. */
export interface ConsumerGroupMember {
  readonly memberId: string;
  readonly metadata: MemberMetadata;
  readonly current: CurrentAssignment;
}

/** What a member says of itself. Frozen. */
export interface MemberMetadata {
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  /** Ascending, without repetitions. */
  readonly topicNames: readonly string[];
  /** '' for none. */
  readonly topicRegex: string;
  /** −1 before the member has said. */
  readonly rebalanceTimeoutMs: number;
  readonly serverAssignor: string | null;
  /** Set while the member speaks the classic protocol. */
  readonly classic: ClassicMemberMetadata | null;
}

export interface ClassicMemberMetadata {
  readonly sessionTimeoutMs: number;
  /** In the member's order of preference. */
  readonly protocols: readonly JoinGroupRequestProtocol[];
}

/** Topics that matched a regular expression at some moment. Frozen. */
export interface ResolvedRegex {
  /** Ascending. */
  readonly topics: readonly string[];
  /** ms since 1970. */
  readonly timestamp: number;
}

/** Kafka's names of the states (`ConsumerGroup.ConsumerGroupState`). */
export type ConsumerGroupStateName = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable';

const NOTHING = new Map<string, never>();

export const newConsumerGroup = (groupId: string): ConsumerGroup =>
  Object.freeze({
    groupId,
    groupEpoch: 0,
    metadataHash: 0,
    assignmentEpoch: 0,
    assignmentTimestamp: 0,
    members: NOTHING,
    targets: NOTHING,
    regexes: NOTHING,
  });

export const NEW_METADATA: MemberMetadata = Object.freeze({
  instanceId: null,
  rackId: null,
  clientId: '',
  clientHost: '',
  topicNames: Object.freeze([]),
  topicRegex: '',
  rebalanceTimeoutMs: -1,
  serverAssignor: null,
  classic: null,
});

export const NO_PARTITIONS: Assignment = new Map();

export const targetOf = (group: ConsumerGroup, memberId: string): Assignment =>
  group.targets.get(memberId) ?? NO_PARTITIONS;

export const staticMemberOf = (group: ConsumerGroup, instanceId: string): ConsumerGroupMember | undefined =>
  [...group.members.values()].find(({ metadata }) => metadata.instanceId === instanceId);

const isReconciled = ({ current }: ConsumerGroupMember, epoch: number): boolean =>
  current.state === 'STABLE' && current.memberEpoch === epoch;

export function stateOf(group: ConsumerGroup): ConsumerGroupStateName {
  if (group.members.size === 0) return 'Empty';
  if (group.groupEpoch > group.assignmentEpoch) return 'Assigning';
  const members = [...group.members.values()];
  return members.every((member) => isReconciled(member, group.assignmentEpoch)) ? 'Stable' : 'Reconciling';
}

/** Topics that a member subscribes to by name or by an expression that is resolved. */
export const topicsOf = (group: ConsumerGroup, { metadata }: ConsumerGroupMember): ReadonlySet<string> =>
  new Set([...metadata.topicNames, ...(group.regexes.get(metadata.topicRegex)?.topics ?? [])]);

/** Topics of all members, ascending. */
export const subscribedTopics = (group: ConsumerGroup): string[] =>
  [...new Set([...group.members.values()].flatMap((member) => [...topicsOf(group, member)]))].sort();

/** Expressions that members subscribe with, ascending. */
export const subscribedRegexes = (group: ConsumerGroup): string[] =>
  [...new Set([...group.members.values()].map(({ metadata }) => metadata.topicRegex))]
    .filter((regex) => regex !== '')
    .sort();

/** Whether a member has the partition, or has yet to give it up. */
export const isHeld = (group: ConsumerGroup, topicId: Uuid, partition: number): boolean =>
  [...group.members.values()].some(({ current: { assigned, pendingRevocation } }) =>
    [assigned, pendingRevocation].some((partitions) => partitions.get(topicId)?.has(partition) === true),
  );

/** The assignor that most members ask for; the coordinator's default if nobody asks for any. */
export function preferredAssignor(group: ConsumerGroup, byDefault: string): string {
  const votes = new Map<string, number>();
  for (const { metadata } of group.members.values())
    if (metadata.serverAssignor !== null)
      votes.set(metadata.serverAssignor, (votes.get(metadata.serverAssignor) ?? 0) + 1);
  // Kafka counts in a `HashMap` and takes the first of the most.
  const names = javaHashOrder(votes.keys());
  return (
    names.reduce<string | undefined>(
      (best, name) => (best === undefined || (votes.get(name) ?? 0) > (votes.get(best) ?? 0) ? name : best),
      undefined,
    ) ?? byDefault
  );
}

export const usesClassicProtocol = ({ metadata }: ConsumerGroupMember): boolean => metadata.classic !== null;
