import { ensure } from '../base/assert.ts';
import { millis, type SimTime } from '../base/time.ts';
import { isActive } from '../metadata/metadata-image.ts';
import type { BrokerHeartbeatRequest } from '../protocol/broker-heartbeat.ts';
import type { BrokerControlState } from './broker-control-state.ts';
import type { BrokerSession, Cluster, ControllerMemory } from './controller-state.ts';

export const newSession = (registeredAt: number): BrokerSession => ({
  registeredAt,
  lastContactAt: -1,
  open: false,
  metadataOffset: -1,
  controlledShutdownOffset: -1,
});

/**
 * The sessions of a controller that becomes active. It does not know when brokers were last heard of: the unfenced ones
 * get a whole session.
 */
export function openSessions({ image, sessions }: ControllerMemory, now: SimTime): void {
  for (const { brokerId, brokerEpoch, fenced } of image.brokers.values()) {
    const session = newSession(brokerEpoch);
    sessions.set(brokerId, fenced ? session : { ...session, open: true, lastContactAt: now });
  }
}

function isExpired(cluster: Cluster, session: BrokerSession, now: SimTime): boolean {
  return now - session.lastContactAt > millis(cluster.config['broker.session.timeout.ms']);
}

/** Whether this incarnation of the broker may still be alive. */
export function hasValidSession(cluster: Cluster, brokerId: number, now: SimTime): boolean {
  const session = cluster.sessions.get(brokerId);
  return session !== undefined && session.open && !isExpired(cluster, session, now);
}

/** The unfenced broker that has been silent the longest, if that is too long. */
export function staleBroker(cluster: Cluster, now: SimTime): number | undefined {
  let stale: { readonly id: number; readonly since: SimTime } | undefined;
  for (const [id, session] of cluster.sessions) {
    if (cluster.image.brokers.get(id)?.fenced !== false || !isExpired(cluster, session, now)) continue;
    if (stale === undefined || session.lastContactAt < stale.since)
      stale = { id, since: session.lastContactAt };
  }
  return stale?.id;
}

/** The lowest metadata offset that an active broker has reported; infinite if none is active. */
export function lowestActiveOffset(cluster: Cluster): number {
  let lowest = Infinity;
  for (const [id, session] of cluster.sessions)
    if (isActive(cluster.image, id)) lowest = Math.min(lowest, session.metadataOffset);
  return lowest;
}

/** A heartbeat has come, and the broker goes to this state. */
export function touch(
  memory: ControllerMemory,
  request: BrokerHeartbeatRequest,
  next: BrokerControlState,
  now: SimTime,
): void {
  const session = ensure(memory.sessions.get(request.brokerId), `session of broker ${request.brokerId}`);
  session.lastContactAt = now;
  // A broker that was told to stop need not be waited for: its next incarnation may register at once.
  session.open = next !== 'SHUTDOWN_NOW';
  session.metadataOffset = request.currentMetadataOffset;
  if (next === 'CONTROLLED_SHUTDOWN' && session.controlledShutdownOffset < 0)
    session.controlledShutdownOffset = memory.image.offset;
}
