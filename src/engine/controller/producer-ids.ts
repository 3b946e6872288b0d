import type {
  AllocateProducerIdsRequest,
  AllocateProducerIdsResponse,
} from '../protocol/allocate-producer-ids.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { Cluster } from './controller-state.ts';
import { answer, type Decision } from './decision.ts';

/** Ids that a broker gets at once (`ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE`). */
const BLOCK_SIZE = 1_000;

/** Hands out the next block; a block that its broker loses is never used (`ProducerIdControlManager`). */
export function allocateProducerIds(
  { image }: Cluster,
  { brokerId, brokerEpoch }: AllocateProducerIdsRequest,
): Decision<AllocateProducerIdsResponse> {
  if (image.brokers.get(brokerId)?.brokerEpoch !== brokerEpoch)
    return answer({
      throttleTimeMs: 0,
      errorCode: ERROR_CODES.STALE_BROKER_EPOCH,
      producerIdStart: 0,
      producerIdLen: 0,
    });
  const producerIdStart = image.nextProducerId;
  const nextProducerId = producerIdStart + BLOCK_SIZE;
  return {
    records: [{ type: 'ProducerIdsRecord', brokerId, brokerEpoch, nextProducerId }],
    facts: [],
    response: { throttleTimeMs: 0, errorCode: NONE, producerIdStart, producerIdLen: BLOCK_SIZE },
  };
}
