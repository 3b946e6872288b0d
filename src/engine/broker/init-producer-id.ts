import { checkInit } from '../coordinator/transaction/check-init.ts';
import { NONE } from '../protocol/errors.ts';
import type { Broker } from './broker-memory.ts';
import { takeProducerId } from './producer-ids.ts';
import { respond, type Incoming } from './requests.ts';
import { handleTransactionApi } from './transaction-bridge.ts';

/** A producer without a transactional id gets a fresh identity from any broker, others from their coordinator. */
export function handleInitProducerId(broker: Broker, incoming: Incoming<'InitProducerId'>): void {
  const { token, body } = incoming;
  const refusal = checkInit(body);
  if (refusal === NONE && body.transactionalId !== null) {
    handleTransactionApi(broker, 'InitProducerId', incoming);
    return;
  }
  const id = refusal === NONE ? takeProducerId(broker) : undefined;
  const given =
    id?.ok === true ? { producerId: id.value, producerEpoch: 0 } : { producerId: -1, producerEpoch: -1 };
  const errorCode = id?.ok === false ? id.error : refusal;
  respond<'InitProducerId'>(broker, token, { throttleTimeMs: 0, errorCode, ...given });
}
