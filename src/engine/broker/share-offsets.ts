import { shareKeyText, type ShareKey } from '../coordinator/share/share-state.ts';
import type {
  AlterShareGroupOffsetsResponse,
  DeleteShareGroupOffsetsResponse,
} from '../protocol/share-group-offsets.ts';
import { ERROR_CODES, errorName, NONE } from '../protocol/errors.ts';
import type { RequestBody } from '../protocol/message.ts';
import { ZERO_UUID, type Uuid } from '../protocol/uuid.ts';
import type { Broker } from './broker-memory.ts';
import { askLatestOffsets, type LatestOffset, type SettledEnds } from './latest-offsets.ts';
import { respond } from './requests.ts';
import { describedShareGroups, endKey, laggingPartitions } from './share-descriptions.ts';
import type {
  ShareCall,
  ShareCallAnswer,
  ShareGroupToDescribe,
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
  const question: ShareQuestion = { missing, answers: new Map(), ends: new Map(), asked };
  if (missing === 0) answerQuestion(broker, token, question);
  else broker.memory.shareQuestions.set(token, question);
}

/** A share coordinator has answered for one share partition. */
export function takeShareResult(broker: Broker, { key, token }: ShareCall, answer: ShareCallAnswer): void {
  const question = broker.memory.shareQuestions.get(token);
  if (question === undefined) return;
  question.answers.set(shareKeyText(key), answer);
  question.missing -= 1;
  if (question.missing > 0) return;
  if (question.asked.api === 'DescribeShareGroupOffsets')
    askEnds(broker, token, question, question.asked.groups);
  else answerQuestion(broker, token, question);
}

/** The share coordinators have said where groups stand; leaders say how far their partitions go. */
function askEnds(
  broker: Broker,
  token: number,
  question: ShareQuestion,
  groups: readonly ShareGroupToDescribe[],
): void {
  const { asked, known } = askLatestOffsets(broker, token, laggingPartitions(groups, question.answers));
  noteEnds(question, known);
  question.missing = asked;
  if (asked === 0) answerQuestion(broker, token, question);
}

function noteEnds({ ends }: ShareQuestion, told: readonly LatestOffset[]): void {
  for (const end of told) ends.set(endKey(end.topic, end.partition), end);
}

/** A leader has answered, or is given up. */
export function takeEnds(broker: Broker, settled: SettledEnds | undefined): void {
  const question = settled && broker.memory.shareQuestions.get(settled.token);
  if (settled === undefined || question === undefined) return;
  noteEnds(question, settled.ends);
  question.missing -= 1;
  if (question.missing === 0) answerQuestion(broker, settled.token, question);
}

function answerQuestion(broker: Broker, token: number, { asked, answers, ends }: ShareQuestion): void {
  broker.memory.shareQuestions.delete(token);
  const known = (key: ShareKey): ShareCallAnswer | undefined => answers.get(shareKeyText(key));
  const response =
    asked.api === 'DescribeShareGroupOffsets'
      ? describedShareGroups(asked.groups, answers, ends)
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
