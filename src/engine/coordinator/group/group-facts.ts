import type { Bytes } from '../../base/bytes.ts';
import type { GroupStateName } from './classic-group.ts';
import { committedOffsets } from './offset-view.ts';
import type { GroupCoordinator, ShardState } from './shard-state.ts';

/** What can be told of a group, for people and checkers. */
export interface GroupFacts {
  readonly groupId: string;
  readonly state: GroupStateName;
  readonly generation: number;
  /** '' while there is none. */
  readonly protocol: string;
  /** In order of joining. */
  readonly members: readonly GroupMemberFacts[];
  /** Ordered by topic and partition. */
  readonly committed: readonly CommittedOffsetFacts[];
}

export interface GroupMemberFacts {
  readonly memberId: string;
  readonly clientId: string;
  /** Bytes of the assignment as the leader sent them, '' before. */
  readonly assigned: Bytes;
}

export interface CommittedOffsetFacts {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** The groups that this broker coordinates, by id. */
export const groupFacts = (coordinator: GroupCoordinator): readonly GroupFacts[] =>
  [...coordinator.shards.values()].flatMap(factsOfShard).sort((a, b) => (a.groupId < b.groupId ? -1 : 1));

const factsOfShard = (state: ShardState): GroupFacts[] =>
  [...state.groups.values()].map((group) => ({
    groupId: group.groupId,
    state: group.state,
    generation: group.generation,
    protocol: group.protocolName ?? '',
    members: [...group.members.values()].map(({ memberId, clientId, assignment }) => ({
      memberId,
      clientId,
      assigned: assignment,
    })),
    committed: committedOffsets(state, group.groupId).map(({ topic, partition, value }) => ({
      topic,
      partition,
      offset: value.offset,
    })),
  }));
