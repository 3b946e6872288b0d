import { below } from '../base/prng.ts';
import { millis } from '../base/time.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type {
  BeginQuorumEpochRequest,
  EndQuorumEpochRequest,
  QuorumEpochResponse,
} from '../protocol/quorum-epoch.ts';
import type { NodeContext } from '../sim/node-context.ts';
import { epochAnswer, learn, type LeaderHint } from './elections.ts';
import { callVoter } from './links.ts';
import { otherVoters, type Raft } from './raft-state.ts';
import { FETCH_TIMER, resign, restartBeginTimer, restartCheckQuorum } from './transitions.ts';
import { majorityOf } from './voter-set.ts';

/** Tells a voter once that this one leads, or that it gives up. A leader reminds those that do not fetch. */
export function announce(raft: Raft, context: NodeContext, voter: number): void {
  raft.untold = raft.untold.filter((id) => id !== voter);
  const { options, epoch: leaderEpoch, role } = raft;
  const { clusterId, nodeId: leaderId, topic } = options;
  const partition = { partitionIndex: 0, leaderId, leaderEpoch };
  if (role === 'leader') {
    const topics = [{ topicName: topic.name, partitions: [partition] }];
    callVoter(raft, context, voter, { api: 'BeginQuorumEpoch', body: { clusterId, voterId: voter, topics } });
  } else {
    const ending = { ...partition, preferredCandidates: raft.successors };
    const topics = [{ topicName: topic.name, partitions: [ending] }];
    callVoter(raft, context, voter, { api: 'EndQuorumEpoch', body: { clusterId, topics } });
  }
}

/** The voter has heard it, and may know better. */
export function onAnnounced(raft: Raft, context: NodeContext, response: QuorumEpochResponse): void {
  const answer = response.topics[0]?.partitions[0];
  if (answer !== undefined) learn(raft, context, answer);
}

export function onBeginQuorumEpoch(
  raft: Raft,
  context: NodeContext,
  request: BeginQuorumEpochRequest,
): QuorumEpochResponse {
  const hint = request.topics[0]?.partitions[0];
  const errorCode = refusal(raft, request.clusterId, hint);
  if (errorCode === NONE && hint !== undefined) learn(raft, context, hint);
  return epochAnswer(raft, errorCode);
}

/** The leader resigns: whoever has most of its log stands first, the others a little later. */
export function onEndQuorumEpoch(
  raft: Raft,
  context: NodeContext,
  request: EndQuorumEpochRequest,
): QuorumEpochResponse {
  const hint = request.topics[0]?.partitions[0];
  const errorCode = refusal(raft, request.clusterId, hint);
  if (errorCode === NONE && hint !== undefined) {
    learn(raft, context, hint);
    if (raft.role === 'follower' && raft.leaderId === hint.leaderId)
      context.setTimer(FETCH_TIMER, millis(electionBackoffMs(raft, context, hint.preferredCandidates)));
  }
  return epochAnswer(raft, errorCode);
}

function electionBackoffMs({ options }: Raft, context: NodeContext, candidates: readonly number[]): number {
  const { electionBackoffMaxMs, retryBackoffMs } = options.settings;
  const position = candidates.indexOf(options.nodeId);
  if (position === 0) return 0;
  if (position < 0) return below(context.prng('raft-election'), Math.max(1, electionBackoffMaxMs));
  const slots = (1 << Math.min(position, 10)) * retryBackoffMs;
  return Math.min(slots, electionBackoffMaxMs);
}

function refusal(raft: Raft, clusterId: string | null, hint: LeaderHint | undefined): number {
  if (clusterId !== raft.options.clusterId) return ERROR_CODES.INCONSISTENT_CLUSTER_ID;
  if (hint === undefined) return ERROR_CODES.INVALID_REQUEST;
  return hint.leaderEpoch < raft.epoch ? ERROR_CODES.FENCED_LEADER_EPOCH : NONE;
}

/** A leader that no majority fetches from is cut off, and another may lead without it knowing: it gives up. */
export function onCheckQuorumTimer(raft: Raft, context: NodeContext): void {
  if (raft.role === 'leader') resign(raft, context);
}

/** A follower fetches: when a majority has, the leader may go on for another while. */
export function noteFetchedVoters(raft: Raft, context: NodeContext): void {
  const { leader, options } = raft;
  if (leader === null || leader.fetchedVoters.length < majorityOf(options.voters) - 1) return;
  leader.fetchedVoters = [];
  restartCheckQuorum(raft, context);
}

/** Voters that have not fetched for half a fetch timeout are told once more who leads. */
export function onBeginTimer(raft: Raft, context: NodeContext): void {
  const { leader, options } = raft;
  if (leader === null) return;
  const since = context.now() - millis(Math.ceil(options.settings.fetchTimeoutMs / 2));
  raft.untold = otherVoters(raft).filter((id) => (leader.voters.get(id)?.lastFetchAt ?? -1) < since);
  restartBeginTimer(raft, context);
}
