import { ensure } from '../../base/assert.ts';
import type { Bytes } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import {
  CONSUMER_PROTOCOL_TYPE,
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  subscriptionVersion,
  type TopicPartitions,
} from '../../protocol/consumer-protocol.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import type { CoordinatorHost, TopicLookup } from '../coordinator-host.ts';
import { answerJoin, answerSync, joinError, syncError } from '../group/answers.ts';
import {
  addMember,
  computeSubscribedTopics,
  metadataOf,
  newGroup,
  selectProtocol,
  type ClassicGroup,
  type ClassicGroupMember,
} from '../group/classic-group.ts';
import type { Decision } from '../group/decision.ts';
import { groupMetadata, groupMetadataRecord } from '../group/group-metadata.ts';
import { cancelConsumerMember, schedule } from '../group/group-timer.ts';
import { consumerGroupOf, groupOf, shareGroupOf, type GroupShard } from '../group/shard-state.ts';
import type { Assignment } from './assignor/assignor.ts';
import {
  newConsumerGroup,
  targetOf,
  usesClassicProtocol,
  type ConsumerGroup,
  type ConsumerGroupMember,
  type MemberMetadata,
} from './consumer-group.ts';
import {
  groupTombstones,
  write,
  writeCurrent,
  writeMetadata,
  writeTargetEpoch,
  type Draft,
} from './draft.ts';
import { writeGroupEpoch } from './group-epoch.ts';
import { assignedPartitions } from './reconciliation.ts';

type Direction = 'UPGRADE' | 'DOWNGRADE';

function allows({ config }: CoordinatorHost, direction: Direction): boolean {
  const policy = config['group.consumer.migration.policy'].toUpperCase();
  return policy === direction || policy === 'BIDIRECTIONAL';
}

/**
 * The group as somebody finds it who joins by the consumer protocol. There may be none yet, or an empty classic one that
 * gives way, or one of classic members, which all change over with it. Otherwise GROUP_ID_NOT_FOUND.
 */
export function openToJoin(shard: GroupShard, groupId: string): Result<Draft, number> {
  const group = consumerGroupOf(shard, groupId);
  if (group !== undefined) return ok({ group, records: [] });
  if (shareGroupOf(shard, groupId) !== undefined) return err(ERROR_CODES.GROUP_ID_NOT_FOUND);
  const classic = groupOf(shard, groupId);
  const group0 = newConsumerGroup(groupId);
  if (classic === undefined) return ok({ group: group0, records: [] });
  const draft: Draft = { group: group0, records: [groupMetadataRecord(groupId, null)] };
  if (classic.state === 'Empty') return ok(draft);
  return upgrade(shard, classic, draft) ? ok(draft) : err(ERROR_CODES.GROUP_ID_NOT_FOUND);
}

/** What the members of a classic group are as members of the consumer protocol. */
interface Upgraded {
  readonly memberId: string;
  readonly metadata: MemberMetadata;
  readonly assigned: Assignment;
}

/** Changes a living classic group over; its members go on by the classic protocol, and whoever waits has to rejoin. */
function upgrade(shard: GroupShard, classic: ClassicGroup, draft: Draft): boolean {
  const { host } = shard;
  if (!allows(host, 'UPGRADE') || classic.protocolType !== CONSUMER_PROTOCOL_TYPE) return false;
  if (classic.members.size > host.config['group.consumer.max.size']) return false;
  const members = [...classic.members.values()].map((member) => upgraded(host.topics, classic, member));
  if (!members.every((member) => member !== undefined)) return false;
  for (const member of classic.members.values()) {
    answerJoin(shard, member, joinError(member.memberId, ERROR_CODES.REBALANCE_IN_PROGRESS));
    answerSync(shard, member, syncError(ERROR_CODES.REBALANCE_IN_PROGRESS));
  }
  const { groupId, generation: epoch } = classic;
  for (const { memberId, metadata } of members) writeMetadata(draft, memberId, metadata);
  writeGroupEpoch(draft, host.topics, epoch);
  for (const { memberId: member, assigned: value } of members)
    write(draft, { type: 'ConsumerGroupTargetAssignmentMember', group: groupId, member, value });
  writeTargetEpoch(draft, epoch, 0);
  for (const { memberId, assigned, metadata } of members) {
    writeCurrent(draft, memberId, currentAt(epoch, assigned));
    scheduleClassicSession(shard, groupId, memberId, metadata);
  }
  return true;
}

function currentAt(epoch: number, assignment: Assignment): ConsumerGroupMember['current'] {
  const entries = [...assignment].flatMap(([topicId, partitions]) =>
    partitions.map((partition) => ({ topicId, partition, epoch })),
  );
  return Object.freeze({
    state: 'STABLE',
    memberEpoch: epoch,
    previousMemberEpoch: epoch,
    assigned: assignedPartitions(entries),
    pendingRevocation: new Map(),
  });
}

/** Undefined if the member's bytes are not a consumer's, or an assignor of its own put something into them. */
function upgraded(
  topics: TopicLookup,
  group: ClassicGroup,
  member: ClassicGroupMember,
): Upgraded | undefined {
  const protocol = group.protocolName ?? member.protocols[0]?.name ?? '';
  const subscription = decodeSubscription(metadataOf(member, protocol));
  const assignment = decodeAssignment(member.assignment);
  if (subscription === undefined || assignment === undefined || (assignment.userData ?? '') !== '')
    return undefined;
  const metadata: MemberMetadata = Object.freeze({
    instanceId: member.groupInstanceId,
    rackId: subscription.rackId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    topicNames: Object.freeze([...new Set(subscription.topics)].sort()),
    topicRegex: '',
    rebalanceTimeoutMs: member.rebalanceTimeoutMs,
    serverAssignor: null,
    classic: Object.freeze({ sessionTimeoutMs: member.sessionTimeoutMs, protocols: member.protocols }),
  });
  return { memberId: member.memberId, metadata, assigned: byId(topics, assignment.partitions) };
}

