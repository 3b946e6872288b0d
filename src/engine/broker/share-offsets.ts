import { ensure } from '../base/assert.ts';
import { shareKeyText, type ShareKey } from '../coordinator/share/share-state.ts';
import type {
  AlterShareGroupOffsetsResponse,
  DeleteShareGroupOffsetsResponse,
  DescribeShareGroupOffsetsResponse,
} from '../protocol/share-group-offsets.ts';
import { ERROR_CODES, errorName, NONE } from '../protocol/errors.ts';
import type { RequestBody } from '../protocol/message.ts';
import { ZERO_UUID, type Uuid } from '../protocol/uuid.ts';
import type { Broker } from './broker-memory.ts';
import { respond } from './requests.ts';
import type {
  ShareCall,
  ShareCallAnswer,
  ShareOffsetsApi,
  ShareOffsetsRequest,
  ShareQuestion,
} from './share-memory.ts';

/** Remembers a request until the share coordinators have answered all that it needs to know. */
export function waitForShares(
  broker: Broker,
  token: number,
  asked: ShareOffsetsRequest,
  missing: number,
): void {
  const question = { missing, answers: new Map<string, ShareCallAnswer>(), asked };
  if (missing === 0) answerQuestion(broker, token, question);
  else broker.memory.shareQuestions.set(token, question);
}

/** A share coordinator has answered for one share partition. */
export function takeShareResult(broker: Broker, { key, token }: ShareCall, answer: ShareCallAnswer): void {
  const question = broker.memory.shareQuestions.get(token);
  if (question === undefined) return;
  question.answers.set(shareKeyText(key), answer);
  question.missing -= 1;
  if (question.missing === 0) answerQuestion(broker, token, question);
}

function answerQuestion(broker: Broker, token: number, { asked, answers }: ShareQuestion): void {
  broker.memory.shareQuestions.delete(token);
  const known = (key: ShareKey): ShareCallAnswer | undefined => answers.get(shareKeyText(key));
  const response =
    asked.api === 'DescribeShareGroupOffsets'
      ? described(broker, asked.body, known)
      : asked.api === 'AlterShareGroupOffsets'
        ? altered(broker, asked.body, known)
        : deleted(broker, asked.body, [...answers]);
  respond<ShareOffsetsApi>(broker, token, response);
}

type Known = (key: ShareKey) => ShareCallAnswer | undefined;

const topicIdOf = ({ memory }: Broker, name: string): Uuid =>
  memory.image.topics.get(name)?.topicId ?? ZERO_UUID;

const verdictOf = (errorCode: number) => ({
  errorCode,
  errorMessage: errorCode === NONE ? null : errorName(errorCode),
});

const NOT_BEGUN = -1;
const UNKNOWN_LAG = -1;

/** Of all topics that are named; what nobody has begun with stands at −1. */
function described(
  broker: Broker,
  { groups }: RequestBody<'DescribeShareGroupOffsets'>,
  known: Known,
): DescribeShareGroupOffsetsResponse {
  const answers = groups.map(({ groupId, topics }) => ({
    groupId,
    topics: ensure(topics, 'topics of a group').map(({ topicName, partitions }) => ({
      topicName,
      topicId: topicIdOf(broker, topicName),
      partitions: partitions.map((partitionIndex) => {
        const key = { groupId, topicId: topicIdOf(broker, topicName), partition: partitionIndex };
        const { startOffset = NOT_BEGUN, leaderEpoch = 0, errorCode = NONE } = known(key) ?? {};
        return { partitionIndex, startOffset, leaderEpoch, lag: UNKNOWN_LAG, ...verdictOf(errorCode) };
      }),
    })),
    ...verdictOf(NONE),
  }));
  return { throttleTimeMs: 0, groups: answers };
}

function altered(
  broker: Broker,
  { groupId, topics }: RequestBody<'AlterShareGroupOffsets'>,
  known: Known,
): AlterShareGroupOffsetsResponse {
  const responses = topics.map(({ topicName, partitions }) => {
    const topicId = topicIdOf(broker, topicName);
    return {
      topicName,
      topicId,
      partitions: partitions.map(({ partitionIndex }) => {
        const answer = known({ groupId, topicId, partition: partitionIndex });
        return {
          partitionIndex,
          ...verdictOf(answer?.errorCode ?? ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION),
        };
      }),
    };
  });
  return { throttleTimeMs: 0, ...verdictOf(NONE), responses };
}

/** Topics that were deleted come before those of which nothing was known. */
function deleted(
  broker: Broker,
  { groupId, topics }: RequestBody<'DeleteShareGroupOffsets'>,
  answers: readonly (readonly [string, ShareCallAnswer])[],
): DeleteShareGroupOffsetsResponse {
  const all = topics.map(({ topicName }) => {
    const topicId = topicIdOf(broker, topicName);
    const own = answers.filter(
      ([text, { partition }]) => text === shareKeyText({ groupId, topicId, partition }),
    );
    const refused = own.find(([, { errorCode }]) => errorCode !== NONE)?.[1].errorCode;
    return { topicName, topicId, isKnown: own.length > 0, errorCode: refused ?? NONE };
  });
  const responses = [...all.filter(({ isKnown }) => isKnown), ...all.filter(({ isKnown }) => !isKnown)].map(
    ({ topicName, topicId, isKnown, errorCode }) =>
      isKnown
        ? { topicName, topicId, ...verdictOf(errorCode) }
        : { topicName, topicId: ZERO_UUID, ...nothingToDelete(topicId) },
  );
  return { throttleTimeMs: 0, ...verdictOf(NONE), responses };
}

const nothingToDelete = (topicId: Uuid) => ({
  ...verdictOf(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION),
  ...(topicId === ZERO_UUID ? {} : { errorMessage: 'There is no offset information to delete.' }),
});
