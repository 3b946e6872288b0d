import type { FetchSessionFacts } from '../../api/entities/group.ts';
import type { TopicPartitionName } from '../../api/ids.ts';
import type { Consumer, MemberState } from './consumer-state.ts';
import { knownEpoch, type ConsumerMemberState } from './member/member-state.ts';
import { partitionLag } from './subscription-state.ts';

/** What can be seen of a consumer from outside, for pictures and checks. */
export interface ConsumerFacts {
  readonly groupId: string;
  readonly memberId: string;
  /** Of the group, or the member's epoch if it speaks the consumer protocol; −1 outside. */
  readonly generationId: number;
  readonly state: MemberState | ConsumerMemberState;
  /** Broker that it takes for its coordinator, −1 if none. */
  readonly coordinator: number;
  readonly inPoll: boolean;
  readonly partitions: readonly ConsumedPartition[];
  /** Fetch sessions (KIP-227), by broker. */
  readonly sessions: readonly FetchSessionFacts[];
}

export interface ConsumedPartition {
  readonly name: TopicPartitionName;
  /** Next offset to be returned by poll(), −1 while not known. */
  readonly position: number;
  /** Last offset that this member committed or found committed, −1 for none. */
  readonly committed: number;
  /** By the last fetch, −1 while not known. */
  readonly highWatermark: number;
  readonly lag: number | null;
  readonly paused: boolean;
}

const sessionFacts = ({ fetcher }: Consumer): FetchSessionFacts[] =>
  [...fetcher.sessions]
    .filter(([, { id }]) => id !== 0)
    .sort(([a], [b]) => a - b)
    .map(([broker, { id, epoch, sent }]) => ({ broker, id, epoch, partitions: sent.size }));

export function consumerFacts(consumer: Consumer): ConsumerFacts {
  const { coordinator, member, membership, subscriptions, committed, groupId, inPoll } = consumer;
  const { memberId } = member ?? membership;
  const { state } = member ?? membership;
  const generationId = member === null ? membership.generationId : knownEpoch(member);
  const partitions = [...subscriptions.assigned.values()].map((partition) => ({
    name: partition.name,
    position: partition.position?.offset ?? -1,
    committed: committed.get(partition.name) ?? -1,
    highWatermark: partition.highWatermark,
    lag: partitionLag(partition, 'read_uncommitted'),
    paused: partition.paused,
  }));
  const head = { groupId, memberId, generationId, state, coordinator: coordinator.broker, inPoll };
  return { ...head, partitions, sessions: sessionFacts(consumer) };
}
