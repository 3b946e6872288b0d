import type { PartitionPlace } from '../cluster-view.ts';
import type { BrokerId, NodeId, TopicPartitionName } from '../ids.ts';

/** A state of a transactional id as its coordinator stored it; state '' when the id is forgotten. Frozen. */
export interface TransactionView {
  readonly transactionalId: string;
  readonly state: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  /** ms. */
  readonly timeoutMs: number;
  readonly partitions: readonly TopicPartitionName[];
  /** Version of the transaction protocol: from 2 on each transaction has epochs of its own (KIP-890). */
  readonly version: number;
}

/** A committed offset as it is stored. */
export interface StoredCommitView {
  readonly groupId: string;
  readonly name: TopicPartitionName;
  readonly offset: number;
}

/** States of groups of the classic protocol; then those of the consumer protocol, which can be Empty and Stable too. */
export type GroupStateName =
  'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Assigning' | 'Reconciling';

/** A group as a coordinator has it. */
export interface GroupView {
  readonly groupId: string;
  readonly coordinator: BrokerId;
  /** The protocol that its coordinator has it under. */
  readonly type: 'classic' | 'consumer' | 'share';
  readonly state: GroupStateName;
  /** Or the epoch of a group of the consumer protocol. */
  readonly generation: number;
  readonly members: readonly GroupMemberView[];
  readonly committed: readonly CommittedView[];
}

export interface GroupMemberView {
  readonly memberId: string;
  readonly clientId: string;
  /** What was given to it; under the consumer protocol also what it has yet to give up. */
  readonly assigned: readonly TopicPartitionName[];
}

/** A committed offset: the next one to read. */
export interface CommittedView extends PartitionPlace {
  readonly offset: number;
}

/** A member of a group as it sees itself. */
export interface MemberView {
  readonly node: NodeId;
  readonly groupId: string;
  readonly memberId: string;
  /** −1 while it is not a member. */
  readonly generation: number;
  /** It has joined and has its assignment. */
  readonly stable: boolean;
  /** By its `isolation.level`. */
  readonly readCommitted: boolean;
  readonly owned: readonly OwnedView[];
}

export interface OwnedView {
  readonly name: TopicPartitionName;
  /** Next offset to read, −1 while it is not known. */
  readonly position: number;
}
