import type { OffsetCommitRequestTopic, OffsetCommitResponse } from './offset-commit.ts';

/**
 * TxnOffsetCommit (API key 28): fields as in version 6 of Apache Kafka 4.4.0. Its topics have the fields of OffsetCommit;
 * versions before 6 send `name` in place of `topicId`.
 */
export interface TxnOffsetCommitRequest {
  readonly transactionalId: string;
  readonly groupId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly generationIdOrMemberEpoch: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly topics: readonly OffsetCommitRequestTopic[];
}

export type TxnOffsetCommitResponse = OffsetCommitResponse;
