import type { Uuid } from './uuid.ts';

/** Where share groups stand, for administrators (KIP-932): API keys 90 to 92, fields as in Apache Kafka 4.4.0. */
interface ShareError {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** Version 1. */
export interface DescribeShareGroupOffsetsRequest {
  readonly groups: readonly DescribedShareGroup[];
}

export interface DescribedShareGroup {
  readonly groupId: string;
  /** Null: all that the group knows. */
  readonly topics: readonly { readonly topicName: string; readonly partitions: readonly number[] }[] | null;
}

export interface DescribeShareGroupOffsetsResponse {
  readonly throttleTimeMs: number;
  readonly groups: readonly (ShareError & {
    readonly groupId: string;
    readonly topics: readonly {
      readonly topicName: string;
      readonly topicId: Uuid;
      readonly partitions: readonly (ShareError & {
        readonly partitionIndex: number;
        /** −1 if the group has not begun there. */
        readonly startOffset: number;
        readonly leaderEpoch: number;
        /** −1 if it is not known. */
        readonly lag: number;
      })[];
    }[];
  })[];
}

/** Version 0. */
export interface AlterShareGroupOffsetsRequest {
  readonly groupId: string;
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly { readonly partitionIndex: number; readonly startOffset: number }[];
  }[];
}

export interface AlterShareGroupOffsetsResponse extends ShareError {
  readonly throttleTimeMs: number;
  readonly responses: readonly {
    readonly topicName: string;
    readonly topicId: Uuid;
    readonly partitions: readonly (ShareError & { readonly partitionIndex: number })[];
  }[];
}

/** Version 0. */
export interface DeleteShareGroupOffsetsRequest {
  readonly groupId: string;
  readonly topics: readonly { readonly topicName: string }[];
}

export interface DeleteShareGroupOffsetsResponse extends ShareError {
  readonly throttleTimeMs: number;
  readonly responses: readonly (ShareError & { readonly topicName: string; readonly topicId: Uuid })[];
}
