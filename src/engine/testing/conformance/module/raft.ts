import { newLeaderState, updateLocalEnd, updateReplicaEnd, type LeaderState } from '../../../raft/leader-state.ts';
import { hasOverlappingMajority, type VoterSet } from '../../../raft/voter-set.ts';
import type { Adapter } from '../adapter.ts';
import { listOf, numberOf, onlyFields, UnsupportedError, type Json, type JsonObject } from '../case-file.ts';
import { opNameOf, opsOf } from './script.ts';

const votersOf = (value: Json | undefined): VoterSet =>
  listOf(value, 'voters').map((id) => numberOf(id, 'voter'));

/** `LeaderState`: what of the log is committed. */
export const raftLeaderAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(given, ['module', 'voters', 'leader', 'epochStartOffset', 'ops'], 'raft-leader');
    const leader: Leader = {
      id: numberOf(given.leader, 'leader'),
      voters: votersOf(given.voters),
      state: newLeaderState(votersOf(given.voters), numberOf(given.epochStartOffset, 'epochStartOffset')),
    };
    const results = opsOf(given).map((op, at) => {
      const changed = run(leader, op, at);
      return { changed, highWatermark: leader.state.highWatermark };
    });
    comparison.compare(results, expect.results, 'results');
  },
};

interface Leader {
  readonly id: number;
  voters: VoterSet;
  readonly state: LeaderState;
}

function run(leader: Leader, op: JsonObject, at: number): boolean {
  const { id, state } = leader;
  const offset = numberOf(op.offset, 'offset');
  switch (opNameOf(op)) {
    case 'localEnd':
      return updateLocalEnd(state, id, offset, leader.voters);
    case 'voters':
      leader.voters = votersOf(op.voters);
      return updateLocalEnd(state, id, offset, leader.voters);
    case 'fetch': {
      const replicaId = numberOf(op.replica, 'replica');
      return updateReplicaEnd(state, { leaderId: id, replicaId, fetchOffset: offset }, at);
    }
    default:
      throw new UnsupportedError(`op "${opNameOf(op)}"`);
  }
}

/** `VoterSet`: may one set of voters follow another. */
export const raftOverlapAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(given, ['module', 'a', 'b'], 'raft-overlap');
    const [a, b] = [votersOf(given.a), votersOf(given.b)];
    const actual = { overlap: hasOverlappingMajority(a, b), reverse: hasOverlappingMajority(b, a) };
    comparison.compare(actual, expect);
  },
};
