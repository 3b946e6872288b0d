import type { Uuid } from '../../../protocol/uuid.ts';
import { missesTopic, type GroupAssignment, type GroupSpec, type SpecMember } from './assignor.ts';
import { balanceUniformly } from './uniform-balance.ts';

/** A partition that is to be given to somebody. */
interface Open {
  readonly topicId: Uuid;
  readonly partition: number;
}

interface Quota {
  readonly memberId: string;
  readonly kept: Map<Uuid, number[]>;
  /** How many more the member gets. */
  room: number;
}

/** Balances, and lets members keep what they have as far as that allows (`UniformAssignor`). */
export function assignUniformly(spec: GroupSpec): GroupAssignment {
  if (missesTopic(spec)) return undefined;
  if (spec.members.every(({ topicIds }) => topicIds.length === 0)) return new Map();
  return spec.homogeneous ? assignByQuota(spec) : balanceUniformly(spec);
}

/**
 * All members subscribe to the same topics (`UniformHomogeneousAssignmentBuilder`): everybody gets the same number or
 * one more. Those that have more keep one more first; what is left of the extra ones goes to the last members.
 */
function assignByQuota({ members, partitionCounts }: GroupSpec): GroupAssignment {
  const topicIds = members[0]?.topicIds ?? [];
  const open = unassigned(topicIds, members, partitionCounts);
  const total = topicIds.reduce((sum, topicId) => sum + (partitionCounts.get(topicId) ?? 0), 0);
  const min = Math.floor(total / members.length);
  let extras = total % members.length;
  const quotas = members.map((member) => {
    const held = member.topicIds.reduce((sum, id) => sum + (member.assigned.get(id)?.length ?? 0), 0);
    const more = held > min && extras > 0;
    if (more) extras -= 1;
    return { quota: keepUpTo(member, min + (more ? 1 : 0), open), more };
  });
  for (const { quota, more } of [...quotas].reverse()) {
    if (more || extras === 0) continue;
    quota.room += 1;
    extras -= 1;
  }
  let next = 0;
  for (const { quota } of quotas)
    for (; quota.room > 0; quota.room--) {
      const partition = open[next++];
      if (partition !== undefined) add(quota.kept, partition);
    }
  return new Map(quotas.map(({ quota }) => [quota.memberId, sorted(quota.kept)]));
}

function unassigned(
  topicIds: readonly Uuid[],
  members: readonly SpecMember[],
  partitionCounts: ReadonlyMap<Uuid, number>,
): Open[] {
  return topicIds.flatMap((topicId) => {
    const taken = new Set(members.flatMap(({ assigned }) => assigned.get(topicId) ?? []));
    const all = Array.from({ length: partitionCounts.get(topicId) ?? 0 }, (_, partition) => partition);
    return all.filter((partition) => !taken.has(partition)).map((partition) => ({ topicId, partition }));
  });
}

/** What the member has beyond the quota is open for others. */
function keepUpTo({ memberId, topicIds, assigned }: SpecMember, quota: number, open: Open[]): Quota {
  const kept = new Map<Uuid, number[]>();
  let room = quota;
  for (const topicId of topicIds)
    for (const partition of assigned.get(topicId) ?? []) {
      if (room-- > 0) add(kept, { topicId, partition });
      else open.push({ topicId, partition });
    }
  return { memberId, kept, room: Math.max(room, 0) };
}

function add(assignment: Map<Uuid, number[]>, { topicId, partition }: Open): void {
  const partitions = assignment.get(topicId);
  if (partitions === undefined) assignment.set(topicId, [partition]);
  else partitions.push(partition);
}

const sorted = (assignment: Map<Uuid, number[]>): Map<Uuid, number[]> =>
  new Map([...assignment].map(([topicId, partitions]) => [topicId, partitions.sort((a, b) => a - b)]));
