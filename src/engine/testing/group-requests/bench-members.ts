import type { RequestToken } from '../../coordinator/coordinator-host.ts';
import type { RequestBody } from '../../protocol/message.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import type { CoordinatorBench } from './coordinator-bench.ts';

/** A JoinGroup of group `g` as a consumer sends it; `overrides` say what is different. */
export const joinBody = (overrides: Partial<RequestBody<'JoinGroup'>> = {}): RequestBody<'JoinGroup'> => ({
  groupId: 'g',
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 30_000,
  memberId: '',
  groupInstanceId: null,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: 'm' }],
  reason: null,
  ...overrides,
});

/** Asks for a member id, then sends the join that may wait. */
export function sendJoin(
  bench: CoordinatorBench,
  overrides: Partial<RequestBody<'JoinGroup'>> = {},
): { readonly memberId: string; readonly token: RequestToken } {
  const { memberId } = bench.ask('JoinGroup', joinBody(overrides));
  return { memberId, token: bench.send('JoinGroup', joinBody({ ...overrides, memberId })) };
}

export const syncBody = (
  memberId: string,
  generationId: number,
  assignments: Readonly<Record<string, string>> = {},
): RequestBody<'SyncGroup'> => ({
  groupId: 'g',
  generationId,
  memberId,
  groupInstanceId: null,
  protocolType: 'consumer',
  protocolName: 'range',
  assignments: Object.entries(assignments).map(([id, assignment]) => ({ memberId: id, assignment })),
});

export const heartbeatBody = (memberId: string, generationId: number): RequestBody<'Heartbeat'> => ({
  groupId: 'g',
  generationId,
  memberId,
  groupInstanceId: null,
});

/** A commit of `t`-0 by version 9, which names topics. */
export const commitBody = (
  offset: number,
  memberId = '',
  generationIdOrMemberEpoch = -1,
): RequestBody<'OffsetCommit'> => ({
  groupId: 'g',
  generationIdOrMemberEpoch,
  memberId,
  groupInstanceId: null,
  topics: [
    {
      topicId: ZERO_UUID,
      name: 't',
      partitions: [
        { partitionIndex: 0, committedOffset: offset, committedLeaderEpoch: -1, committedMetadata: '' },
      ],
    },
  ],
});

/** What a fetch of `t`-0 by version 9 answers. */
export function fetchCommitted(bench: CoordinatorBench): number | undefined {
  const group = { groupId: 'g', memberId: null, memberEpoch: -1, topics: null };
  const answer = bench.ask('OffsetFetch', { groups: [group], requireStable: false }, { version: 9 });
  return answer.groups[0]?.topics[0]?.partitions[0]?.committedOffset;
}
