import type { Uuid } from './uuid.ts';

/** ConsumerGroupDescribe (API key 69, KIP-848): fields as in version 1 of Apache Kafka 4.4.0. */
export interface ConsumerGroupDescribeRequest {
  readonly groupIds: readonly string[];
  readonly includeAuthorizedOperations: boolean;
}

export interface ConsumerGroupDescribeResponse {
  readonly throttleTimeMs: number;
  readonly groups: readonly ConsumerGroupDescribeResponseGroup[];
}

export interface ConsumerGroupDescribeResponseGroup {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly groupId: string;
  readonly groupState: string;
  readonly groupEpoch: number;
  readonly assignmentEpoch: number;
  readonly assignorName: string;
  readonly members: readonly ConsumerGroupDescribeResponseMember[];
  readonly authorizedOperations: number;
}

export interface ConsumerGroupDescribeResponseMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly memberEpoch: number;
  readonly clientId: string;
  readonly clientHost: string;
  readonly subscribedTopicNames: readonly string[];
  readonly subscribedTopicRegex: string | null;
  readonly assignment: DescribedAssignment;
  readonly targetAssignment: DescribedAssignment;
  /** −1 unknown, 0 classic protocol, 1 consumer protocol. */
  readonly memberType: number;
}

export interface DescribedAssignment {
  readonly topicPartitions: readonly {
    readonly topicId: Uuid;
    readonly topicName: string;
    readonly partitions: readonly number[];
  }[];
}
