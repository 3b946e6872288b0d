import { assert } from '../base/assert.ts';
import type { RequestMessage, ResponseMessage } from '../protocol/message.ts';
import type { RecordBatch } from '../protocol/record-batch.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { NodeContext } from '../sim/node-context.ts';
import { respondTo } from './answer.ts';
import { askForVote, onVoteAnswer, onVoteRequest } from './elections.ts';
import { fetchFrom, onFetchAnswer, onFetchSnapshotAnswer } from './follow.ts';
import {
  announce,
  onAnnounced,
  onBeginQuorumEpoch,
  onBeginTimer,
  onCheckQuorumTimer,
  onEndQuorumEpoch,
} from './leader-epochs.ts';
import {
  isReady,
  onLinkLost,
  onRequestTimer,
  REQUEST_TIMER,
  takeAnswer,
  WAKE_TIMER,
  wakeFor,
} from './links.ts';
import { openQuorumLog, readSnapshot } from './quorum-log.ts';
import { otherVoters, type Raft, type RaftOptions } from './raft-state.ts';
import { completeParked, forgetParked, onFetchRequest, onParkedTimer, PARKED_TIMER } from './serve-fetch.ts';
import { onFetchSnapshotRequest } from './serve-snapshot.ts';
import {
  appendAsQuorumLeader,
  becomeProspective,
  becomeUnattached,
  BEGIN_TIMER,
  CHECK_QUORUM_TIMER,
  ELECTION_TIMER,
  FETCH_TIMER,
  loseElection,
  readElectionState,
  resign,
} from './transitions.ts';

/** Opens what this voter has on its disk. */
export function openRaft(context: NodeContext, options: RaftOptions): Raft {
  const { epoch, leaderId, votedId } = readElectionState(options.topic.name, context.disk);
  const snapshot = readSnapshot(context.disk, options.topic.name);
  return {
    options,
    log: openQuorumLog(context, options.topic.name),
    role: 'unattached',
    epoch,
    leaderId,
    votedId,
    highWatermark: snapshot?.id.endOffset ?? 0,
    hasFetched: false,
    votes: new Map(),
    leader: null,
    untold: [],
    successors: [],
    links: new Map(),
    parked: [],
    incoming: null,
    discoveryTurn: 0,
  };
}

/** The only voter leads at once; one that led before its process died waits for another to be elected (`QuorumState.initialize`). */
export function startRaft(raft: Raft, context: NodeContext): void {
  const { nodeId, voters } = raft.options;
  assert(voters.includes(nodeId), 'a voter is among the voters', { nodeId, voters });
  if (voters.length === 1) becomeProspective(raft, context);
  else if (raft.leaderId === nodeId) {
    becomeUnattached(raft, context, raft.epoch);
    raft.role = 'resigned';
  } else becomeUnattached(raft, context, raft.epoch);
  drive(raft, context);
}

/** Writes a batch; only for the leader. Returns the offset after it. */
export function append(raft: Raft, context: NodeContext, batch: RecordBatch): number {
  const end = appendAsQuorumLeader(raft, context, batch);
  completeParked(raft, context);
  return end;
}

/** An orderly stop: whoever leads makes room. */
export function stepDown(raft: Raft, context: NodeContext): void {
  if (raft.role !== 'leader') return;
  resign(raft, context);
  settle(raft, context);
}

const RAFT_APIS = ['Vote', 'BeginQuorumEpoch', 'EndQuorumEpoch', 'Fetch', 'FetchSnapshot'] as const;

export type RaftApi = (typeof RAFT_APIS)[number];

export const isRaftRequest = (message: RequestMessage): message is RequestMessage<RaftApi> =>
  (RAFT_APIS as readonly string[]).includes(message.api);

