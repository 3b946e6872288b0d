import { isAlive } from '../metadata/metadata-image.ts';
import type { Broker } from './broker-memory.ts';
import { isLeader, type RemoteReplica, type Replica } from './replica.ts';

/** Nobody but the leader. */
const NO_PREFERRED_REPLICA = -1;

/**
 * The replica that a consumer in this rack had better read this offset from (KIP-392, `RackAwareReplicaSelector`): the
 * leader itself, which is not named, or else the one in the rack that is in sync, has the offset, and is furthest.
 */
export function preferredReadReplica(
  { memory }: Broker,
  replica: Replica,
  { rackId, fetchOffset }: { readonly rackId: string; readonly fetchOffset: number },
): number {
  if (rackId === '' || !isLeader(replica) || memory.settings.rack === rackId) return NO_PREFERRED_REPLICA;
  let best: RemoteReplica | undefined;
  for (const remote of replica.remotes.values()) {
    const { brokerId, logStartOffset, logEndOffset } = remote;
    const canServe =
      replica.isr.includes(brokerId) &&
      isAlive(memory.image, brokerId) &&
      memory.image.brokers.get(brokerId)?.rack === rackId;
    if (!canServe || logEndOffset < fetchOffset || logStartOffset > fetchOffset) continue;
    if (best === undefined || isFurther(remote, best)) best = remote;
  }
  return best?.brokerId ?? NO_PREFERRED_REPLICA;
}

/** `ReplicaView.comparator`. */
function isFurther(one: RemoteReplica, other: RemoteReplica): boolean {
  if (one.logEndOffset !== other.logEndOffset) return one.logEndOffset > other.logEndOffset;
  if (one.lastCaughtUpAt !== other.lastCaughtUpAt) return one.lastCaughtUpAt > other.lastCaughtUpAt;
  return one.brokerId > other.brokerId;
}
