import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { InitProducerIdRequest } from '../../protocol/init-producer-id.ts';
import { NO_PRODUCER_EPOCH, NO_PRODUCER_ID } from '../../protocol/record-batch.ts';

/** Why any broker refuses an InitProducerId, or NONE. */
export function checkInit({ transactionalId, producerId, producerEpoch }: InitProducerIdRequest): number {
  const comesBack = producerId !== NO_PRODUCER_ID;
  if (transactionalId === '' || comesBack !== (producerEpoch !== NO_PRODUCER_EPOCH))
    return ERROR_CODES.INVALID_REQUEST;
  return NONE;
}
