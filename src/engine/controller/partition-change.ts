import { defaultDirectory, DIRECTORY, directoryOf } from '../metadata/directory-id.ts';
import { LEADER_RECOVERY_STATE, NO_LEADER, type PartitionChangeRecord } from '../metadata/metadata-record.ts';
import type { PartitionRegistration } from '../metadata/partition-registration.ts';
import type { Uuid } from '../protocol/uuid.ts';
import { electLeader } from './election.ts';
import type { PartitionTarget, PartitionWish } from './partition-wish.ts';

/** What a change record says of a partition. */
export type PartitionChangeFields = Omit<PartitionChangeRecord, 'type' | 'topicId' | 'partitionId'>;

/**
 * What a wish makes of a partition, or undefined if nothing changes: completes a reassignment whose replicas are in
 * sync, keeps the eligible leader replicas, elects, and bumps the leader epoch where followers must notice.
 * (`PartitionChangeBuilder` of Apache Kafka 4.4.0 as recorded, KIP-966.)
 */
export function changePartition(wish: PartitionWish): PartitionChangeFields | undefined {
  const { partition, elrEnabled } = wish;
  const wanted = withEligible(wish, withReassignmentCompleted(targetOf(wish)));
  const { leader, unclean } = electLeader(wish, wanted);
  const leaderMoves = leader !== partition.leader;
  const uncleanMove = leaderMoves && unclean;
  const target = leaderMoves ? afterElection(wanted, leader, unclean) : wanted;
  const eligible = uncleanMove || !elrEnabled ? { ...target, elr: [], lastKnownElr: [] } : target;
  const newLeader = leaderMoves || losesReplica(partition, target) ? leader : undefined;
  const isrMayChange = target.isr.length > 0 || elrEnabled;
  const fields: PartitionChangeFields = {
    // An unclean leader is written down as the whole ISR even where it already was.
    ...(uncleanMove
      ? { isr: target.isr }
      : changed('isr', isrMayChange ? target.isr : partition.isr, partition.isr)),
    ...(newLeader === undefined ? {} : { leader: newLeader }),
    ...recoveryState(wish, uncleanMove),
    ...changed(
      'replicas',
      target.replicas.length === 0 ? partition.replicas : target.replicas,
      partition.replicas,
    ),
    ...changed('directories', directories(wish, target), partition.directories),
    ...changed('addingReplicas', target.adding, partition.addingReplicas),
    ...changed('removingReplicas', target.removing, partition.removingReplicas),
    ...changed('eligibleLeaderReplicas', eligible.elr, partition.elr),
    ...changed('lastKnownElr', lastKnownElr(wish, eligible, newLeader), partition.lastKnownElr),
  };
  return Object.keys(fields).length === 0 ? undefined : fields;
}

const targetOf = ({ partition, ...wish }: PartitionWish): PartitionTarget => ({
  isr: wish.targetIsr ?? partition.isr,
  replicas: wish.targetReplicas ?? partition.replicas,
  adding: wish.targetAdding ?? partition.addingReplicas,
  removing: wish.targetRemoving ?? partition.removingReplicas,
  elr: partition.elr,
  lastKnownElr: partition.lastKnownElr,
});

/**
 * A reassignment is complete when all that it adds is in sync; where it leaves fewer replicas than there were, all that
 * stay must be (`PartitionReassignmentReplicas.maybeCompleteReassignment`).
 */
function withReassignmentCompleted(target: PartitionTarget): PartitionTarget {
  const { adding, removing } = target;
  if (adding.length === 0 && removing.length === 0) return target;
  const isr = without(target.isr, removing);
  const replicas = without(target.replicas, removing);
  if (removing.length > 0 && (isr.length === 0 || replicas.length === 0)) return target;
  const awaited = adding.length < removing.length ? [...adding, ...replicas] : adding;
  if (!awaited.every((replica) => isr.includes(replica))) return target;
  return { ...target, isr, replicas, adding: [], removing: [] };
}

/**
 * While the ISR is below its minimum the high watermark stands still, so whoever leaves it then keeps everything that
 * is committed and stays eligible, unless it lost its disk's tail in an unclean stop.
 */
function withEligible(wish: PartitionWish, target: PartitionTarget): PartitionTarget {
  const { partition, minIsr, elrEnabled, uncleanShutdown = [] } = wish;
  if (!elrEnabled) return target;
  if (target.isr.length >= minIsr) return { ...target, elr: [], lastKnownElr: [] };
  const candidates = union(partition.elr, partition.isr);
  const elr = without(candidates, [...target.isr, ...uncleanShutdown]);
  const lastKnown = without(union(candidates, partition.lastKnownElr), [...target.isr, ...elr]);
  return { ...target, elr, lastKnownElr: lastKnown };
}

function afterElection(target: PartitionTarget, leader: number, unclean: boolean): PartitionTarget {
  if (unclean) return { ...target, isr: [leader] };
  if (!target.elr.includes(leader)) return target;
  return { ...target, isr: [leader], elr: without(target.elr, [leader]) };
}

/** A replica that leaves the assignment must not go on fetching: the leader epoch tells it so. */
const losesReplica = (partition: PartitionRegistration, target: PartitionTarget): boolean =>
  !partition.replicas.every((replica) => target.replicas.includes(replica));

function recoveryState(wish: PartitionWish, unclean: boolean): PartitionChangeFields {
  const before = wish.partition.leaderRecoveryState;
  const target = wish.targetRecoveryState ?? before;
  if (target !== before) return { leaderRecoveryState: target };
  if (!unclean || before === LEADER_RECOVERY_STATE.RECOVERING) return {};
  return { leaderRecoveryState: LEADER_RECOVERY_STATE.RECOVERING };
}

/** In last-known-leader mode: who led before nobody did, until somebody leads again. */
function lastKnownElr(
  wish: PartitionWish,
  target: PartitionTarget,
  newLeader: number | undefined,
): readonly number[] {
  const { partition, elrEnabled, useLastKnownLeader } = wish;
  if (!useLastKnownLeader) return target.lastKnownElr;
  if (!elrEnabled || newLeader === undefined) return partition.lastKnownElr;
  if (newLeader !== NO_LEADER) return [];
  return partition.lastKnownElr.length === 0 ? [partition.leader] : partition.lastKnownElr;
}

const without = (ids: readonly number[], removed: readonly number[]): number[] =>
  ids.filter((id) => !removed.includes(id));

const union = (a: readonly number[], b: readonly number[]): number[] =>
  [...new Set([...a, ...b])].sort((x, y) => x - y);

/** The directory of each replica that is to be; none if nobody ever said. */
function directories(
  { partition, targetDirectory, image }: PartitionWish,
  target: PartitionTarget,
): readonly Uuid[] {
  const replicas = target.replicas.length === 0 ? partition.replicas : target.replicas;
  const ids = replicas.map((id) => {
    if (id === targetDirectory?.broker) return targetDirectory.directory;
    if (partition.replicas.includes(id)) return directoryOf(partition, id);
    return image === undefined ? DIRECTORY.MIGRATING : defaultDirectory(image, id);
  });
  return ids.every((id) => id === DIRECTORY.MIGRATING) ? partition.directories : ids;
}

function changed<K extends keyof PartitionChangeFields, T>(
  field: K,
  after: readonly T[],
  before: readonly T[],
): PartitionChangeFields {
  const same = after.length === before.length && after.every((id, i) => id === before[i]);
  return same ? {} : { [field]: after };
}
