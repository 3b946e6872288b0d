import { ensure } from '../base/assert.ts';
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponse } from '../protocol/broker-heartbeat.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import { nextBrokerState, type BrokerControlState } from './broker-control-state.ts';
import type { BrokerSession, Cluster } from './controller-state.ts';
import type { Decision } from './decision.ts';
import { allowShutdown, beginControlledShutdown, fence, unfence, type Change } from './fencing.ts';
import { leadsAny } from './leadership.ts';
import { directoriesFailed } from './replica-directories.ts';
import { lowestActiveOffset } from './sessions.ts';

/** A heartbeat also says which state the broker goes to; undefined if the broker is not known by this epoch. */
export interface HeartbeatDecision extends Decision<BrokerHeartbeatResponse> {
  readonly next: BrokerControlState | undefined;
}

/** A broker says that it lives and what it wants (`ReplicationControlManager.processBrokerHeartbeat`). */
export function brokerHeartbeat(cluster: Cluster, request: BrokerHeartbeatRequest): HeartbeatDecision {
  const { brokerId, brokerEpoch, currentMetadataOffset } = request;
  const session = cluster.sessions.get(brokerId);
  if (session === undefined || cluster.image.brokers.get(brokerId)?.brokerEpoch !== brokerEpoch)
    return { ...NO_CHANGE, next: undefined, response: STALE_BROKER_EPOCH };
  const current = currentState(cluster, brokerId, session);
  const caughtUp = currentMetadataOffset >= session.registeredAt;
  const next = nextBrokerState({
    current,
    caughtUp,
    wantFence: request.wantFence,
    wantShutDown: request.wantShutDown,
    leads: leadsAny(cluster, brokerId),
    shutdownSeen: session.controlledShutdownOffset <= lowestActiveOffset(cluster),
  });
  const change = next === current ? NO_CHANGE : changeTo(cluster, brokerId, next);
  const failed = request.offlineLogDirs === undefined ? [] : directoriesFailed(cluster, request);
  return {
    facts: change.facts,
    records: [...change.records, ...failed],
    next,
    response: responseFor(next, caughtUp),
  };
}

const NO_CHANGE: Change = { records: [], facts: [] };

const STALE_BROKER_EPOCH: BrokerHeartbeatResponse = {
  throttleTimeMs: 0,
  errorCode: ERROR_CODES.STALE_BROKER_EPOCH,
  isCaughtUp: false,
  isFenced: true,
  shouldShutDown: false,
};

const responseFor = (next: BrokerControlState, isCaughtUp: boolean): BrokerHeartbeatResponse => ({
  throttleTimeMs: 0,
  errorCode: NONE,
  isCaughtUp,
  isFenced: next === 'FENCED' || next === 'SHUTDOWN_NOW',
  shouldShutDown: next === 'SHUTDOWN_NOW',
});

function currentState(
  cluster: Cluster,
  brokerId: number,
  session: BrokerSession,
): Exclude<BrokerControlState, 'SHUTDOWN_NOW'> {
  if (session.controlledShutdownOffset >= 0) return 'CONTROLLED_SHUTDOWN';
  return ensure(cluster.image.brokers.get(brokerId), 'broker').fenced ? 'FENCED' : 'UNFENCED';
}

function changeTo(cluster: Cluster, brokerId: number, next: BrokerControlState): Change {
  switch (next) {
    case 'FENCED':
      return fence(cluster, brokerId, 'asked');
    case 'UNFENCED':
      return unfence(cluster, brokerId);
    case 'CONTROLLED_SHUTDOWN':
      return beginControlledShutdown(cluster, brokerId);
    case 'SHUTDOWN_NOW':
      return allowShutdown(cluster, brokerId);
  }
}
