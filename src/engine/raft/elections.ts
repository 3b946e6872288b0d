import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type { QuorumEpochResponse } from '../protocol/quorum-epoch.ts';
import type { VoteRequest, VoteRequestPartition, VoteResponse } from '../protocol/vote.ts';
import type { NodeContext } from '../sim/node-context.ts';
import { callVoter } from './links.ts';
import { logEnd } from './quorum-log.ts';
import { isVoter, NOBODY, type Raft } from './raft-state.ts';
import { becomeFollower, becomeUnattached, countVote, persist } from './transitions.ts';

/** Who leads which epoch, as another voter tells it. */
export interface LeaderHint {
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

/**
 * Takes in what another voter says of epochs and leaders (`KafkaRaftClient.maybeTransition`). Returns whether it changed
 * this one's place.
 */
export function learn(raft: Raft, context: NodeContext, { leaderId, leaderEpoch }: LeaderHint): boolean {
  if (leaderEpoch > raft.epoch) {
    if (leaderId === NOBODY) becomeUnattached(raft, context, leaderEpoch);
    else becomeFollower(raft, context, leaderEpoch, leaderId);
    return true;
  }
  if (leaderEpoch < raft.epoch || leaderId === NOBODY || raft.leaderId !== NOBODY) return false;
  becomeFollower(raft, context, leaderEpoch, leaderId);
  return true;
}

const topicsOf = <P>({ options }: Raft, partition: P) => [
  { topicName: options.topic.name, partitions: [partition] },
];

export function askForVote(raft: Raft, context: NodeContext, voter: number): void {
  const { nodeId, clusterId } = raft.options;
  const end = logEnd(raft, context.disk);
  const partition: VoteRequestPartition = {
    partitionIndex: 0,
    replicaEpoch: raft.epoch,
    replicaId: nodeId,
    lastOffsetEpoch: end.epoch,
    lastOffset: end.offset,
    preVote: raft.role === 'prospective',
  };
  const body: VoteRequest = { clusterId, voterId: voter, topics: topicsOf(raft, partition) };
  callVoter(raft, context, voter, { api: 'Vote', body });
}

/** Somebody wants to lead, or to know whether it could. */
export function onVoteRequest(raft: Raft, context: NodeContext, request: VoteRequest): VoteResponse {
  const asked = request.topics[0]?.partitions[0];
  if (request.clusterId !== raft.options.clusterId)
    return { errorCode: ERROR_CODES.INCONSISTENT_CLUSTER_ID, topics: [] };
  if (asked === undefined || asked.replicaEpoch < 0)
    return { errorCode: ERROR_CODES.INVALID_REQUEST, topics: [] };
  if (asked.replicaEpoch < raft.epoch) return voteAnswer(raft, ERROR_CODES.FENCED_LEADER_EPOCH, false);
  if (!isVoter(raft, asked.replicaId)) return voteAnswer(raft, ERROR_CODES.INCONSISTENT_VOTER_SET, false);
  if (asked.replicaEpoch > raft.epoch) becomeUnattached(raft, context, asked.replicaEpoch);
  const granted = canGrant(raft, asked, isUpToDate(raft, context, asked));
  if (granted && !asked.preVote && raft.votedId === NOBODY) {
    raft.votedId = asked.replicaId;
    persist(raft, context);
  }
  return voteAnswer(raft, NONE, granted);
}

const voteAnswer = (raft: Raft, errorCode: number, voteGranted: boolean): VoteResponse => {
  const { leaderId, epoch: leaderEpoch } = raft;
  return {
    errorCode: NONE,
    topics: topicsOf(raft, { partitionIndex: 0, errorCode, leaderId, leaderEpoch, voteGranted }),
  };
};

function isUpToDate(raft: Raft, context: NodeContext, asked: VoteRequestPartition): boolean {
  const end = logEnd(raft, context.disk);
  if (asked.lastOffsetEpoch !== end.epoch) return asked.lastOffsetEpoch > end.epoch;
  return asked.lastOffset >= end.offset;
}

/** `EpochState.canGrantVote` of each kind. */
function canGrant(raft: Raft, { preVote, replicaId }: VoteRequestPartition, upToDate: boolean): boolean {
  switch (raft.role) {
    case 'leader':
      return false;
    case 'follower':
      return preVote && upToDate && !raft.hasFetched;
    case 'candidate':
    case 'resigned':
      return preVote && upToDate;
    default:
      if (preVote) return upToDate;
      if (raft.votedId !== NOBODY) return raft.votedId === replicaId;
      return raft.leaderId === NOBODY && upToDate;
  }
}

export function onVoteAnswer(raft: Raft, context: NodeContext, voter: number, response: VoteResponse): void {
  const answer = response.topics[0]?.partitions[0];
  if (answer === undefined || learn(raft, context, answer)) return;
  const stands = raft.role === 'prospective' || raft.role === 'candidate';
  if (stands && answer.errorCode === NONE && answer.leaderEpoch === raft.epoch)
    countVote(raft, context, voter, answer.voteGranted);
}

/** The answer of a voter to a leader that begins or ends its epoch. */
export const epochAnswer = (raft: Raft, errorCode: number): QuorumEpochResponse => ({
  errorCode: NONE,
  topics: topicsOf(raft, { partitionIndex: 0, errorCode, leaderId: raft.leaderId, leaderEpoch: raft.epoch }),
});
