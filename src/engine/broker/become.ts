import { lacks } from '../api/improvements.ts';
import { assignEpoch } from '../log/leader-epoch-cache.ts';
import { removeFiles } from '../log/log-files.ts';
import { setEpochs } from '../log/partition-log.ts';
import type { PartitionRegistration } from '../metadata/partition-registration.ts';
import type { Broker } from './broker-memory.ts';
import { loadCoordinator, unloadCoordinator } from './coordinator-bridge.ts';
import { completeDeletes } from './delayed-delete.ts';
import { completeFetchesOf } from './delayed-fetch.ts';
import { completeProduces } from './delayed-produce.ts';
import { truncate } from './follower-truncation.ts';
import { isLeader, newRemote, type Replica } from './replica.ts';
import { trace } from './trace.ts';

/** The controller made this broker the leader, or changed something of a partition that it leads (`Partition.makeLeader`). */
export function becomeLeader(broker: Broker, replica: Replica, registration: PartitionRegistration): void {
  const isNewEpoch = registration.leaderEpoch > replica.leaderEpoch;
  const wasLeader = isLeader(replica);
  take(replica, registration);
  replica.role = 'leader';
  if (isNewEpoch) beginEpoch(broker, replica);
  updateRemotes(broker, replica, { isNewEpoch, wasLeader });
  if (!isNewEpoch) return;
  if (!wasLeader) completeFetchesOf(broker, replica);
  const { name, leaderEpoch, leaderEpochStartOffset } = replica;
  trace(broker, { type: 'became-leader', partition: name, leaderEpoch, startOffset: leaderEpochStartOffset });
  loadCoordinator(broker, replica);
}

function take(replica: Replica, registration: PartitionRegistration): void {
  replica.leader = registration.leader;
  replica.leaderEpoch = registration.leaderEpoch;
  replica.partitionEpoch = registration.partitionEpoch;
  replica.assignment = registration.replicas;
  replica.isr = registration.isr;
  replica.pendingIsr = null;
}

/** The new epoch begins at the end of the log, even before anything is written in it. */
function beginEpoch({ context }: Broker, replica: Replica): void {
  const { log } = replica;
  replica.leaderEpochStartOffset = log.logEndOffset;
  setEpochs(log, context, assignEpoch(log.epochs, replica.leaderEpoch, log.logEndOffset));
}

/** A new leader knows nothing of the others yet, and gives those in the ISR time to show up. */
function updateRemotes(
  { memory, context }: Broker,
  replica: Replica,
  { isNewEpoch, wasLeader }: { readonly isNewEpoch: boolean; readonly wasLeader: boolean },
): void {
  const now = context.now();
  const others = replica.assignment.filter((id) => id !== memory.settings.brokerId);
  for (const id of [...replica.remotes.keys()]) if (!others.includes(id)) replica.remotes.delete(id);
  for (const id of others) {
    const inSync = replica.isr.includes(id);
    const known = replica.remotes.get(id);
    if (known === undefined || (isNewEpoch && !wasLeader))
      replica.remotes.set(id, newRemote(id, now, inSync));
    else if (isNewEpoch && inSync) {
      known.lastCaughtUpAt = now;
      known.lastFetchLeaderLogEndOffset = replica.log.logEndOffset;
      known.lastFetchAt = now;
    }
  }
}

/** Another broker leads, or nobody (`Partition.makeFollower`). */
export function becomeFollower(broker: Broker, replica: Replica, registration: PartitionRegistration): void {
  const isNewEpoch = registration.leaderEpoch > replica.leaderEpoch;
  const wasLeader = isLeader(replica);
  take(replica, registration);
  replica.role = 'follower';
  replica.leaderEpochStartOffset = -1;
  replica.remotes.clear();
  if (wasLeader) unloadCoordinator(broker, replica);
  endLeadership(broker, replica);
  const { name, leader, leaderEpoch } = replica;
  if (!isNewEpoch || leader < 0) return;
  trace(broker, { type: 'became-follower', partition: name, leader, leaderEpoch });
  if (lacks(broker.memory.settings.before, 'KIP-101')) truncate(broker, replica, replica.log.highWatermark);
}

/** Whoever waits for this partition here is told that it is led elsewhere. */
function endLeadership(broker: Broker, replica: Replica): void {
  completeProduces(broker, replica);
  completeFetchesOf(broker, replica);
  completeDeletes(broker, replica);
}

/** The partition is gone, or has no replica on this broker any more. */
export function stopReplica(broker: Broker, replica: Replica): void {
  takeOffline(broker, replica);
  removeFiles(broker.context.disk, replica.log.partition);
}

/** It is not served any more, whatever becomes of its log. */
export function takeOffline(broker: Broker, replica: Replica): void {
  const { memory } = broker;
  const partitions = memory.replicas.get(replica.topicId);
  partitions?.delete(replica.partition);
  memory.replicaChanges++;
  if (partitions?.size === 0) memory.replicas.delete(replica.topicId);
  if (isLeader(replica)) unloadCoordinator(broker, replica);
  endLeadership(broker, replica);
}
