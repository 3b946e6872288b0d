import type { GroupApi } from '../../coordinator/group/group-request.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';
import { isObject, listOf, objectOf, type Json, type JsonObject } from '../conformance/case-file.ts';

/** Defaults of fields that old versions of a request lack. */
const DEFAULTS: Readonly<Partial<Record<GroupApi, JsonObject>>> = {
  JoinGroup: { rebalanceTimeoutMs: -1, groupInstanceId: null, reason: null },
  SyncGroup: { groupInstanceId: null, protocolType: null, protocolName: null },
  Heartbeat: { groupInstanceId: null },
  OffsetCommit: { groupInstanceId: null },
  OffsetFetch: { requireStable: false },
  DescribeGroups: { includeAuthorizedOperations: false },
  ListGroups: { statesFilter: [], typesFilter: [] },
};

/** A request of any version in the shape of the newest. */
export function upgradeRequest(api: GroupApi, version: number, request: JsonObject): JsonObject {
  const filled = { ...DEFAULTS[api], ...request };
  switch (api) {
    case 'LeaveGroup':
      return version >= 3
        ? leaveOf(filled, filled.members)
        : leaveOf(filled, [{ memberId: filled.memberId ?? '' }]);
    case 'OffsetCommit':
      return { ...filled, topics: listOf(filled.topics, 'topics').map(commitTopic) };
    case 'OffsetFetch':
      return version >= 8 ? fetchOf(filled, filled.groups) : fetchOf(filled, [filled]);
    default:
      return filled;
  }
}

function leaveOf({ groupId }: JsonObject, members: Json | undefined): JsonObject {
  const filled = listOf(members, 'members').map((member) => ({
    groupInstanceId: null,
    reason: null,
    ...objectOf(member, 'member'),
  }));
  return { groupId, members: filled };
}

function commitTopic(written: Json): JsonObject {
  const topic = objectOf(written, 'topic');
  const partitions = listOf(topic.partitions, 'partitions').map((partition) => ({
    committedLeaderEpoch: -1,
    ...objectOf(partition, 'partition'),
  }));
  return { topicId: ZERO_UUID, ...topic, partitions };
}

function fetchOf({ requireStable }: JsonObject, groups: Json | undefined): JsonObject {
  const filled = listOf(groups, 'groups').map((written) => {
    const { groupId, topics = null, memberId = null, memberEpoch = -1 } = objectOf(written, 'group');
    const named = topics === null ? null : listOf(topics, 'topics').map((topic) => withTopicId(topic));
    return { groupId, memberId, memberEpoch, topics: named };
  });
  return { requireStable, groups: filled };
}

const withTopicId = (topic: Json): JsonObject => ({ topicId: ZERO_UUID, ...objectOf(topic, 'topic') });

/** An answer of the newest shape as an older version carries it. Fields that it lacks may stay. */
export function downgradeResponse(api: GroupApi, version: number, response: JsonObject): JsonObject {
  if (api === 'LeaveGroup' && version < 3) {
    const [member] = listOf(response.members, 'members');
    const errorCode = response.errorCode !== 0 || !isObject(member) ? response.errorCode : member.errorCode;
    return { errorCode };
  }
  if (api === 'OffsetFetch' && version < 8) return objectOf(listOf(response.groups, 'groups')[0], 'group');
  if (api === 'JoinGroup' && version < 7) return { ...response, protocolName: response.protocolName ?? '' };
  return response;
}
