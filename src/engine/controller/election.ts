import { NO_LEADER } from '../metadata/metadata-record.ts';
import type { PartitionTarget, PartitionWish } from './partition-wish.ts';

export interface ElectionResult {
  /** −1: nobody can lead. */
  readonly leader: number;
  /** The leader may lack committed records. */
  readonly unclean: boolean;
}

const clean = (leader: number): ElectionResult => ({ leader, unclean: false });

/** Who leads a partition that is to become `target` (Kafka's `PartitionChangeBuilder.electLeader`). */
export function electLeader(wish: PartitionWish, target: PartitionTarget): ElectionResult {
  const { partition, election } = wish;
  const canLead = (id: number): boolean => isValidLeader(wish, target, id);
  const preferred = target.replicas[0];
  if (election === 'PREFERRED' && preferred !== undefined && canLead(preferred)) return clean(preferred);
  if (canLead(partition.leader)) return clean(partition.leader);
  const inSync = target.replicas.find(canLead);
  if (inSync !== undefined) return clean(inSync);
  const last = lastKnownLeader(wish, target);
  if (last !== undefined) return { leader: last, unclean: true };
  const any = election === 'UNCLEAN' ? target.replicas.find(wish.isAcceptableLeader) : undefined;
  return any === undefined ? clean(NO_LEADER) : { leader: any, unclean: true };
}

/** In the ISR, or eligible while the ISR is empty; and alive. */
function isValidLeader(wish: PartitionWish, target: PartitionTarget, id: number): boolean {
  const complete = target.isr.length === 0 ? target.elr.includes(id) : target.isr.includes(id);
  return complete && wish.isAcceptableLeader(id);
}

/**
 * With nobody in sync and nobody eligible, the leader of before has at least what it acknowledged itself: it is taken
 * even where unclean election is off, if it is alive.
 */
function lastKnownLeader(wish: PartitionWish, target: PartitionTarget): number | undefined {
  const { partition, elrEnabled, useLastKnownLeader, isAcceptableLeader } = wish;
  if (!elrEnabled || !useLastKnownLeader) return undefined;
  if (target.isr.length > 0 || target.elr.length > 0 || partition.lastKnownElr.length !== 1) return undefined;
  const [last] = partition.lastKnownElr;
  return last !== undefined && isAcceptableLeader(last) ? last : undefined;
}
