import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import { schedule, scheduleOnce, cancel } from '../group/group-timer.ts';
import type { GroupShard } from '../group/shard-state.ts';
import type { Assignment } from './assignor/assignor.ts';
import {
  isHeld,
  NEW_METADATA,
  preferredAssignor,
  targetOf,
  topicsOf,
  type MemberMetadata,
  usesClassicProtocol,
} from './consumer-group.ts';
import { memberOf, write, writeCurrent, writeMetadata, type Draft } from './draft.ts';
import { hasMetadataChanged, writeGroupEpoch } from './group-epoch.ts';
import { reconcile, sameCurrentAssignment } from './reconciliation.ts';
import { isValidRegex, needsRefresh } from './regexes.ts';
import { defaultAssignor } from './target-assignment.ts';

/** What an update did: an error (INVALID_REGULAR_EXPRESSION), or whether the member subscribes to other topics now. */
export interface MemberUpdate {
  readonly error: number;
  readonly subscriptionChanged: boolean;
}

/**
 * Writes what a member says of itself, if that is news. The group's epoch grows when another assignment is needed: a
 * member subscribes to other topics, those topics changed, or most members want another assignor. An expression whose
 * topics are not known yet waits until they are.
 */
export function updateMember(
  shard: GroupShard,
  draft: Draft,
  memberId: string,
  metadata: MemberMetadata,
): MemberUpdate {
  const { host } = shard;
  const before = draft.group;
  const old = before.members.get(memberId)?.metadata ?? NEW_METADATA;
  const regexChanged = old.topicRegex !== metadata.topicRegex;
  if (regexChanged && !isValidRegex(metadata.topicRegex))
    return { error: ERROR_CODES.INVALID_REGULAR_EXPRESSION, subscriptionChanged: false };
  const isNew = !before.members.has(memberId);
  if (isNew || !sameMetadata(old, metadata)) writeMetadata(draft, memberId, metadata);
  if (regexChanged) dropRegex(draft, old.topicRegex);
  const namesChanged = old.topicNames.join() !== metadata.topicNames.join();
  const resolved = metadata.topicRegex === '' || draft.group.regexes.has(metadata.topicRegex);
  const byDefault = defaultAssignor(host);
  const bump =
    namesChanged ||
    (regexChanged && resolved) ||
    preferredAssignor(before, byDefault) !== preferredAssignor(draft.group, byDefault) ||
    hasMetadataChanged(draft.group, host.topics);
  if (bump || before.groupEpoch === 0)
    writeGroupEpoch(draft, host.topics, Math.max(before.groupEpoch, 1) + (bump ? 1 : 0));
  if (bump) {
    const { clientId } = metadata;
    const subscribed = namesChanged || regexChanged ? `${clientId} subscribes to other topics` : undefined;
    const reason = isNew ? `${clientId} joins` : (subscribed ?? 'its topics or its assignor changed');
    const { groupId: group, groupEpoch: generation } = draft.group;
    host.trace({ type: 'rebalance-begun', group, generation, reason });
  }
  if (needsRefresh(draft.group, host)) scheduleOnce(shard, { kind: 'regexes', groupId: before.groupId }, 0);
  return { error: NONE, subscriptionChanged: namesChanged || regexChanged };
}

const sameMetadata = (a: MemberMetadata, b: MemberMetadata): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Forgets the topics of an expression that nobody subscribes with any more. */
export function dropRegex(draft: Draft, regex: string): void {
  const { group } = draft;
  const used = [...group.members.values()].some(({ metadata }) => metadata.topicRegex === regex);
  if (regex === '' || used || !group.regexes.has(regex)) return;
  write(draft, { type: 'ConsumerGroupRegularExpression', group: group.groupId, regex, value: null });
}

/** Takes the member's next step towards its target, and watches that it gives up in time what it has to. */
export function reconcileMember(
  shard: GroupShard,
  draft: Draft,
  memberId: string,
  heard: { readonly owned: Assignment | null; readonly subscriptionChanged: boolean },
): void {
  const { group } = draft;
  const member = memberOf(draft, memberId);
  const topics = topicsOf(group, member);
  const next = reconcile(member.current, {
    ...heard,
    targetEpoch: group.assignmentEpoch,
    target: targetOf(group, memberId),
    hasTopics: topics.size > 0,
    isSubscribed: (topicId) => topics.has(shard.host.topics.nameOf(topicId) ?? ''),
    isHeld: (topicId, partition) => isHeld(group, topicId, partition),
  });
  if (sameCurrentAssignment(member.current, next)) return;
  writeCurrent(draft, memberId, next);
  if (usesClassicProtocol(member)) return;
  const { groupId } = group;
  const { memberEpoch } = next;
  const purpose = { kind: 'consumer-member', timeout: 'rebalance', groupId, memberId, memberEpoch } as const;
  if (next.state === 'UNREVOKED_PARTITIONS') schedule(shard, purpose, member.metadata.rebalanceTimeoutMs);
  else cancel(shard, purpose);
}
