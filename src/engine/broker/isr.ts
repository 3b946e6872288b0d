import { millis } from '../base/time.ts';
import { submitIsrChange } from './alter-partition.ts';
import type { Broker } from './broker-memory.ts';
import {
  allReplicas,
  isCaughtUp,
  isIsrEligible,
  isLeader,
  type RemoteReplica,
  type Replica,
} from './replica.ts';

/** A follower that has all that is committed, and all of the leader's epochs before, may join the ISR. */
export function maybeExpandIsr(broker: Broker, replica: Replica, remote: RemoteReplica): void {
  if (replica.pendingIsr !== null || replica.isr.includes(remote.brokerId)) return;
  const { log, leaderEpochStartOffset } = replica;
  if (remote.logEndOffset < log.highWatermark || remote.logEndOffset < leaderEpochStartOffset) return;
  if (!isIsrEligible(broker, remote)) return;
  submitIsrChange(broker, replica, [...replica.isr, remote.brokerId]);
}

/** Twice in replica.lag.time.max.ms: whoever has been behind for so long goes out of the ISR. */
export function onIsrTimer(broker: Broker): void {
  const { config, settings } = broker.memory;
  const lagMax = millis(config['replica.lag.time.max.ms']);
  const now = broker.context.now();
  for (const replica of allReplicas(broker.memory)) {
    if (!isLeader(replica) || replica.pendingIsr !== null) continue;
    const inSync = replica.isr.filter((id) => {
      const remote = replica.remotes.get(id);
      if (id === settings.brokerId) return true;
      return remote !== undefined && isCaughtUp(remote, replica.log.logEndOffset, now, lagMax);
    });
    if (inSync.length < replica.isr.length) submitIsrChange(broker, replica, inSync);
  }
}
