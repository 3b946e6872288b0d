import { decodeAssignment } from '../../protocol/consumer-protocol.ts';
import type { Uuid } from '../../protocol/uuid.ts';
import { consumerGroupFacts } from '../consumer-group/consumer-group-facts.ts';
import type { ConsumerGroupStateName } from '../consumer-group/consumer-group.ts';
import { shareGroupFacts } from '../share-group/share-group-facts.ts';
import type { ClassicGroup, GroupStateName } from './classic-group.ts';
import { committedOffsets } from './offset-view.ts';
import type { GroupCoordinator, ShardState } from './shard-state.ts';

/** What can be told of a group, for people and checkers. */
export interface GroupFacts {
  readonly groupId: string;
  readonly type: 'classic' | 'consumer' | 'share';
  readonly state: GroupStateName | ConsumerGroupStateName;
  /** Or the epoch of a group of the consumer protocol. */
  readonly generation: number;
  /** Epoch that the target was computed for; null in a classic group. */
  readonly assignmentEpoch: number | null;
  /** How partitions are shared out; '' while that is open. */
  readonly protocol: string;
  /** In order of joining. */
  readonly members: readonly GroupMemberFacts[];
  /** Ordered by topic and partition. */
  readonly committed: readonly CommittedOffsetFacts[];
}

export interface GroupMemberFacts {
  readonly memberId: string;
  readonly clientId: string;
  /** Of a member of a share group. */
  readonly memberEpoch?: number;
  /** What the leader gave it, or what the coordinator did; what it has yet to give up is still its own. */
  readonly assigned: readonly PartitionFacts[];
  /** Null in a classic group, where what is assigned is all there is. */
  readonly reconciling: ReconcilingFacts | null;
}

/** Where a member of the consumer protocol stands between what it has and what it should have. */
export interface ReconcilingFacts {
  readonly memberEpoch: number;
  /** It has yet to give these up. */
  readonly revoking: readonly PartitionFacts[];
  /** What it is to have in the end. */
  readonly target: readonly PartitionFacts[];
}

export interface PartitionFacts {
  readonly topic: string;
  readonly partition: number;
}

export interface CommittedOffsetFacts extends PartitionFacts {
  readonly offset: number;
}

/** What of the broker goes into the facts of groups of the consumer protocol. */
export interface BrokerKnowledge {
  readonly topicNames: ReadonlyMap<Uuid, string>;
  /** What shares out where no member asks for anything else. */
  readonly assignor: string;
}

const NOTHING: BrokerKnowledge = { topicNames: new Map(), assignor: '' };

/** The groups that this broker coordinates, by id. */
export const groupFacts = (
  coordinator: GroupCoordinator,
  known: BrokerKnowledge = NOTHING,
): readonly GroupFacts[] =>
  [...coordinator.shards.values()]
    .flatMap((state) => factsOfShard(state, known))
    .sort((a, b) => (a.groupId < b.groupId ? -1 : 1));

/** A group but for its offsets. */
export type GroupItself = Omit<GroupFacts, 'committed'>;

const factsOfShard = (state: ShardState, known: BrokerKnowledge): GroupFacts[] =>
  [
    ...[...state.groups.values()].map(classicFacts),
    ...[...state.stored.consumerGroups.values()].map((group) => consumerGroupFacts(group, known)),
    ...[...state.stored.shareGroups.values()].map((group) => shareGroupFacts(group, known)),
  ].map((facts) => ({
    ...facts,
    committed: committedOffsets(state, facts.groupId).map(({ topic, partition, value }) => ({
      topic,
      partition,
      offset: value.offset,
    })),
  }));

const classicFacts = ({ groupId, state, generation, protocolName, members }: ClassicGroup): GroupItself => ({
  groupId,
  type: 'classic',
  state,
  generation,
  assignmentEpoch: null,
  protocol: protocolName ?? '',
  members: [...members.values()].map(({ memberId, clientId, assignment }) => ({
    memberId,
    clientId,
    assigned: (decodeAssignment(assignment)?.partitions ?? []).flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    ),
    reconciling: null,
  })),
});
