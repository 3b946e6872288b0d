import { assert, ensure } from '../../base/assert.ts';
import type { Bytes } from '../../base/bytes.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { JoinGroupRequestProtocol } from '../../protocol/join-group.ts';
import type { RequestToken } from '../coordinator-host.ts';
import { electProtocol } from './protocol-election.ts';
import { subscribedTopicsOf } from './subscribed-topics.ts';

/** Kafka's names of the states (`ClassicGroupState`). A group that is Dead is not kept here. */
export type GroupStateName = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable';

/** From where a group may come into a state. `transitionTo` is the only place where the state changes. */
const PREDECESSORS: Readonly<Record<GroupStateName, readonly GroupStateName[]>> = {
  Empty: ['PreparingRebalance'],
  PreparingRebalance: ['Stable', 'CompletingRebalance', 'Empty'],
  CompletingRebalance: ['PreparingRebalance'],
  Stable: ['CompletingRebalance'],
};

/** Stands for a request that was answered with an error while its member still counts as waiting. */
export const ABANDONED: RequestToken = -1;

export const CONSUMER_PROTOCOL_TYPE = 'consumer';

export interface ClassicGroupMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly protocolType: string;
  rebalanceTimeoutMs: number;
  sessionTimeoutMs: number;
  /** In the member's order of preference. */
  protocols: readonly JoinGroupRequestProtocol[];
  assignment: Bytes;
  /** The parked JoinGroup, null if there is none. */
  awaitingJoin: RequestToken | null;
  /** The parked SyncGroup, null if there is none. */
  awaitingSync: RequestToken | null;
  /** True until its first join was answered: until then a parked join does not keep its session alive. */
  isNew: boolean;
}

/** A group of the classic protocol as it lives now. What of it is durable lies in the shard's `stored`. Plain data. */
export interface ClassicGroup {
  readonly groupId: string;
  state: GroupStateName;
  /** Null before the first transition. */
  previousState: GroupStateName | null;
  generation: number;
  /** Null for a simple group: offsets without members. */
  protocolType: string | null;
  protocolName: string | null;
  leader: string | null;
  /** ms since 1970. */
  currentStateTimestamp: number;
  /** In order of joining. */
  readonly members: Map<string, ClassicGroupMember>;
  /** Member ids that were handed out and have not joined yet. */
  readonly pendingJoin: Set<string>;
  /** Member ids that have not synced in this generation yet; a static member may have got another id since. */
  readonly pendingSync: Set<string>;
  /** Group instance id → member id. */
  readonly staticMembers: Map<string, string>;
  /** Somebody came during the initial delay, which is extended once more. */
  newMemberAdded: boolean;
  /** Undefined if the members' metadata is not a consumer's subscription. */
  subscribedTopics: readonly string[] | undefined;
  /** Listings show the group when the high watermark has reached this offset. */
  visibleFrom: number;
}

/** A group without members. `now` in ms since 1970. */
export const newGroup = (groupId: string, now: number): ClassicGroup => ({
  groupId,
  state: 'Empty',
  previousState: null,
  generation: 0,
  protocolType: null,
  protocolName: null,
  leader: null,
  currentStateTimestamp: now,
  members: new Map(),
  pendingJoin: new Set(),
  pendingSync: new Set(),
  staticMembers: new Map(),
  newMemberAdded: false,
  subscribedTopics: undefined,
  visibleFrom: Number.MAX_SAFE_INTEGER,
});

export const mayRebalance = (group: ClassicGroup): boolean =>
  PREDECESSORS.PreparingRebalance.includes(group.state);

export function transitionTo(group: ClassicGroup, state: GroupStateName, now: number): void {
  assert(PREDECESSORS[state].includes(group.state), 'illegal transition of a group', {
    from: group.state,
    to: state,
  });
  group.previousState = group.state;
  group.state = state;
  group.currentStateTimestamp = now;
}

export function addMember(group: ClassicGroup, member: ClassicGroupMember): void {
  if (member.groupInstanceId !== null) {
    assert(!group.staticMembers.has(member.groupInstanceId), 'two members of one instance id');
    group.staticMembers.set(member.groupInstanceId, member.memberId);
  }
  if (group.members.size === 0) group.protocolType = member.protocolType;
  assert(group.protocolType === member.protocolType, 'a member of another protocol type');
  group.leader ??= member.memberId;
  group.members.set(member.memberId, member);
  group.pendingJoin.delete(member.memberId);
}

/** Forgets a member, or a member id that was only handed out. The first of the others leads then. */
export function removeMember(group: ClassicGroup, memberId: string): void {
  const instanceId = group.members.get(memberId)?.groupInstanceId ?? null;
  if (instanceId !== null) group.staticMembers.delete(instanceId);
  group.members.delete(memberId);
  if (group.leader === memberId) group.leader = group.members.keys().next().value ?? null;
  group.pendingJoin.delete(memberId);
  group.pendingSync.delete(memberId);
}

/**
 * Gives a static member another member id; nothing waits for an answer to the old one any more. As in Kafka, a sync
 * that was awaited of the old id stays awaited, so that the group rebalances when the time for syncing is over.
 */
