import type { GroupMetadata } from '../producer/transactions.ts';
import type { Consumer } from './consumer-state.ts';

/**
 * Who the consumer is in its group (`KafkaConsumer.groupMetadata`), for the transaction that its records go into: taken
 * with the records, so that a member that has been thrown out since cannot commit for them.
 */
export const consumerGroupMetadata = ({
  groupId,
  groupInstanceId,
  membership: { generationId, memberId },
}: Consumer): GroupMetadata => Object.freeze({ groupId, generationId, memberId, groupInstanceId });
