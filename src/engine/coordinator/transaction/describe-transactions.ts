import type { DescribeTransactionsResponseState } from '../../protocol/describe-transactions.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { ListTransactionsRequest, ListTransactionsResponse } from '../../protocol/list-transactions.ts';
import { find, type Coordination } from './coordinator-state.ts';
import { byTopic } from './by-topic.ts';
import type { TransactionMetadata } from './transaction-metadata.ts';
import { stateFromName } from './transaction-state.ts';

/** What the coordinator knows of one transactional id. */
export function describeTransaction(
  coordination: Coordination,
  transactionalId: string,
): DescribeTransactionsResponseState {
  if (transactionalId === '') return refused(transactionalId, ERROR_CODES.INVALID_REQUEST);
  const found = find(coordination, transactionalId);
  if (!found.ok) return refused(transactionalId, found.error);
  const values = found.value.txn?.values;
  if (values === undefined) return refused(transactionalId, ERROR_CODES.TRANSACTIONAL_ID_NOT_FOUND);
  return {
    errorCode: NONE,
    transactionalId,
    transactionState: values.state,
    transactionTimeoutMs: values.timeoutMs,
    transactionStartTimeMs: values.startTimestamp,
    producerId: values.producerId,
    producerEpoch: values.producerEpoch,
    topics: byTopic(values.partitions).map(({ name, partitions }) => ({ topic: name, partitions })),
  };
}

const refused = (transactionalId: string, errorCode: number): DescribeTransactionsResponseState => ({
  errorCode,
  transactionalId,
  transactionState: '',
  transactionTimeoutMs: 0,
  transactionStartTimeMs: 0,
  producerId: 0,
  producerEpoch: 0,
  topics: [],
});

/** The transactional ids of this broker's partitions that pass the filters. */
export function listTransactions(
  { coordinator, host }: Coordination,
  request: ListTransactionsRequest,
): ListTransactionsResponse {
  const pattern = patternOf(request.transactionalIdPattern);
  const answer = { throttleTimeMs: 0, unknownStateFilters: [], transactionStates: [] };
  if (pattern === undefined) return { ...answer, errorCode: ERROR_CODES.INVALID_REGULAR_EXPRESSION };
  if (coordinator.loading.size > 0) return { ...answer, errorCode: ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS };
  const shards = [...coordinator.shards.values()].sort((a, b) => a.partition - b.partition);
  const transactions = shards.flatMap((shard) => [...shard.transactions.values()]);
  return {
    ...answer,
    errorCode: NONE,
    unknownStateFilters: request.stateFilters.filter((name) => stateFromName(name) === undefined),
    transactionStates: transactions
      .filter((txn) => isListed(txn, request, { pattern, nowMs: host.wallClockMs() }))
      .map(({ transactionalId, values }) => ({
        transactionalId,
        producerId: values.producerId,
        transactionState: values.state,
      })),
  };
}

/** Undefined for an expression that is none; null matches all. */
function patternOf(written: string | null): RegExp | null | undefined {
  if (written === null || written === '') return null;
  try {
    return new RegExp(`^(?:${written})$`, 'u');
  } catch {
    return undefined;
  }
}

function isListed(
  { transactionalId, values }: TransactionMetadata,
  { producerIdFilters, stateFilters, durationFilter }: ListTransactionsRequest,
  { pattern, nowMs }: { readonly pattern: RegExp | null; readonly nowMs: number },
): boolean {
  if (producerIdFilters.length > 0 && !producerIdFilters.includes(values.producerId)) return false;
  if (stateFilters.length > 0 && !stateFilters.includes(values.state)) return false;
  if (durationFilter >= 0 && nowMs - values.startTimestamp <= durationFilter) return false;
  return pattern?.test(transactionalId) ?? true;
}
