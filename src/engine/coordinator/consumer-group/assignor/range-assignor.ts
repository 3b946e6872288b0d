import type { Uuid } from '../../../protocol/uuid.ts';
import {
  missesTopic,
  type Assignment,
  type GroupAssignment,
  type GroupSpec,
  type SpecMember,
} from './assignor.ts';

/** What is left of a topic while its ranges are given out. */
interface OpenRange {
  readonly perMember: number;
  extra: number;
  next: number;
}

/**
 * Each member gets a range of every topic it subscribes to (`RangeAssignor` of the group coordinator): members in order,
 * the first ones one partition more.
 */
export function assignRanges(spec: GroupSpec): GroupAssignment {
  if (missesTopic(spec)) return undefined;
  const open = new Map<Uuid, OpenRange>();
  for (const [topicId, count] of spec.partitionCounts) {
    const members = spec.members.filter(({ topicIds }) => topicIds.includes(topicId)).length;
    if (members > 0)
      open.set(topicId, { perMember: Math.floor(count / members), extra: count % members, next: 0 });
  }
  return new Map([...spec.members].sort(inOrder).map((member) => [member.memberId, rangesOf(member, open)]));
}

/** Static members first, by instance id; then dynamic ones by member id. */
function inOrder(a: SpecMember, b: SpecMember): number {
  if ((a.instanceId === null) !== (b.instanceId === null)) return a.instanceId === null ? 1 : -1;
  const x = a.instanceId ?? a.memberId;
  const y = b.instanceId ?? b.memberId;
  return x < y ? -1 : x > y ? 1 : 0;
}

function rangesOf({ topicIds }: SpecMember, open: ReadonlyMap<Uuid, OpenRange>): Assignment {
  const assignment = new Map<Uuid, readonly number[]>();
  for (const topicId of topicIds) {
    const range = open.get(topicId);
    const length = range === undefined ? 0 : range.perMember + (range.extra > 0 ? 1 : 0);
    if (range === undefined || length === 0) continue;
    const first = range.next;
    range.extra -= 1;
    range.next += length;
    assignment.set(
      topicId,
      Array.from({ length }, (_, i) => first + i),
    );
  }
  return assignment;
}