/** Partitions of topics that are named; unknown ones are left out. */
export function byId(topics: TopicLookup, partitions: readonly TopicPartitions[]): Assignment {
  return new Map(
    partitions.flatMap(({ topic, partitions: numbers }) => {
      const topicId = topics.idOf(topic);
      return topicId === undefined ? [] : [[topicId, [...numbers].sort((a, b) => a - b)] as const];
    }),
  );
}

/** The session of a member that speaks the classic protocol begins anew, with the timeout it asked for. */
export function scheduleClassicSession(
  shard: GroupShard,
  groupId: string,
  memberId: string,
  { classic }: MemberMetadata,
): void {
  const purpose = {
    kind: 'consumer-member',
    timeout: 'session',
    groupId,
    memberId,
    memberEpoch: -1,
  } as const;
  schedule(shard, purpose, ensure(classic, 'member of the classic protocol').sessionTimeoutMs);
}

/** The bytes of an assignment, in the version in which the member subscribed. */
export function assignmentBytes(topics: TopicLookup, assigned: Assignment, metadata: MemberMetadata): Bytes {
  const partitions = [...assigned].flatMap(([topicId, numbers]) => {
    const topic = topics.nameOf(topicId);
    return topic === undefined ? [] : [{ topic, partitions: numbers }];
  });
  const version = subscriptionVersion(metadata.classic?.protocols[0]?.metadata ?? '');
  return encodeAssignment({ partitions, userData: null }, version);
}

/** Whether the group becomes a classic one when these members go: only classic members are left, and it may. */
export function downgradesWithout(
  { host }: GroupShard,
  group: ConsumerGroup,
  leaving: readonly ConsumerGroupMember[],
): boolean {
  const left = membersWithout(group, leaving);
  return left.length > 0 && mayBeClassic(host, left, left.length);
}

/** The same when a classic member takes the place of this one. */
export const downgradesByReplacing = (
  { host }: GroupShard,
  group: ConsumerGroup,
  replaced: ConsumerGroupMember,
): boolean =>
  !usesClassicProtocol(replaced) && mayBeClassic(host, membersWithout(group, [replaced]), group.members.size);

const mayBeClassic = (host: CoordinatorHost, others: readonly ConsumerGroupMember[], size: number): boolean =>
  others.every(usesClassicProtocol) && allows(host, 'DOWNGRADE') && size <= host.config['group.max.size'];

const membersWithout = (
  { members }: ConsumerGroup,
  leaving: readonly ConsumerGroupMember[],
): ConsumerGroupMember[] =>
  [...members.values()].filter(({ memberId }) => !leaving.some((gone) => gone.memberId === memberId));

/** Only classic members are left: they go on as a classic group with what they are to have, and rebalance. */
export function downgrade(
  shard: GroupShard,
  group: ConsumerGroup,
  leaving: readonly ConsumerGroupMember[],
): Decision {
  return becomeClassic(shard, group, {
    members: membersWithout(group, leaving).map((member) => ({
      member,
      target: targetOf(group, member.memberId),
    })),
    rebalance: 'the last member of the consumer protocol left',
  });
}

export interface ClassicHeirs {
  readonly members: readonly { readonly member: ConsumerGroupMember; readonly target: Assignment }[];
  /** Why they begin with a rebalance; null if they do not. */
  readonly rebalance: string | null;
}

/** Tombstones for all of the group, and a classic group of these members that is Stable. */
export function becomeClassic(shard: GroupShard, group: ConsumerGroup, heirs: ClassicHeirs): Decision {
  const { host } = shard;
  const { groupId } = group;
  for (const memberId of group.members.keys()) cancelConsumerMember(shard, groupId, memberId);
  const classic = newGroup(groupId, host.wallClockMs());
  classic.state = 'Stable';
  classic.generation = group.groupEpoch;
  const assignments = new Map<string, Bytes>();
  for (const { member, target } of heirs.members) {
    const assignment = assignmentBytes(host.topics, target, member.metadata);
    assignments.set(member.memberId, assignment);
    addMember(classic, classicMember(member, assignment));
  }
  classic.protocolName = selectProtocol(classic);
  classic.subscribedTopics = computeSubscribedTopics(classic);
  const record = groupMetadataRecord(groupId, groupMetadata(classic, assignments));
  return {
    records: [...groupTombstones(group), record],
    installed: { group: classic, rebalance: heirs.rebalance },
  };
}

function classicMember({ memberId, metadata }: ConsumerGroupMember, assignment: Bytes): ClassicGroupMember {
  const classic = ensure(metadata.classic, 'member of the classic protocol');
  return {
    memberId,
    groupInstanceId: metadata.instanceId,
    clientId: metadata.clientId,
    clientHost: metadata.clientHost,
    protocolType: CONSUMER_PROTOCOL_TYPE,
    rebalanceTimeoutMs: metadata.rebalanceTimeoutMs,
    sessionTimeoutMs: classic.sessionTimeoutMs,
    protocols: classic.protocols,
    assignment,
    awaitingJoin: null,
    awaitingSync: null,
    isNew: false,
  };
}
