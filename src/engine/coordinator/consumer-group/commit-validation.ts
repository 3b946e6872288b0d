import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { Uuid } from '../../protocol/uuid.ts';
import { usesClassicProtocol, type ConsumerGroup, type ConsumerGroupMember } from './consumer-group.ts';

/** From this version on OffsetCommit can tell members of the consumer protocol what they need to know. */
const MEMBER_EPOCH_VERSION = 9;

/** Who commits, and what. */
export interface CommitClaim {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly memberEpoch: number;
  /** Of OffsetCommit; undefined for commits in a transaction. */
  readonly version: number | undefined;
  readonly partitions: readonly CommittedPartition[];
}

export interface CommittedPartition {
  readonly topicId: Uuid;
  readonly partition: number;
}

/**
 * Why the group refuses the whole commit, or NONE (KIP-848, KIP-1251). Without members anybody may commit. A member may
 * commit in an epoch before its present one what it has had since then. A transaction's commit may come from nobody.
 */
export function checkCommit(group: ConsumerGroup, claim: CommitClaim): number {
  const { memberId, instanceId, memberEpoch, version, partitions } = claim;
  const isNobody = memberEpoch < 0 && memberId === '' && instanceId === null;
  if (memberEpoch < 0 && group.members.size === 0) return NONE;
  if (isNobody && version === undefined) return NONE;
  const member = group.members.get(memberId);
  if (member === undefined) return ERROR_CODES.UNKNOWN_MEMBER_ID;
  const isClassic = usesClassicProtocol(member);
  if (!isClassic && version !== undefined && version < MEMBER_EPOCH_VERSION)
    return ERROR_CODES.UNSUPPORTED_VERSION;
  if (memberEpoch === member.current.memberEpoch) return NONE;
  if (isClassic) return ERROR_CODES.ILLEGAL_GENERATION;
  const older = memberEpoch < member.current.memberEpoch;
  if (older && partitions.every((partition) => epochOf(member, partition) <= memberEpoch)) return NONE;
  return version === undefined ? ERROR_CODES.ILLEGAL_GENERATION : ERROR_CODES.STALE_MEMBER_EPOCH;
}

/** Epoch in which the member got the partition; infinite if it does not have it. */
const epochOf = ({ current }: ConsumerGroupMember, { topicId, partition }: CommittedPartition): number =>
  current.assigned.get(topicId)?.get(partition) ??
  current.pendingRevocation.get(topicId)?.get(partition) ??
  Infinity;

/** NONE if these may fetch offsets: nobody in particular, or a member in its present epoch. */
export function checkOffsetFetch(
  group: ConsumerGroup,
  { memberId, memberEpoch }: { readonly memberId: string | null; readonly memberEpoch: number },
): number {
  if (memberId === null && memberEpoch < 0) return NONE;
  const member = group.members.get(memberId ?? '');
  if (member === undefined) return ERROR_CODES.UNKNOWN_MEMBER_ID;
  if (memberEpoch === member.current.memberEpoch) return NONE;
  return usesClassicProtocol(member) ? ERROR_CODES.ILLEGAL_GENERATION : ERROR_CODES.STALE_MEMBER_EPOCH;
}
