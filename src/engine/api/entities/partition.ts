import type { EntityId } from '../frame.ts';
import type { BrokerId, TopicPartitionName } from '../ids.ts';

/** Id `topic:<name>`. */
export interface TopicEntity {
  readonly kind: 'topic';
  readonly id: EntityId;
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly minInsyncReplicas: number;
  readonly internal: boolean;
  /** Mean of the last second of simulated time. */
  readonly recordsPerSecond: number;
}

/** Id `partition:<topic>-<n>`. Leader, epoch and ISR as the controller has them. */
export interface PartitionEntity {
  readonly kind: 'partition';
  readonly id: EntityId;
  readonly name: TopicPartitionName;
  readonly topic: string;
  readonly partition: number;
  /** −1: offline. */
  readonly leader: BrokerId;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  /** In order of preference. */
  readonly replicas: readonly BrokerId[];
  readonly isr: readonly BrokerId[];
  /** Out of the ISR, but known to have everything committed (KIP-966); absent when there is none. */
  readonly elr?: readonly BrokerId[];
  /** The leader of before, while nobody leads; absent when there is none. */
  readonly lastKnownElr?: readonly BrokerId[];
  /** In the order of `replicas`. */
  readonly states: readonly ReplicaState[];
  /** Without a marker yet, as the leader knows them, oldest first; absent when there is none. */
  readonly openTransactions?: readonly OpenTransaction[];
  readonly recordsPerSecond: number;
}

/** A transaction in a partition's log that nobody has ended there yet. */
export interface OpenTransaction {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly firstOffset: number;
}

/** At most so many are listed of a partition. */
export const OPEN_TRANSACTIONS_MAX = 20;

export interface ReplicaState {
  readonly broker: BrokerId;
  /** False when its broker is not up. */
  readonly online: boolean;
  /** What the broker itself believes. */
  readonly role: 'leader' | 'follower' | 'none';
  readonly logStart: number;
  readonly highWatermark: number;
  readonly logEnd: number;
  readonly leaderEpoch: number;
  /** Last stable offset; absent while no transaction has written to the log, and when its broker is not up. */
  readonly lastStable?: number;
  /** It holds to a rate while it is copied, in the role that it has now (KIP-73); absent if it does not. */
  readonly throttled?: true;
}
