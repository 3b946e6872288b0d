import { ZERO_UUID } from '../../../protocol/uuid.ts';
import { listOf, objectOf, type Json, type JsonObject } from '../case-file.ts';

/** Until this version a client's AddPartitionsToTxn is about one transaction. */
const ONE_TRANSACTION = 3;

/** Defaults of fields that old versions of a request lack. */
const DEFAULTS: Readonly<Record<string, JsonObject>> = {
  InitProducerId: { producerId: -1, producerEpoch: -1 },
  TxnOffsetCommit: { generationIdOrMemberEpoch: -1, memberId: '', groupInstanceId: null },
  ListTransactions: { durationFilter: -1, transactionalIdPattern: null },
};

/** A request about transactions of any version in the shape of the newest. */
export function upgradeTransactionRequest(api: string, version: number, request: JsonObject): JsonObject {
  const filled = { ...DEFAULTS[api], ...request };
  if (api === 'TxnOffsetCommit') return { ...filled, topics: listOf(filled.topics, 'topics').map(offsetTopic) };
  if (api !== 'AddPartitionsToTxn' || version > ONE_TRANSACTION) return filled;
  return {
    transactions: [
      {
        transactionalId: filled.v3AndBelowTransactionalId,
        producerId: filled.v3AndBelowProducerId,
        producerEpoch: filled.v3AndBelowProducerEpoch,
        verifyOnly: false,
        topics: filled.v3AndBelowTopics,
      },
    ],
  };
}

function offsetTopic(written: Json): JsonObject {
  const topic = objectOf(written, 'topic');
  const partitions = listOf(topic.partitions, 'partitions').map((partition) => ({
    committedLeaderEpoch: -1,
    ...objectOf(partition, 'partition'),
  }));
  return { topicId: ZERO_UUID, ...topic, partitions };
}

/** An answer of the newest shape as an older version carries it. Fields that it lacks may stay. */
export function downgradeTransactionResponse(api: string, version: number, response: JsonObject): JsonObject {
  if (api !== 'AddPartitionsToTxn' || version > ONE_TRANSACTION) return response;
  const result = objectOf(listOf(response.resultsByTransaction, 'results')[0], 'result');
  return { throttleTimeMs: response.throttleTimeMs, resultsByTopicV3AndBelow: result.topicResults };
}
