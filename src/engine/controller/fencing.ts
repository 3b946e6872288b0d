import type { TraceEventData } from '../api/trace-event.ts';
import { ensure } from '../base/assert.ts';
import type { SimTime } from '../base/time.ts';
import type { BrokerRegistration } from '../metadata/metadata-image.ts';
import type { MetadataRecord } from '../metadata/metadata-record.ts';
import type { Cluster } from './controller-state.ts';
import { answer, type Decision } from './decision.ts';
import { countLed, leaderAndIsrUpdates } from './leadership.ts';
import { staleBroker } from './sessions.ts';

/** What a change of a broker's state does to the metadata. */
export type Change = Omit<Decision<unknown>, 'response'>;

const registration = (cluster: Cluster, broker: number): BrokerRegistration =>
  ensure(cluster.image.brokers.get(broker), `registration of broker ${broker}`);

/** The broker leaves every ISR, others lead, and only then it counts as fenced. */
export function fence(cluster: Cluster, broker: number, reason: 'session expired' | 'asked'): Change {
  const { brokerEpoch, fenced } = registration(cluster, broker);
  if (fenced) return { records: [], facts: [] };
  const records: MetadataRecord[] = [
    ...leaderAndIsrUpdates(cluster, { kind: 'leaves', broker }),
    { type: 'BrokerRegistrationChangeRecord', brokerId: broker, brokerEpoch, fenced: true },
  ];
  return { records, facts: [{ type: 'broker-fenced', broker, reason }] };
}

/** The broker may serve again, and leads what nobody leads if it has what it takes. It moves no other leader. */
export function unfence(cluster: Cluster, broker: number): Change {
  const { brokerEpoch } = registration(cluster, broker);
  const records: MetadataRecord[] = [
    { type: 'BrokerRegistrationChangeRecord', brokerId: broker, brokerEpoch, fenced: false },
    ...leaderAndIsrUpdates(cluster, { kind: 'arrives', broker }),
  ];
  return { records, facts: [{ type: 'broker-unfenced', broker }] };
}

/** The broker still serves, but leaders move away from it and it leaves every ISR. */
export function beginControlledShutdown(cluster: Cluster, broker: number): Change {
  const { brokerEpoch, inControlledShutdown } = registration(cluster, broker);
  const change: MetadataRecord = {
    type: 'BrokerRegistrationChangeRecord',
    brokerId: broker,
    brokerEpoch,
    inControlledShutdown: true,
  };
  return {
    records: [
      ...(inControlledShutdown ? [] : [change]),
      ...leaderAndIsrUpdates(cluster, { kind: 'leaves', broker }),
    ],
    facts: [{ type: 'controlled-shutdown-begun', broker, leads: countLed(cluster, broker) }],
  };
}

/** The broker has nothing left to do. One that leads nothing is allowed to stop as soon as it asks. */
export function allowShutdown(cluster: Cluster, broker: number): Change {
  const { fenced, inControlledShutdown } = registration(cluster, broker);
  if (fenced) return { records: [], facts: [] };
  const { records, facts } = fence(cluster, broker, 'asked');
  const begun: TraceEventData[] = inControlledShutdown
    ? []
    : [{ type: 'controlled-shutdown-begun', broker, leads: 0 }];
  return { records, facts: [...begun, { type: 'controlled-shutdown-allowed', broker }, ...facts] };
}

/**
 * Fences one broker whose session is over. Only one at a time, so that what it does to leaders is visible before the
 * next one is judged. The response says whether there may be more.
 */
export function fenceStaleBroker(cluster: Cluster, now: SimTime): Decision<boolean> {
  const stale = staleBroker(cluster, now);
  if (stale === undefined) return answer(false);
  return { ...fence(cluster, stale, 'session expired'), response: true };
}
