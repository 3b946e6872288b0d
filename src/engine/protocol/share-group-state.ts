import type { Uuid } from './uuid.ts';

/**
 * What brokers ask the share coordinator, that keeps where a share group stands in a partition (KIP-932): API keys 83 to
 * 87, fields as in Apache Kafka 4.4.0.
 */
interface AboutPartitions<T> {
  readonly groupId: string;
  readonly topics: readonly { readonly topicId: Uuid; readonly partitions: readonly T[] }[];
}

interface ResultsOf<T> {
  readonly results: readonly { readonly topicId: Uuid; readonly partitions: readonly T[] }[];
}

interface PartitionError {
  readonly partition: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** Records of one delivery state, both offsets included. Frozen. */
export interface StateBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** 0 available, 2 acknowledged, 4 archived. */
  readonly deliveryState: number;
  readonly deliveryCount: number;
}

/** Version 0. */
export type InitializeShareGroupStateRequest = AboutPartitions<{
  readonly partition: number;
  readonly stateEpoch: number;
  /** −1 if the group has yet to choose where it begins. */
  readonly startOffset: number;
}>;
export type InitializeShareGroupStateResponse = ResultsOf<PartitionError>;

/** Version 0. */
export type ReadShareGroupStateRequest = AboutPartitions<{
  readonly partition: number;
  readonly leaderEpoch: number;
}>;
export type ReadShareGroupStateResponse = ResultsOf<
  PartitionError & {
    readonly stateEpoch: number;
    readonly startOffset: number;
    readonly stateBatches: readonly StateBatch[];
  }
>;

/** Version 1. */
export type WriteShareGroupStateRequest = AboutPartitions<{
  readonly partition: number;
  readonly stateEpoch: number;
  readonly leaderEpoch: number;
  /** −1 if it did not change. */
  readonly startOffset: number;
  readonly deliveryCompleteCount: number;
  readonly stateBatches: readonly StateBatch[];
}>;
export type WriteShareGroupStateResponse = ResultsOf<PartitionError>;

/** Version 0. */
export type DeleteShareGroupStateRequest = AboutPartitions<{ readonly partition: number }>;
export type DeleteShareGroupStateResponse = ResultsOf<PartitionError>;

/** Version 1. */
export type ReadShareGroupStateSummaryRequest = AboutPartitions<{
  readonly partition: number;
  readonly leaderEpoch: number;
}>;
export type ReadShareGroupStateSummaryResponse = ResultsOf<
  PartitionError & {
    readonly stateEpoch: number;
    readonly leaderEpoch: number;
    readonly startOffset: number;
    readonly deliveryCompleteCount: number;
  }
>;
