import { ensure } from '../../base/assert.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { Assignment } from './assignor/assignor.ts';
import {
  staticMemberOf,
  targetOf,
  usesClassicProtocol,
  type ConsumerGroup,
  type ConsumerGroupMember,
} from './consumer-group.ts';
import { removeMember, write, writeCurrent, writeMetadata, type Draft } from './draft.ts';
import type { CurrentAssignment } from './reconciliation.ts';

/** Member epoch of a static member that said it would come back. */
export const LEFT_STATIC_EPOCH = -2;

/** What a member of the consumer protocol says of where it is; null for one of the classic protocol. */
export interface EpochClaim {
  /** 0 to join. */
  readonly memberEpoch: number;
  readonly owned: Assignment | null;
}

export interface StaticIdentity {
  readonly memberId: string;
  readonly instanceId: string;
}

/** NONE if the member may go on, known or new: UNKNOWN_MEMBER_ID, FENCED_MEMBER_EPOCH. */
export function admitDynamicMember({ group }: Draft, memberId: string, claim: EpochClaim): number {
  const member = group.members.get(memberId);
  if (member !== undefined) return checkEpoch(member.current, claim);
  return claim.memberEpoch === 0 ? NONE : ERROR_CODES.UNKNOWN_MEMBER_ID;
}

/**
 * NONE if the static member may go on: UNRELEASED_INSTANCE_ID, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID,
 * FENCED_MEMBER_EPOCH. One that joins takes over from the one that left under its instance id.
 */
export function admitStaticMember(draft: Draft, identity: StaticIdentity, claim: EpochClaim): number {
  const known = staticMemberOf(draft.group, identity.instanceId);
  if (claim.memberEpoch !== 0) {
    const error = checkStaticMember(draft.group, identity);
    return error === NONE ? checkEpoch(ensure(known, 'static member').current, claim) : error;
  }
  if (known === undefined) return NONE;
  if (!usesClassicProtocol(known) && known.current.memberEpoch !== LEFT_STATIC_EPOCH)
    return ERROR_CODES.UNRELEASED_INSTANCE_ID;
  replaceMember(draft, known, identity.memberId);
  return NONE;
}

/** NONE if the instance id is this member's: UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID. */
export function checkStaticMember(group: ConsumerGroup, { memberId, instanceId }: StaticIdentity): number {
  const known = staticMemberOf(group, instanceId);
  if (known === undefined) return ERROR_CODES.UNKNOWN_MEMBER_ID;
  return known.memberId === memberId ? NONE : ERROR_CODES.FENCED_INSTANCE_ID;
}

/** The epoch before is good enough if the answer with the new one may have been lost. */
function checkEpoch(current: CurrentAssignment, { memberEpoch, owned }: EpochClaim): number {
  if (memberEpoch === 0 || memberEpoch === current.memberEpoch) return NONE;
  const lostAnswer =
    memberEpoch < current.memberEpoch &&
    memberEpoch === current.previousMemberEpoch &&
    isPart(owned, current);
  return lostAnswer ? NONE : ERROR_CODES.FENCED_MEMBER_EPOCH;
}

function isPart(owned: Assignment | null, { assigned }: CurrentAssignment): boolean {
  if (owned === null) return false;
  return [...owned].every(([topicId, partitions]) =>
    partitions.every((partition) => assigned.get(topicId)?.has(partition) === true),
  );
}

/** A static member comes back under another member id: it takes over what its predecessor had. */
export function replaceMember(draft: Draft, old: ConsumerGroupMember, member: string): void {
  const { groupId } = draft.group;
  const value = targetOf(draft.group, old.memberId);
  removeMember(draft, old.memberId);
  writeMetadata(draft, member, old.metadata);
  write(draft, { type: 'ConsumerGroupTargetAssignmentMember', group: groupId, member, value });
  writeCurrent(draft, member, Object.freeze({ ...old.current, memberEpoch: 0, previousMemberEpoch: 0 }));
}
