import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { UnregisterBrokerRequest, UnregisterBrokerResponse } from '../protocol/unregister-broker.ts';
import type { Cluster } from './controller-state.ts';
import { answer, type Decision } from './decision.ts';
import { leaderAndIsrUpdates } from './leadership.ts';

/** A broker leaves the cluster for good: it leads nothing, and is in sync nowhere (`unregisterBroker`). */
export function unregisterBroker(
  cluster: Cluster,
  { brokerId }: UnregisterBrokerRequest,
): Decision<UnregisterBrokerResponse> {
  const registration = cluster.image.brokers.get(brokerId);
  if (registration === undefined)
    return answer({ throttleTimeMs: 0, errorCode: ERROR_CODES.BROKER_ID_NOT_REGISTERED, errorMessage: '' });
  const { brokerEpoch } = registration;
  return {
    records: [
      ...leaderAndIsrUpdates(cluster, { kind: 'leaves', broker: brokerId }),
      { type: 'UnregisterBrokerRecord', brokerId, brokerEpoch },
    ],
    facts: [],
    response: { throttleTimeMs: 0, errorCode: NONE, errorMessage: '' },
  };
}
