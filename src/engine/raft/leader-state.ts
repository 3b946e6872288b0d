import { assert, ensure } from '../base/assert.ts';
import type { SimTime } from '../base/time.ts';
import type { VoterSet } from './voter-set.ts';

/** How far a replica has come, as the leader knows it. */
export interface ReplicaProgress {
  /** Null before it was heard of. */
  endOffset: number | null;
  /** −1 before its first fetch. */
  lastFetchAt: SimTime;
  lastCaughtUpAt: SimTime;
  /** The leader's log end when it fetched last; −1 before. */
  lastFetchLeaderEnd: number;
}

/** What the leader of an epoch knows (`LeaderState`). */
export interface LeaderState {
  /** Where its log ended when it was elected; its first own record is there. */
  readonly epochStartOffset: number;
  /** Null until a record of this epoch is on a majority: before that nothing older counts as committed either. */
  highWatermark: number | null;
  voters: Map<number, ReplicaProgress>;
  /** Replicas that fetch and do not vote. */
  readonly observers: Map<number, ReplicaProgress>;
  /** Followers that fetched since the majority was last counted. */
  fetchedVoters: number[];
}

const newProgress = (): ReplicaProgress => ({
  endOffset: null,
  lastFetchAt: -1,
  lastCaughtUpAt: -1,
  lastFetchLeaderEnd: -1,
});

export const newLeaderState = (voters: VoterSet, epochStartOffset: number): LeaderState => ({
  epochStartOffset,
  highWatermark: null,
  voters: new Map(voters.map((id) => [id, newProgress()])),
  observers: new Map(),
  fetchedVoters: [],
});

function progressOf({ voters, observers }: LeaderState, id: number): ReplicaProgress {
  const known = voters.get(id) ?? observers.get(id);
  if (known !== undefined) return known;
  const progress = newProgress();
  observers.set(id, progress);
  return progress;
}

/** The leader's own log has grown, perhaps under another set of voters. Returns whether the high watermark moved. */
export function updateLocalEnd(
  state: LeaderState,
  leaderId: number,
  endOffset: number,
  voters: VoterSet,
): boolean {
  const own = progressOf(state, leaderId);
  assert(own.endOffset === null || own.endOffset <= endOffset, 'the log of a leader only grows', {
    endOffset,
  });
  own.endOffset = endOffset;
  replaceVoters(state, voters);
  return advanceHighWatermark(state);
}

/** Who leaves goes on as an observer, and comes back with what is known of it. */
function replaceVoters(state: LeaderState, voters: VoterSet): void {
  const { voters: before, observers } = state;
  if (before.size === voters.length && voters.every((id) => before.has(id))) return;
  const after = new Map(voters.map((id) => [id, before.get(id) ?? observers.get(id) ?? newProgress()]));
  for (const id of voters) observers.delete(id);
  for (const [id, progress] of before) if (!after.has(id)) observers.set(id, progress);
  state.voters = after;
}

/** A replica fetches from this offset: it has everything before. Returns whether the high watermark moved. */
export function updateReplicaEnd(
  state: LeaderState,
  { leaderId, replicaId, fetchOffset }: { leaderId: number; replicaId: number; fetchOffset: number },
  now: SimTime,
): boolean {
  assert(replicaId !== leaderId, 'a leader does not fetch from itself', { replicaId });
  const progress = progressOf(state, replicaId);
  const leaderEnd = progressOf(state, leaderId).endOffset;
  if (leaderEnd !== null) {
    if (fetchOffset >= leaderEnd) progress.lastCaughtUpAt = now;
    else if (progress.lastFetchLeaderEnd > 0 && fetchOffset >= progress.lastFetchLeaderEnd)
      progress.lastCaughtUpAt = Math.max(progress.lastCaughtUpAt, progress.lastFetchAt);
    progress.lastFetchLeaderEnd = leaderEnd;
  }
  progress.lastFetchAt = now;
  progress.endOffset = fetchOffset;
  if (!state.voters.has(replicaId)) return false;
  if (!state.fetchedVoters.includes(replicaId)) state.fetchedVoters.push(replicaId);
  return advanceHighWatermark(state);
}

/**
 * The largest offset that a majority has, the leader counted. It moves forward only, and not before a record of the
 * leader's own epoch is under it: only then every possible next leader has what was committed before.
 */
function advanceHighWatermark(state: LeaderState): boolean {
  const ends = [...state.voters.values()].map(({ endOffset }) => endOffset ?? -1).sort((a, b) => b - a);
  const offset = ensure(ends[Math.floor(ends.length / 2)], 'a voter');
  if (offset <= state.epochStartOffset || offset <= (state.highWatermark ?? -1)) return false;
  state.highWatermark = offset;
  return true;
}
