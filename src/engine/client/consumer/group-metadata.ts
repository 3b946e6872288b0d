import type { GroupMetadata } from '../producer/transactions.ts';
import type { Consumer } from './consumer-state.ts';
import { knownEpoch } from './member/member-state.ts';

/**
 * Who the consumer is in its group (`KafkaConsumer.groupMetadata`), for the transaction that its records go into: taken
 * with the records, so that a member that has been thrown out since cannot commit for them.
 */
export const consumerGroupMetadata = ({
  groupId,
  groupInstanceId,
  member,
  membership,
}: Consumer): GroupMetadata => {
  const { memberId } = member ?? membership;
  const generationId = member === null ? membership.generationId : knownEpoch(member);
  return Object.freeze({ groupId, generationId, memberId, groupInstanceId });
};
