import type { CoordinatorRequest, TopicLookup } from '../coordinator-host.ts';
import { hashOfTopics } from '../consumer-group/group-epoch.ts';
import type { GroupShard } from '../group/shard-state.ts';
import { memberOf, write, type ShareDraft } from './draft.ts';
import {
  hasUnassigned,
  NEW_SHARE_METADATA,
  shareTopicNames,
  type ShareGroup,
  type ShareMemberMetadata,
} from './share-group.ts';
import { targetOfShareMember } from './share-target.ts';

const metadataHash = (group: ShareGroup, topics: TopicLookup): number =>
  hashOfTopics(shareTopicNames(group), topics);

/** Begins a new epoch of the group: a new assignment is needed. */
export function bumpShareEpoch(draft: ShareDraft, topics: TopicLookup): void {
  const { groupId, groupEpoch } = draft.group;
  const value = Object.freeze({ epoch: groupEpoch + 1, metadataHash: metadataHash(draft.group, topics) });
  write(draft, { type: 'ShareGroupMetadata', group: groupId, value });
}

/**
 * Writes what a member says of itself, if that is news. The group's epoch grows when another assignment is needed: a
 * member subscribes to other topics, those topics changed, or the share coordinator knows partitions that nobody has.
 */
export function updateShareMember(
  shard: GroupShard,
  draft: ShareDraft,
  request: CoordinatorRequest<'ShareGroupHeartbeat'>,
): void {
  const { topics } = shard.host;
  const { memberId } = request.body;
  const before = draft.group;
  const known = before.members.get(memberId)?.metadata;
  const old = known ?? NEW_SHARE_METADATA;
  const metadata = metadataFrom(request, old);
  if (known === undefined || JSON.stringify(old) !== JSON.stringify(metadata))
    write(draft, {
      type: 'ShareGroupMemberMetadata',
      group: before.groupId,
      member: memberId,
      value: metadata,
    });
  const namesChanged = old.topicNames.join() !== metadata.topicNames.join();
  const topicsChanged = metadataHash(draft.group, topics) !== before.metadataHash;
  const isPending = before.assignmentEpoch >= before.groupEpoch && hasUnassigned(before);
  if (!namesChanged && !topicsChanged && !isPending) return;
  bumpShareEpoch(draft, topics);
  const { groupId: group, groupEpoch: generation } = draft.group;
  const subscribes = known === undefined ? 'joins' : 'subscribes to other topics';
  const reason = namesChanged ? `${metadata.clientId} ${subscribes}` : 'there are other partitions to share';
  shard.host.trace({ type: 'rebalance-begun', group, generation, reason });
}

/** What the request leaves out stays as it was. */
const metadataFrom = (
  { body, clientId, clientHost }: CoordinatorRequest<'ShareGroupHeartbeat'>,
  old: ShareMemberMetadata,
): ShareMemberMetadata =>
  Object.freeze({
    rackId: body.rackId ?? old.rackId,
    clientId,
    clientHost,
    topicNames:
      body.subscribedTopicNames === null
        ? old.topicNames
        : Object.freeze([...new Set(body.subscribedTopicNames)].sort()),
  });

/** The member takes what its target says; what it does not subscribe to any more goes at once. */
export function reconcileShareMember({ host }: GroupShard, draft: ShareDraft, memberId: string): void {
  const { group } = draft;
  const { current, metadata } = memberOf(draft, memberId);
  const isNew = current.memberEpoch !== group.assignmentEpoch;
  const names = new Set(metadata.topicNames);
  const from = isNew ? targetOfShareMember(group, memberId) : current.assigned;
  const assigned = new Map([...from].filter(([topicId]) => names.has(host.topics.nameOf(topicId) ?? '')));
  if (!isNew && assigned.size === current.assigned.size) return;
  write(draft, {
    type: 'ShareGroupCurrentMemberAssignment',
    group: group.groupId,
    member: memberId,
    value: Object.freeze({
      memberEpoch: group.assignmentEpoch,
      previousMemberEpoch: isNew ? current.memberEpoch : current.previousMemberEpoch,
      assigned,
    }),
  });
}
