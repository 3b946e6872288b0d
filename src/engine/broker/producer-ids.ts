import { err, ok, type Result } from '../base/result.ts';
import type { AllocateProducerIdsResponse } from '../protocol/allocate-producer-ids.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { Broker, ProducerIds } from './broker-memory.ts';
import { callController } from './controller-channel.ts';

/** When so few ids are left, the next block is asked for (`RPCProducerIdManager.PID_PREFETCH_THRESHOLD`: a tenth). */
const PREFETCH_AT = 100;

/** A producer id that nobody has. A broker that has none left asks the controller for a block meanwhile. */
export function takeProducerId(broker: Broker): Result<number, number> {
  const { producerIds } = broker.memory;
  const id = takeId(producerIds);
  if (producerIds.end - producerIds.next <= PREFETCH_AT) requestBlock(broker);
  return id === undefined ? err(ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS) : ok(id);
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