export function renameMember(group: ClassicGroup, oldId: string, newId: string): ClassicGroupMember {
  const old = ensure(group.members.get(oldId), 'static member to be replaced');
  const renamed = { ...old, memberId: newId, awaitingJoin: null, awaitingSync: null, isNew: false };
  group.members.delete(oldId);
  group.members.set(newId, renamed);
  if (group.leader === oldId) group.leader = newId;
  group.staticMembers.set(ensure(old.groupInstanceId, 'instance id'), newId);
  return renamed;
}

/** NONE, or why a request of this member is refused: UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID. */
export function validateMember(
  group: ClassicGroup,
  memberId: string,
  groupInstanceId: string | null,
): number {
  if (groupInstanceId !== null) {
    const known = group.staticMembers.get(groupInstanceId);
    if (known === undefined) return ERROR_CODES.UNKNOWN_MEMBER_ID;
    if (known !== memberId) return ERROR_CODES.FENCED_INSTANCE_ID;
  }
  return group.members.has(memberId) ? NONE : ERROR_CODES.UNKNOWN_MEMBER_ID;
}

/** Whether a member with these protocols may be in the group: one of them is common to all members. */
export function supportsProtocols(
  group: ClassicGroup,
  protocolType: string,
  protocols: readonly JoinGroupRequestProtocol[],
): boolean {
  if (group.state === 'Empty') return protocolType !== '' && protocols.length > 0;
  const candidates = candidateProtocols(group);
  return group.protocolType === protocolType && protocols.some(({ name }) => candidates.has(name));
}

/** Names of the protocols that every member supports. */
function candidateProtocols(group: ClassicGroup): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { protocols } of group.members.values())
    for (const { name } of protocols) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count === group.members.size).map(([name]) => name));
}

/** Each member votes for the first of its protocols that all support; most votes win. */
export function selectProtocol(group: ClassicGroup): string {
  const candidates = candidateProtocols(group);
  const votes = [...group.members.values()].map(({ protocols }) => {
    const vote = protocols.find(({ name }) => candidates.has(name));
    return ensure(vote, 'a protocol that all members support').name;
  });
  return electProtocol(votes);
}

export const metadataOf = (member: ClassicGroupMember, protocol: string | null): Bytes =>
  ensure(
    member.protocols.find(({ name }) => name === protocol),
    'metadata for the protocol',
  ).metadata;

/** Whether both lists have the same protocols with the same metadata in the same order. */
export const sameProtocols = (
  a: readonly JoinGroupRequestProtocol[],
  b: readonly JoinGroupRequestProtocol[],
): boolean =>
  a.length === b.length &&
  a.every(({ name, metadata }, i) => b[i]?.name === name && b[i].metadata === metadata);

export const joiningCount = (group: ClassicGroup): number =>
  [...group.members.values()].filter((member) => member.awaitingJoin !== null).length;

export const hasAllMembersJoined = (group: ClassicGroup): boolean =>
  group.pendingJoin.size === 0 && joiningCount(group) === group.members.size;

/** The longest of the members', in ms. */
export const rebalanceTimeoutMs = (group: ClassicGroup): number =>
  [...group.members.values()].reduce((longest, member) => Math.max(longest, member.rebalanceTimeoutMs), 0);

/** Makes sure that the leader has joined; the first who has takes over. False if nobody has. */
export function electJoinedLeader(group: ClassicGroup): boolean {
  const leader = group.leader === null ? undefined : group.members.get(group.leader);
  if (leader === undefined) return false;
  if (leader.awaitingJoin !== null) return true;
  const joined = [...group.members.values()].find((member) => member.awaitingJoin !== null);
  if (joined !== undefined) group.leader = joined.memberId;
  return joined !== undefined;
}

/** Begins the next generation: CompletingRebalance with a chosen protocol, or Empty. Emptying counts as one too. */
export function beginGeneration(group: ClassicGroup, now: number): void {
  group.generation += 1;
  const empty = group.members.size === 0;
  group.protocolName = empty ? null : selectProtocol(group);
  group.subscribedTopics = computeSubscribedTopics(group);
  transitionTo(group, empty ? 'Empty' : 'CompletingRebalance', now);
  group.pendingSync.clear();
}

/** The topics of all members together; undefined if the group does not speak the consumers' protocol. */
export function computeSubscribedTopics(group: ClassicGroup): readonly string[] | undefined {
  if (group.protocolType !== CONSUMER_PROTOCOL_TYPE) return undefined;
  if (group.members.size === 0) return [];
  if (group.protocolName === null) return undefined;
  const topics = new Set<string>();
  for (const member of group.members.values()) {
    const subscribed = subscribedTopicsOf(metadataOf(member, group.protocolName));
    if (subscribed === undefined) return undefined;
    for (const topic of subscribed) topics.add(topic);
  }
  return [...topics].sort();
}

/** A consumers' group whose subscription cannot be read is taken to need every topic. */
export const isSubscribedTo = (group: ClassicGroup, topic: string): boolean =>
  group.subscribedTopics?.includes(topic) ?? group.protocolType === CONSUMER_PROTOCOL_TYPE;
