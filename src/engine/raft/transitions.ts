import { assert } from '../base/assert.ts';
import { below } from '../base/prng.ts';
import { millis } from '../base/time.ts';
import { batchOf } from '../protocol/record-batch.ts';
import type { DiskState } from '../sim/disk.ts';
import type { NodeContext } from '../sim/node-context.ts';
import { newLeaderState, updateLocalEnd } from './leader-state.ts';
import { appendOwn, logEnd, raiseHighWatermark } from './quorum-log.ts';
import { NOBODY, otherVoters, type Raft, type RaftRole } from './raft-state.ts';
import { majorityOf } from './voter-set.ts';

/** Rings when a voter without a leader has waited long enough. */
export const ELECTION_TIMER = 'raft/election';
/** Rings when a follower has not heard of its leader for too long. */
export const FETCH_TIMER = 'raft/fetch-timeout';
/** Rings when a leader must have heard of a majority. */
export const CHECK_QUORUM_TIMER = 'raft/check-quorum';
/** Rings when a leader reminds voters that do not fetch. */
export const BEGIN_TIMER = 'raft/begin-epoch';

const TIMERS = [ELECTION_TIMER, FETCH_TIMER, CHECK_QUORUM_TIMER, BEGIN_TIMER];

/** A majority must fetch within so much of the fetch timeout (`LeaderState.CHECK_QUORUM_TIMEOUT_FACTOR`). */
const CHECK_QUORUM_FACTOR = 1.5;

/** What a voter must not forget: written before anybody is told (`QuorumStateStore`). */
export interface ElectionState {
  readonly epoch: number;
  readonly leaderId: number;
  readonly votedId: number;
}

const stateName = (topic: string): string => `log/${topic}-0/quorum-state`;

/** What a voter of this topic's quorum wrote on this disk. */
export function readElectionState(topic: string, { values }: DiskState): ElectionState {
  const written = values.get(stateName(topic)) as ElectionState | undefined;
  return written ?? { epoch: 0, leaderId: NOBODY, votedId: NOBODY };
}

export function persist(raft: Raft, { disk }: NodeContext): void {
  const { epoch, leaderId, votedId, options } = raft;
  disk.values.set(stateName(options.topic.name), Object.freeze({ epoch, leaderId, votedId }));
}

/** Leaves the old role behind. A new epoch forgets whom the old one had. */
function enter(raft: Raft, context: NodeContext, role: RaftRole, epoch = raft.epoch): void {
  assert(epoch >= raft.epoch, 'epochs only rise', { from: raft.epoch, to: epoch });
  if (epoch > raft.epoch) {
    raft.leaderId = NOBODY;
    raft.votedId = NOBODY;
  }
  raft.epoch = epoch;
  raft.role = role;
  raft.leader = null;
  raft.hasFetched = false;
  raft.incoming = null;
  raft.untold = [];
  raft.successors = [];
  raft.votes.clear();
  for (const timer of TIMERS) context.cancelTimer(timer);
}

/** Between one and two election timeouts, so that two voters seldom stand at once. */
function startElectionTimer({ options }: Raft, context: NodeContext): void {
  const { electionTimeoutMs } = options.settings;
  const ms = electionTimeoutMs + below(context.prng('raft-election'), Math.max(1, electionTimeoutMs));
  context.setTimer(ELECTION_TIMER, millis(ms));
}

export function becomeUnattached(raft: Raft, context: NodeContext, epoch: number): void {
  enter(raft, context, 'unattached', epoch);
  persist(raft, context);
  startElectionTimer(raft, context);
}

export function becomeFollower(raft: Raft, context: NodeContext, epoch: number, leaderId: number): void {
  assert(leaderId !== raft.options.nodeId, 'a voter does not follow itself', { epoch });
  enter(raft, context, 'follower', epoch);
  raft.leaderId = leaderId;
  persist(raft, context);
  restartFetchTimer(raft, context);
}

export function restartFetchTimer({ options }: Raft, context: NodeContext): void {
  context.setTimer(FETCH_TIMER, millis(options.settings.fetchTimeoutMs));
}

