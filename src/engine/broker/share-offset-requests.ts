import { begunTopics, shareOffsetsError } from '../coordinator/share-group/share-offsets.ts';
import { ERROR_CODES, errorName } from '../protocol/errors.ts';
import type { DescribedShareGroup } from '../protocol/share-group-offsets.ts';
import type { Broker } from './broker-memory.ts';
import { hostOf } from './coordinator-bridge.ts';
import { callerOf } from './share-bridge.ts';
import { handleGroupApi } from './group-requests.ts';
import { respond, type Incoming } from './requests.ts';
import { servesShares } from './share-requests.ts';
import { waitForShares } from './share-offsets.ts';

/** AlterShareGroupOffsets and DeleteShareGroupOffsets: the group coordinator decides, share coordinators do it. */
export function handleShareOffsetsChange(
  broker: Broker,
  api: 'AlterShareGroupOffsets' | 'DeleteShareGroupOffsets',
  incoming: Incoming<typeof api>,
): void {
  const { token } = incoming;
  if (!servesShares(broker.memory)) {
    respond<typeof api>(broker, token, shareOffsetsError(ERROR_CODES.UNSUPPORTED_VERSION));
    return;
  }
  handleGroupApi(broker, api, incoming as never);
}

/** DescribeShareGroupOffsets (KIP-932): only the coordinator knows all topics of a group; where it stands, others do. */
export function handleDescribeShareGroupOffsets(
  broker: Broker,
  { token, body }: Incoming<'DescribeShareGroupOffsets'>,
): void {
  const groups = body.groups.map((group) => namedTopics(broker, group));
  const refused = groups.find((group) => typeof group === 'number');
  if (refused !== undefined || !servesShares(broker.memory)) {
    const errorCode = refused ?? ERROR_CODES.UNSUPPORTED_VERSION;
    const error = { errorCode, errorMessage: errorName(errorCode), topics: [] };
    const answers = body.groups.map(({ groupId }) => ({ groupId, ...error }));
    respond<'DescribeShareGroupOffsets'>(broker, token, { throttleTimeMs: 0, groups: answers });
    return;
  }
  const named = groups as readonly DescribedShareGroup[];
  const calls = named.flatMap(({ groupId, topics }) =>
    (topics ?? []).flatMap(({ topicName, partitions }) => {
      const topicId = broker.memory.image.topics.get(topicName)?.topicId;
      if (topicId === undefined) return [];
      return partitions.map((partition) => ({
        api: 'ReadShareGroupStateSummary' as const,
        key: Object.freeze({ groupId, topicId, partition }),
        asked: Object.freeze({ leaderEpoch: 0 }),
        token,
      }));
    }),
  );
  const asked = { api: 'DescribeShareGroupOffsets', body: { groups: named } } as const;
  waitForShares(broker, token, asked, calls.length);
  callerOf(broker)(calls);
}

function namedTopics(broker: Broker, group: DescribedShareGroup): DescribedShareGroup | number {
  const { groupId, topics } = group;
  if (groupId === '') return ERROR_CODES.UNKNOWN_SERVER_ERROR;
  if (topics !== null) return group;
  const begun = begunTopics(broker.memory.coordinator, hostOf(broker), groupId);
  if (!begun.ok) return begun.error;
  return {
    groupId,
    topics: begun.value.map(({ name: topicName, partitions }) => ({ topicName, partitions })),
  };
}
