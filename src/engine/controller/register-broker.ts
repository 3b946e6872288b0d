import type { TraceEventData } from '../api/trace-event.ts';
import type { SimTime } from '../base/time.ts';
import type { BrokerRegistration } from '../metadata/metadata-image.ts';
import type { MetadataRecord, RegisterBrokerRecord } from '../metadata/metadata-record.ts';
import type {
  BrokerRegistrationRequest,
  BrokerRegistrationResponse,
} from '../protocol/broker-registration.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { Cluster } from './controller-state.ts';
import { answer, type Decision } from './decision.ts';
import { leaderAndIsrUpdates } from './leadership.ts';
import { hasInvalidDirectories } from './replica-directories.ts';
import { hasValidSession } from './sessions.ts';

const refuse = (errorCode: number): Decision<BrokerRegistrationResponse> =>
  answer({ throttleTimeMs: 0, errorCode, brokerEpoch: -1 });

/**
 * A process says that it is a broker. A new incarnation gets a new broker epoch, the offset at which the log will have
 * it, and is fenced until it has caught up; what the incarnation before it left behind is cleaned up first. Without
 * proof of an orderly stop (the epoch of its last life) it may have lost the end of its logs, so it is eligible nowhere
 * (KIP-966). (`ClusterControlManager.registerBroker`)
 */
export function registerBroker(
  cluster: Cluster,
  request: BrokerRegistrationRequest,
  now: SimTime,
): Decision<BrokerRegistrationResponse> {
  if (request.clusterId !== cluster.clusterId) return refuse(ERROR_CODES.INCONSISTENT_CLUSTER_ID);
  if (request.logDirs.length > 0 && hasInvalidDirectories(cluster, request))
    return refuse(ERROR_CODES.INVALID_REGISTRATION);
  const existing = cluster.image.brokers.get(request.brokerId);
  if (existing?.incarnationId === request.incarnationId) return amend(existing, request);
  const mayLive = existing !== undefined && !existing.inControlledShutdown;
  if (mayLive && hasValidSession(cluster, request.brokerId, now))
    return refuse(ERROR_CODES.DUPLICATE_BROKER_REGISTRATION);
  return registerIncarnation(cluster, request, existing);
}

function registerIncarnation(
  cluster: Cluster,
  request: BrokerRegistrationRequest,
  existing: BrokerRegistration | undefined,
): Decision<BrokerRegistrationResponse> {
  const { brokerId: broker } = request;
  const brokerEpoch = cluster.image.offset + 1;
  const isClean = (existing?.brokerEpoch ?? NEVER_REGISTERED) === request.previousBrokerEpoch;
  const records: MetadataRecord[] = [
    ...leaderAndIsrUpdates(cluster, { kind: isClean ? 'leaves' : 'unclean-shutdown', broker }),
    recordOf(request, { brokerEpoch, fenced: true, inControlledShutdown: false }),
  ];
  const facts: TraceEventData[] =
    existing?.fenced === false ? [{ type: 'broker-fenced', broker, reason: 'new incarnation' }] : [];
  facts.push({ type: 'broker-registered', broker, brokerEpoch });
  return { records, facts, response: { throttleTimeMs: 0, errorCode: NONE, brokerEpoch } };
}

/** No broker proves its last stop with this epoch. */
const NEVER_REGISTERED = -2;

/** The same process again, as after a lost answer: it keeps its epoch and its state. */
function amend(
  existing: BrokerRegistration,
  request: BrokerRegistrationRequest,
): Decision<BrokerRegistrationResponse> {
  const { brokerEpoch } = existing;
  return {
    records: [recordOf(request, existing)],
    facts: [],
    response: { throttleTimeMs: 0, errorCode: NONE, brokerEpoch },
  };
}

function recordOf(
  request: BrokerRegistrationRequest,
  state: Pick<BrokerRegistration, 'brokerEpoch' | 'fenced' | 'inControlledShutdown'>,
): RegisterBrokerRecord {
  return {
    type: 'RegisterBrokerRecord',
    brokerId: request.brokerId,
    incarnationId: request.incarnationId,
    brokerEpoch: state.brokerEpoch,
    rack: request.rack,
    fenced: state.fenced,
    inControlledShutdown: state.inControlledShutdown,
    logDirs: request.logDirs,
  };
}
