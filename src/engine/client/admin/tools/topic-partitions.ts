import { ERROR_CODES, NONE } from '../../../protocol/errors.ts';
import { ZERO_UUID } from '../../../protocol/uuid.ts';
import { ANY, answersOf, ask, failed, type Answer, type Question, type Told } from './tool.ts';

/** How many partitions a topic has (`Admin.describeTopics`), or what to ask or to print for want of it. */
export function countOf(told: Told, name: string): number | Question | Answer {
  const answer = answersOf(told, 'Metadata')
    .flatMap(({ topics }) => topics)
    .find((topic) => topic.name === name);
  if (answer === undefined) return askFor([{ topicId: ZERO_UUID, name }]);
  if (answer.errorCode === ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION)
    return failed(answer.errorCode, `Topic ${name} does not exist.`);
  return answer.errorCode === NONE ? answer.partitions.length : failed(answer.errorCode, null);
}

/** Null: all topics. */
export const askFor = (
  topics: readonly { readonly topicId: string; readonly name: string }[] | null,
): Question =>
  ask(ANY, 'Metadata', { topics, allowAutoTopicCreation: false, includeTopicAuthorizedOperations: false });

/** An offset of a partition, or what to ask or to print for want of it. `timestamp`: −1 latest, −2 earliest, else ms. */
export interface Sought {
  readonly topic: string;
  readonly partition: number;
  readonly timestamp: number;
}

const CONSUMER = -1;
const UNKNOWN_EPOCH = -1;

export const askOffset = ({ topic, partition, timestamp }: Sought): Question =>
  ask({ to: 'leader', topic, partition }, 'ListOffsets', {
    replicaId: CONSUMER,
    isolationLevel: 0,
    topics: [
      {
        name: topic,
        partitions: [{ partitionIndex: partition, currentLeaderEpoch: UNKNOWN_EPOCH, timestamp }],
      },
    ],
    timeoutMs: 30_000,
  });

/** Offsets that were sought one after the other, in that order; the next question, or a refusal, until all are there. */
export function offsetsOf(told: Told, sought: readonly Sought[]): readonly number[] | Question | Answer {
  const answers = answersOf(told, 'ListOffsets').map(({ topics }) => topics[0]?.partitions[0]);
  const next = sought[answers.length];
  const refused = answers.find((answer) => answer?.errorCode !== NONE);
  if (refused !== undefined) return failed(refused.errorCode, null);
  return next === undefined ? answers.map((answer) => answer?.offset ?? -1) : askOffset(next);
}
