import { ERROR_CODES, errorName } from '../protocol/errors.ts';
import type { ProduceResponsePartitionResponse } from '../protocol/produce.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { Broker } from './broker-memory.ts';
import { currentLeaderOf } from './current-leader.ts';
import type { Attempt } from './produce.ts';
import type { Replica } from './replica.ts';
import { trace } from './trace.ts';

interface Refusal {
  readonly topicId: Uuid;
  readonly index: number;
  readonly errorCode: number;
  readonly badRecords: readonly number[];
}

/** Errors after which the answer does not even say where the log begins. */
const SAYS_NOTHING: readonly number[] = [
  ERROR_CODES.NOT_LEADER_OR_FOLLOWER,
  ERROR_CODES.CORRUPT_MESSAGE,
  ERROR_CODES.MESSAGE_TOO_LARGE,
  ERROR_CODES.RECORD_LIST_TOO_LARGE,
  ERROR_CODES.INVALID_TOPIC_EXCEPTION,
  ERROR_CODES.INVALID_REQUIRED_ACKS,
  ERROR_CODES.UNSUPPORTED_COMPRESSION_TYPE,
  ERROR_CODES.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
  ERROR_CODES.INVALID_PRODUCER_ID_MAPPING,
];

/** A partition's answer when nothing was appended there. */
export function refused(
  broker: Broker,
  { topicId, index, errorCode, badRecords }: Refusal,
  replica: Replica | undefined,
): Attempt {
  const topic = broker.memory.image.topicNames.get(topicId);
  if (topic !== undefined)
    trace(broker, { type: 'produce-refused', partition: `${topic}-${index}`, error: errorName(errorCode) });
  const moved = errorCode === ERROR_CODES.NOT_LEADER_OR_FOLLOWER;
  const answer: ProduceResponsePartitionResponse = Object.freeze({
    index,
    errorCode,
    baseOffset: -1,
    logAppendTimeMs: -1,
    logStartOffset: SAYS_NOTHING.includes(errorCode) ? -1 : (replica?.log.logStartOffset ?? -1),
    recordErrors: badRecords.map((batchIndex) => ({ batchIndex, batchIndexErrorMessage: null })),
    errorMessage: badRecords.length > 0 ? 'One or more records have been rejected' : null,
    ...(moved ? currentLeaderOf(broker.memory, topicId, index) : {}),
  });
  return { topicId, answer, requiredOffset: -1, settled: true, replica: undefined };
}