export function onRaftRequest(
  raft: Raft,
  context: NodeContext,
  connection: ConnectionId,
  message: RequestMessage<RaftApi>,
): void {
  const { api, correlationId } = message;
  const recipient = { connection, correlationId };
  switch (api) {
    case 'Fetch':
      onFetchRequest(raft, context, connection, message);
      break;
    case 'FetchSnapshot':
      onFetchSnapshotRequest(raft, context, connection, message);
      break;
    case 'Vote':
      respondTo(context, { ...recipient, api }, onVoteRequest(raft, context, message.body));
      break;
    case 'BeginQuorumEpoch':
      respondTo(context, { ...recipient, api }, onBeginQuorumEpoch(raft, context, message.body));
      break;
    default:
      respondTo(context, { ...recipient, api }, onEndQuorumEpoch(raft, context, message.body));
  }
  settle(raft, context);
}

export function onRaftResponse(
  raft: Raft,
  context: NodeContext,
  connection: ConnectionId,
  message: ResponseMessage,
): void {
  const answered = takeAnswer(raft, context, connection, message);
  if (answered === undefined) return;
  const { voter } = answered;
  if (message.api === 'Fetch') onFetchAnswer(raft, context, answered, message.body);
  else if (message.api === 'FetchSnapshot') onFetchSnapshotAnswer(raft, context, answered, message.body);
  else if (message.api === 'Vote') onVoteAnswer(raft, context, voter, message.body);
  else if (message.api === 'BeginQuorumEpoch' || message.api === 'EndQuorumEpoch')
    onAnnounced(raft, context, message.body);
  settle(raft, context);
}

export const isRaftTimer = (timer: string): boolean => timer.startsWith('raft/');

export function onRaftTimer(raft: Raft, context: NodeContext, timer: string): void {
  if (timer.startsWith(PARKED_TIMER)) onParkedTimer(raft, context, timer);
  else if (timer.startsWith(REQUEST_TIMER)) onRequestTimer(raft, context, timer);
  else if (timer === ELECTION_TIMER) onElectionTimer(raft, context);
  else if (timer === FETCH_TIMER) becomeProspective(raft, context);
  else if (timer === CHECK_QUORUM_TIMER) onCheckQuorumTimer(raft, context);
  else if (timer === BEGIN_TIMER) onBeginTimer(raft, context);
  else assert(timer === WAKE_TIMER, 'a timer that nobody set', { timer });
  settle(raft, context);
}

function onElectionTimer(raft: Raft, context: NodeContext): void {
  if (raft.role === 'unattached') becomeProspective(raft, context);
  else if (raft.role === 'resigned') becomeUnattached(raft, context, raft.epoch + 1);
  else loseElection(raft, context);
}

export function onRaftDisconnect(raft: Raft, context: NodeContext, connection: ConnectionId): void {
  const isLink = raft.links.size > 0 && onLinkLost(raft, context, connection);
  if (!isLink) forgetParked(raft, context, connection);
  settle(raft, context);
}

/** Whoever waits at one that leads no longer is sent away, and whatever the new place asks for is sent. */
function settle(raft: Raft, context: NodeContext): void {
  if (raft.role !== 'leader' && raft.parked.length > 0) completeParked(raft, context);
  drive(raft, context);
}

/** Sends what this voter's place asks for to everybody who can be asked now (`KafkaRaftClient.poll`). */
function drive(raft: Raft, context: NodeContext): void {
  const wanted = audience(raft);
  if (wanted.length === 0) return;
  for (const voter of wanted) if (isReady(raft, context, voter)) address(raft, context, voter);
  wakeFor(raft, context, wanted);
}

/** Whom this voter has something to say to. */
function audience(raft: Raft): readonly number[] {
  switch (raft.role) {
    case 'follower':
      return [raft.leaderId];
    case 'prospective':
    case 'candidate':
      return otherVoters(raft).filter((id) => !raft.votes.has(id));
    case 'unattached': {
      const others = otherVoters(raft);
      const next = others[raft.discoveryTurn % Math.max(1, others.length)];
      return next === undefined ? [] : [next];
    }
    default:
      return raft.untold;
  }
}

function address(raft: Raft, context: NodeContext, voter: number): void {
  if (raft.role === 'follower') fetchFrom(raft, context, voter);
  else if (raft.role === 'prospective' || raft.role === 'candidate') askForVote(raft, context, voter);
  else if (raft.role === 'unattached') {
    raft.discoveryTurn += 1;
    fetchFrom(raft, context, voter);
  } else announce(raft, context, voter);
}
