import { begunTopics } from '../coordinator/share-group/share-offsets.ts';
import { shareKeyText } from '../coordinator/share/share-state.ts';
import { ERROR_CODES, errorName, NONE } from '../protocol/errors.ts';
import type { RequestBody } from '../protocol/message.ts';
import type {
  DescribedShareGroup,
  DescribeShareGroupOffsetsResponse,
} from '../protocol/share-group-offsets.ts';
import { ZERO_UUID } from '../protocol/uuid.ts';
import type { Broker } from './broker-memory.ts';
import { hostOf } from './coordinator-bridge.ts';
import type { AskedEnd, LatestOffset } from './latest-offsets.ts';
import { servesShares } from './share-requests.ts';
import type { NewShareCall, ShareCallAnswer, ShareGroupToDescribe } from './share-memory.ts';

/** What share groups are asked for, each by itself: only the coordinator knows all topics of a group. */
export const groupsToDescribe = (
  broker: Broker,
  { groups }: RequestBody<'DescribeShareGroupOffsets'>,
): readonly ShareGroupToDescribe[] => groups.map((group) => groupToDescribe(broker, group));

function groupToDescribe(broker: Broker, { groupId, topics }: DescribedShareGroup): ShareGroupToDescribe {
  const { memory } = broker;
  const refused = (errorCode: number): ShareGroupToDescribe => ({ groupId, errorCode, topics: [] });
  if (!servesShares(memory)) return refused(ERROR_CODES.UNSUPPORTED_VERSION);
  if (topics === null) {
    const begun = begunTopics(memory.coordinator, hostOf(broker), groupId);
    if (!begun.ok) return refused(begun.error);
    const known = begun.value.flatMap(([topicId, { partitions }]) => {
      const topicName = memory.image.topicNames.get(topicId);
      return topicName === undefined ? [] : [{ topicName, topicId, partitions }];
    });
    return { groupId, errorCode: NONE, topics: known };
  }
  const asked = topics.map(({ topicName, partitions }) => {
    const topicId = memory.image.topics.get(topicName)?.topicId ?? ZERO_UUID;
    return { topicName, topicId, partitions };
  });
  const known = asked.filter(({ topicId }) => topicId !== ZERO_UUID);
  // `ReadShareGroupStateSummaryParameters` takes neither, which the caller hears as an error of the server.
  const isOdd = known.some(({ partitions }) => groupId === '' || !isPlaces(partitions));
  if (isOdd) return refused(ERROR_CODES.UNKNOWN_SERVER_ERROR);
  const unknown = asked.filter(({ topicId }) => topicId === ZERO_UUID);
  return { groupId, errorCode: NONE, topics: [...known, ...unknown] };
}

const isPlaces = (partitions: readonly number[]): boolean =>
  partitions.length > 0 && partitions.every((partition) => partition >= 0);

/** What share coordinators must say first. Of topics that are not there nobody is asked. */
export const summariesOf = (groups: readonly ShareGroupToDescribe[], token: number): NewShareCall[] =>
  groups.flatMap(({ groupId, topics }) =>
    topics
      .filter(({ topicId }) => topicId !== ZERO_UUID)
      .flatMap(({ topicId, partitions }) =>
        [...new Set(partitions)].map((partition) => ({
          api: 'ReadShareGroupStateSummary' as const,
          key: Object.freeze({ groupId, topicId, partition }),
          asked: Object.freeze({ leaderEpoch: 0 }),
          token,
        })),
      ),
  );

type Answers = ReadonlyMap<string, ShareCallAnswer>;

const NOT_BEGUN = -1;
const UNKNOWN_COUNT = -1;
const UNKNOWN_LAG = -1;

/** Where a group stands that has begun, and how many records beyond that are done with, as far as somebody said it. */
function standing(answer: ShareCallAnswer | undefined): { startOffset: number; done: number } | undefined {
  if (answer?.errorCode !== NONE) return undefined;
  const { startOffset = NOT_BEGUN, deliveryCompleteCount: done = UNKNOWN_COUNT } = answer;
  return startOffset === NOT_BEGUN || done === UNKNOWN_COUNT ? undefined : { startOffset, done };
}

/** Partitions whose end must be known, so that a lag can be told (KIP-1226). */
export function laggingPartitions(groups: readonly ShareGroupToDescribe[], answers: Answers): AskedEnd[] {
  const ends = new Map<string, AskedEnd>();
  for (const { groupId, topics } of groups)
    for (const { topicName: topic, topicId, partitions } of topics)
      for (const partition of partitions)
        if (standing(answers.get(shareKeyText({ groupId, topicId, partition }))) !== undefined)
          ends.set(endKey(topic, partition), Object.freeze({ topic, partition }));
  return [...ends.values()];
}

export const endKey = (topic: string, partition: number): string => `${topic}/${String(partition)}`;

type DescribedPartition =
  DescribeShareGroupOffsetsResponse['groups'][number]['topics'][number]['partitions'][number];

/** Topics that are not there come last and stand nowhere, as do partitions of which a share coordinator told an error. */
export const describedShareGroups = (
  groups: readonly ShareGroupToDescribe[],
  answers: Answers,
  ends: ReadonlyMap<string, LatestOffset>,
): DescribeShareGroupOffsetsResponse => ({
  throttleTimeMs: 0,
  groups: groups.map(({ groupId, errorCode, topics }) => ({
    groupId,
    topics: topics.map(({ topicName, topicId, partitions }) => ({
      topicName,
      topicId,
      partitions: [...new Set(partitions)].map((partition) => {
        const answer = answers.get(shareKeyText({ groupId, topicId, partition }));
        return describedPartition(partition, answer, ends.get(endKey(topicName, partition)));
      }),
    })),
    ...verdictOf(errorCode),
  })),
});

function describedPartition(
  partitionIndex: number,
  answer: ShareCallAnswer | undefined,
  end: LatestOffset | undefined,
): DescribedPartition {
  const stands = standing(answer);
  if (stands === undefined || end === undefined) {
    const { startOffset = NOT_BEGUN, leaderEpoch = 0 } = answer?.errorCode === NONE ? answer : {};
    return { partitionIndex, startOffset, leaderEpoch, lag: UNKNOWN_LAG, ...verdictOf(NONE) };
  }
  const { errorCode, offset } = end;
  // Kafka fills in nothing but the error then.
  if (errorCode !== NONE)
    return { partitionIndex, startOffset: 0, leaderEpoch: 0, lag: UNKNOWN_LAG, ...verdictOf(errorCode) };
  const { startOffset, done } = stands;
  const leaderEpoch = answer?.leaderEpoch ?? 0;
  return { partitionIndex, startOffset, leaderEpoch, lag: offset - startOffset - done, ...verdictOf(NONE) };
}

const verdictOf = (errorCode: number) => ({
  errorCode,
  errorMessage: errorCode === NONE ? null : errorName(errorCode),
});
