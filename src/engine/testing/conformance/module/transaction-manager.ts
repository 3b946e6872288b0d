import * as txn from '../../../client/producer/transaction-state.ts';
import { ERROR_CODES } from '../../../protocol/errors.ts';
import type { Adapter } from '../adapter.ts';
import { objectOf, onlyFields, textOf, UnsupportedError, type JsonObject } from '../case-file.ts';

/** `TransactionManager.State`: which state may follow which. */
export const txnTransitionAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(given, ['module', 'from'], 'given');
    const from = textOf(given.from, 'from') as txn.TxnState;
    const targets = Object.keys(objectOf(expect.legal, 'legal')) as txn.TxnState[];
    const legal = Object.fromEntries(targets.map((to) => [to, txn.mayEnter(from, to)]));
    comparison.compare({ legal }, expect);
  },
};

/** `TransactionManager`: one call of an application, in every state. */
export const txnCallAdapter: Adapter = {
  check({ given, expect }, comparison) {
    onlyFields(given, ['module', 'state', 'transactional', 'call'], 'given');
    const standing: txn.TxnStanding = {
      ...txn.newTxnStanding(given.transactional === true ? 'tx' : null),
      state: textOf(given.state, 'state') as txn.TxnState,
    };
    if (txn.hasTxnError(standing)) standing.lastError = EARLIER;
    const refusal = call(standing, textOf(given.call, 'call'));
    comparison.compare({ ...outcomeOf(refusal), state: standing.state }, expect);
  },
};

/** What no client of a scenario calls. Nothing is added to the transaction any more; it can only be ended (KIP-939). */
const prepareTransaction = (standing: txn.TxnStanding): txn.Refusal | undefined =>
  txn.checkCall(standing, 'prepareTransaction') ?? txn.transition(standing, 'PREPARED_TRANSACTION');

/** Everything begins anew with initTransactions, as after an unknown producer id before transactions version 2. */
function becomeUninitialized(standing: txn.TxnStanding, error: number): txn.Refusal | undefined {
  const refusal = txn.transition(standing, 'UNINITIALIZED');
  if (refusal === undefined) standing.lastError = error;
  return refusal;
}

const EARLIER = ERROR_CODES.UNKNOWN_SERVER_ERROR;
const NEW = ERROR_CODES.INVALID_TXN_STATE;

const outcomeOf = (refusal: txn.Refusal | undefined): JsonObject =>
  refusal === undefined ? { ok: true } : { error: refusal.exception, message: refusal.message };

function call(standing: txn.TxnStanding, name: string): txn.Refusal | undefined {
  switch (name) {
    case 'initializeTransactions':
      return txn.initializeTransactions(standing);
    case 'beginTransaction':
      return txn.beginTransaction(standing);
    case 'prepareTransaction':
      return prepareTransaction(standing);
    case 'beginCommit':
      return txn.beginCommit(standing);
    case 'beginAbort':
      return txn.beginAbort(standing);
    case 'maybeAddPartition':
      return txn.checkSend(standing, 't-0', false);
    case 'sendOffsetsToTransaction':
      return txn.checkSendOffsets(standing);
    case 'transitionToAbortableError':
      return txn.becomeAbortable(standing, NEW);
    case 'transitionToFatalError':
      return txn.becomeFatal(standing, NEW);
    case 'transitionToUninitialized':
      return becomeUninitialized(standing, NEW);
    default:
      throw new UnsupportedError(`call "${name}"`);
  }
}
