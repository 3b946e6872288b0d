import { ensure } from '../../base/assert.ts';
import type {
  AddPartitionsToTxnRequestTopic,
  AddPartitionsToTxnResponseResult,
} from '../../protocol/add-partitions-to-txn.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { ResponseBody } from '../../protocol/message.ts';
import { NO_PRODUCER_EPOCH, NO_PRODUCER_ID } from '../../protocol/record-batch.ts';
import type { Caller, Coordination } from './coordinator-state.ts';
import type { TxnValues } from './transaction-metadata.ts';

/** Versions from which on clients understand PRODUCER_FENCED. */
const KNOWS_FENCED: Readonly<Record<Caller['api'], number>> = {
  InitProducerId: 4,
  AddPartitionsToTxn: 2,
  AddOffsetsToTxn: 2,
  EndTxn: 2,
};

const toldTo = ({ api, version }: Caller, errorCode: number): number =>
  errorCode === ERROR_CODES.PRODUCER_FENCED && version < KNOWS_FENCED[api]
    ? ERROR_CODES.INVALID_PRODUCER_EPOCH
    : errorCode;

const producerAnswer = (
  errorCode: number,
  producer: Pick<TxnValues, 'producerId' | 'producerEpoch'> | undefined,
): ResponseBody<'InitProducerId'> => ({
  throttleTimeMs: 0,
  errorCode,
  producerId: producer?.producerId ?? NO_PRODUCER_ID,
  producerEpoch: producer?.producerEpoch ?? NO_PRODUCER_EPOCH,
});

/** Answers with an error or NONE; `producer` is who goes on. */
export function answer(
  coordination: Coordination,
  caller: Caller | null,
  code: number,
  producer?: Pick<TxnValues, 'producerId' | 'producerEpoch'>,
): void {
  if (caller === null) return;
  const errorCode = toldTo(caller, code);
  if (caller.api === 'AddPartitionsToTxn') answerPart(coordination, caller, errorCode);
  else if (caller.api === 'AddOffsetsToTxn')
    coordination.host.answer(caller.token, { throttleTimeMs: 0, errorCode });
  else coordination.host.answer(caller.token, producerAnswer(errorCode, producer));
}

/** One result for all partitions of a transaction. */
export const sameResult = (
  transactionalId: string,
  topics: readonly AddPartitionsToTxnRequestTopic[],
  errorCode: number,
): AddPartitionsToTxnResponseResult => ({
  transactionalId,
  topicResults: topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({
      partitionIndex,
      partitionErrorCode: errorCode,
    })),
  })),
});

/** An AddPartitionsToTxn is answered when all its transactions are. */
export function gather(
  { coordinator, host }: Coordination,
  { token, part }: Pick<Caller, 'token' | 'part'>,
  result: AddPartitionsToTxnResponseResult,
): void {
  const { parts } = ensure(coordinator.gatherings.get(token), 'request for several transactions');
  parts[part] = result;
  if (parts.includes(null)) return;
  coordinator.gatherings.delete(token);
  host.answer(token, { throttleTimeMs: 0, errorCode: NONE, resultsByTransaction: parts });
}

function answerPart(coordination: Coordination, caller: Caller, errorCode: number): void {
  const { transactions } = ensure(coordination.coordinator.gatherings.get(caller.token), 'request');
  const { transactionalId, topics } = ensure(transactions[caller.part], 'transaction');
  gather(coordination, caller, sameResult(transactionalId, topics, errorCode));
}
