import type * as OffsetCommit from '../../coordinator/group/offset-commit.ts';
import { replace } from './planting.ts';

/** Offsets are taken from whoever sends them, as if a member of the present generation had. */
export const ANYBODY_COMMITS = replace<typeof OffsetCommit>(
  '../../coordinator/group/offset-commit.ts',
  ({ commitOffset }) => ({
    commitOffset: (shard, request) => {
      const group = shard.state.groups.get(request.body.groupId);
      if (group === undefined) return commitOffset(shard, request);
      const memberId = [...group.members.keys()][0] ?? request.body.memberId;
      const body = { ...request.body, generationIdOrMemberEpoch: group.generation, memberId };
      return commitOffset(shard, { ...request, body } as typeof request);
    },
  }),
);
