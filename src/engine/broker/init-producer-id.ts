import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { AllocateProducerIdsResponse } from '../protocol/allocate-producer-ids.ts';
import type { Broker, ProducerIds } from './broker-memory.ts';
import { callController } from './controller-channel.ts';
import { respond, type Incoming } from './requests.ts';

/** When so few ids are left, the next block is asked for (`RPCProducerIdManager.PID_PREFETCH_THRESHOLD`: a tenth). */
const PREFETCH_AT = 100;

/**
 * A producer id for a producer without a transactional id. A broker that has none left asks the controller for a block;
 * the client tries again meanwhile. There is no transaction coordinator.
 */
export function handleInitProducerId(broker: Broker, { token, body }: Incoming<'InitProducerId'>): void {
  const answer = (errorCode: number, producerId: number): void =>
    respond<'InitProducerId'>(broker, token, {
      throttleTimeMs: 0,
      errorCode,
      producerId,
      producerEpoch: errorCode === NONE ? 0 : -1,
    });
  const refusal = refusalOf(body);
  if (refusal !== NONE) {
    answer(refusal, -1);
    return;
  }
  const { producerIds } = broker.memory;
  const id = takeId(producerIds);
  answer(id === undefined ? ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS : NONE, id ?? -1);
  if (producerIds.end - producerIds.next <= PREFETCH_AT) requestBlock(broker);
}

function refusalOf({
  transactionalId,
  producerId,
  producerEpoch,
}: Incoming<'InitProducerId'>['body']): number {
  if (transactionalId === '') return ERROR_CODES.INVALID_REQUEST;
  if ((producerId === -1) !== (producerEpoch === -1)) return ERROR_CODES.INVALID_REQUEST;
  return transactionalId === null ? NONE : ERROR_CODES.COORDINATOR_NOT_AVAILABLE;
}

function takeId(ids: ProducerIds): number | undefined {
  if (ids.next === ids.end && ids.nextBlock !== null) {
    ids.next = ids.nextBlock.start;
    ids.end = ids.nextBlock.end;
    ids.nextBlock = null;
  }
  return ids.next < ids.end ? ids.next++ : undefined;
}

function requestBlock(broker: Broker): void {
  const { producerIds, settings, lifecycle } = broker.memory;
  if (producerIds.requested || producerIds.nextBlock !== null || lifecycle.brokerEpoch < 0) return;
  producerIds.requested = true;
  const { brokerId } = settings;
  const { brokerEpoch } = lifecycle;
  callController(broker, 'alter-partition', { api: 'AllocateProducerIds', body: { brokerId, brokerEpoch } });
}

/** The controller did not answer; the next client causes another request. */
export function onProducerIdsLost({ memory }: Broker): void {
  memory.producerIds.requested = false;
}

export function onProducerIds(broker: Broker, response: AllocateProducerIdsResponse): void {
  const { producerIds } = broker.memory;
  producerIds.requested = false;
  if (response.errorCode !== NONE) return;
  const start = response.producerIdStart;
  producerIds.nextBlock = Object.freeze({ start, end: start + response.producerIdLen });
}