/** Asks around before it raises the epoch: who cannot win does not disturb a leader that others follow (KIP-996). */
export function becomeProspective(raft: Raft, context: NodeContext): void {
  enter(raft, context, 'prospective');
  startElectionTimer(raft, context);
  countVote(raft, context, raft.options.nodeId, true);
}

function becomeCandidate(raft: Raft, context: NodeContext): void {
  enter(raft, context, 'candidate', raft.epoch + 1);
  raft.votedId = raft.options.nodeId;
  persist(raft, context);
  startElectionTimer(raft, context);
  countVote(raft, context, raft.options.nodeId, true);
}

/** An answer to this voter's candidacy. A majority takes it one step on; when none is left it gives up. */
export function countVote(raft: Raft, context: NodeContext, voter: number, granted: boolean): void {
  raft.votes.set(voter, granted);
  const { voters } = raft.options;
  const majority = majorityOf(voters);
  const refused = [...raft.votes.values()].filter((yes) => !yes).length;
  if (raft.votes.size - refused >= majority) {
    if (raft.role === 'prospective') becomeCandidate(raft, context);
    else becomeLeader(raft, context);
  } else if (voters.length - refused < majority) loseElection(raft, context);
}

/** A candidate asks around again; who only asked around goes back to the leader that it knows, or waits. */
export function loseElection(raft: Raft, context: NodeContext): void {
  if (raft.role === 'candidate') becomeProspective(raft, context);
  else if (raft.leaderId !== NOBODY) becomeFollower(raft, context, raft.epoch, raft.leaderId);
  else becomeUnattached(raft, context, raft.epoch);
}

/** The first record of the epoch makes everything before it committable. */
function becomeLeader(raft: Raft, context: NodeContext): void {
  const { nodeId, voters } = raft.options;
  const grantingVoters = [...raft.votes].filter(([, granted]) => granted).map(([id]) => id);
  enter(raft, context, 'leader');
  raft.leaderId = nodeId;
  persist(raft, context);
  raft.leader = newLeaderState(voters, logEnd(raft, context.disk).offset);
  raft.untold = otherVoters(raft);
  if (voters.length > 1) {
    restartCheckQuorum(raft, context);
    restartBeginTimer(raft, context);
  }
  const change = Object.freeze({ leaderId: nodeId, voters, grantingVoters: Object.freeze(grantingVoters) });
  const batch = batchOf([{ key: null, value: null, timestamp: context.wallClockMs() }]);
  appendAsQuorumLeader(raft, context, Object.freeze({ ...batch, leaderChange: change }));
}

/** Only for the leader. Returns the offset after the batch; it is committed when the high watermark reaches it. */
export function appendAsQuorumLeader(
  raft: Raft,
  context: NodeContext,
  batch: Parameters<typeof appendOwn>[2],
): number {
  const { leader, options } = raft;
  assert(leader !== null, 'only a leader writes', { role: raft.role });
  const end = appendOwn(raft, context, batch);
  if (updateLocalEnd(leader, options.nodeId, end, options.voters))
    raiseHighWatermark(raft, context, leader.highWatermark ?? 0);
  return end;
}

export function restartCheckQuorum({ options }: Raft, context: NodeContext): void {
  context.setTimer(
    CHECK_QUORUM_TIMER,
    millis(Math.floor(options.settings.fetchTimeoutMs * CHECK_QUORUM_FACTOR)),
  );
}

export function restartBeginTimer({ options }: Raft, context: NodeContext): void {
  context.setTimer(BEGIN_TIMER, millis(Math.ceil(options.settings.fetchTimeoutMs / 2)));
}

/** Gives up in this epoch and tells the others, the best informed first. */
export function resign(raft: Raft, context: NodeContext): void {
  const { leader } = raft;
  assert(leader !== null, 'only a leader resigns', { role: raft.role });
  const successors = otherVoters(raft).sort(
    (a, b) => endOf(leader.voters.get(b)) - endOf(leader.voters.get(a)) || a - b,
  );
  enter(raft, context, 'resigned');
  raft.untold = successors;
  raft.successors = Object.freeze([...successors]);
  startElectionTimer(raft, context);
}

const endOf = (progress: { readonly endOffset: number | null } | undefined): number =>
  progress?.endOffset ?? -1;
