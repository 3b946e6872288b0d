import { ERROR_CODES, NONE } from '../../protocol/errors.ts';

/** What a transactional producer is doing (`TransactionManager.State`). */
export type TxnState =
  | 'UNINITIALIZED'
  | 'INITIALIZING'
  | 'READY'
  | 'IN_TRANSACTION'
  | 'PREPARED_TRANSACTION'
  | 'COMMITTING_TRANSACTION'
  | 'ABORTING_TRANSACTION'
  | 'ABORTABLE_ERROR'
  | 'FATAL_ERROR';

/** From where each state may be entered; FATAL_ERROR from anywhere. */
const SOURCES: Readonly<Record<Exclude<TxnState, 'FATAL_ERROR'>, readonly TxnState[]>> = {
  UNINITIALIZED: ['READY', 'ABORTABLE_ERROR'],
  INITIALIZING: ['UNINITIALIZED', 'COMMITTING_TRANSACTION', 'ABORTING_TRANSACTION'],
  READY: ['INITIALIZING', 'COMMITTING_TRANSACTION', 'ABORTING_TRANSACTION'],
  IN_TRANSACTION: ['READY'],
  PREPARED_TRANSACTION: ['IN_TRANSACTION', 'INITIALIZING'],
  COMMITTING_TRANSACTION: ['IN_TRANSACTION', 'PREPARED_TRANSACTION'],
  ABORTING_TRANSACTION: ['IN_TRANSACTION', 'PREPARED_TRANSACTION', 'ABORTABLE_ERROR'],
  ABORTABLE_ERROR: ['IN_TRANSACTION', 'COMMITTING_TRANSACTION', 'ABORTABLE_ERROR', 'INITIALIZING'],
};

export const mayEnter = (from: TxnState, to: TxnState): boolean =>
  to === 'FATAL_ERROR' || SOURCES[to].includes(from);

/** Where a transactional producer stands, and who it is. */
export interface TxnStanding {
  /** Null for a producer without transactions. */
  readonly transactionalId: string | null;
  state: TxnState;
  /** The code by which it came into an error state. */
  lastError: number;
  /** The call whose outcome its caller has not heard yet; no other may be made before. */
  pendingCall: TxnCall | null;
}

/** Calls that wait for the coordinator. */
export type TxnCall = 'initTransactions' | 'commitTransaction' | 'abortTransaction';

export const newTxnStanding = (transactionalId: string | null): TxnStanding => ({
  transactionalId,
  state: 'UNINITIALIZED',
  lastError: NONE,
  pendingCall: null,
});

/** A call that was not carried out, and the exception that tells an application of it. */
export interface Refusal {
  readonly exception:
    'IllegalStateException' | 'KafkaException' | 'ProducerFencedException' | 'InvalidProducerEpochException';
  readonly message: string;
}

const illegal = (message: string): Refusal => ({ exception: 'IllegalStateException', message });

/** Enters a state; error states hold the code of their error. */
export function transition(standing: TxnStanding, to: TxnState, error: number = NONE): Refusal | undefined {
  const { transactionalId, state } = standing;
  if (!mayEnter(state, to)) {
    const who = transactionalId === null ? '' : `TransactionalId ${transactionalId}: `;
    return illegal(`${who}Invalid transition attempted from state ${state} to state ${to}`);
  }
  standing.state = to;
  standing.lastError = error;
  return undefined;
}

export const hasTxnError = ({ state }: TxnStanding): boolean =>
  state === 'ABORTABLE_ERROR' || state === 'FATAL_ERROR';

function errorState(standing: TxnStanding): Refusal | undefined {
  if (!hasTxnError(standing)) return undefined;
  const who = `Producer with transactionalId '${standing.transactionalId ?? ''}'`;
  switch (standing.lastError) {
    case ERROR_CODES.PRODUCER_FENCED:
      return {
        exception: 'ProducerFencedException',
        message: `${who} has been fenced by another producer with the same transactionalId`,
      };
    case ERROR_CODES.INVALID_PRODUCER_EPOCH:
      return {
        exception: 'InvalidProducerEpochException',
        message: `${who} attempted to produce with an old epoch`,
      };
    default:
      return {
        exception: 'KafkaException',
        message: 'Cannot execute transactional method because we are in an error state',
      };
  }
}

const notTransactional = ({ transactionalId }: TxnStanding): Refusal | undefined =>
  transactionalId === null
    ? illegal('Transactional method invoked on a non-transactional producer.')
    : undefined;

function otherCallPending({ pendingCall }: TxnStanding, call: string): Refusal | undefined {
  if (pendingCall === null || pendingCall === call) return undefined;
  return illegal(
    `Cannot attempt operation \`${call}\` because the previous call to \`${pendingCall}\` timed out and must be retried`,
  );
}

/** A call that waits for the coordinator; repeated before its outcome is told it changes nothing. */
function beginCall(
  standing: TxnStanding,
  call: TxnCall,
  enter: () => Refusal | undefined,
): Refusal | undefined {
  const refusal = notTransactional(standing) ?? otherCallPending(standing, call);
  if (refusal !== undefined || standing.pendingCall === call) return refusal;
  const notEntered = enter();
  if (notEntered === undefined) standing.pendingCall = call;
  return notEntered;
}

export const initializeTransactions = (standing: TxnStanding): Refusal | undefined =>
  errorState(standing) ?? beginCall(standing, 'initTransactions', () => transition(standing, 'INITIALIZING'));

export const beginCommit = (standing: TxnStanding): Refusal | undefined =>
  beginCall(
    standing,
    'commitTransaction',
    () => errorState(standing) ?? transition(standing, 'COMMITTING_TRANSACTION'),
  );

/** The way out of an abortable error. */
export const beginAbort = (standing: TxnStanding): Refusal | undefined =>
  beginCall(standing, 'abortTransaction', () => {
    const refusal = standing.state === 'ABORTABLE_ERROR' ? undefined : errorState(standing);
    return refusal ?? transition(standing, 'ABORTING_TRANSACTION');
  });

/** Whether a call that does not wait may be made now. */
export const checkCall = (standing: TxnStanding, call: string): Refusal | undefined =>
  notTransactional(standing) ?? otherCallPending(standing, call) ?? errorState(standing);

export const beginTransaction = (standing: TxnStanding): Refusal | undefined =>
  checkCall(standing, 'beginTransaction') ?? transition(standing, 'IN_TRANSACTION');

/** Whether offsets may go with the transaction now. */
export function checkSendOffsets(standing: TxnStanding): Refusal | undefined {
  const refusal = checkCall(standing, 'sendOffsetsToTransaction');
  if (refusal !== undefined || standing.state === 'IN_TRANSACTION') return refusal;
  return illegal(`Cannot send offsets if a transaction is not in progress (currentState= ${standing.state})`);
}

/** Whether a record for this partition, or topic while no partition is chosen, may be taken now. */
export function checkSend(
  standing: TxnStanding,
  partition: string,
  hasProducerId: boolean,
): Refusal | undefined {
  const refusal = errorState(standing) ?? otherCallPending(standing, 'send');
  if (refusal !== undefined || standing.transactionalId === null) return refusal;
  const what = `Cannot add partition ${partition} to transaction`;
  if (!hasProducerId) return illegal(`${what} before completing a call to initTransactions`);
  if (standing.state === 'IN_TRANSACTION') return undefined;
  return illegal(`${what} while in state  ${standing.state}`);
}

/** Something failed that an abort can mend. An abort under way already does. */
export const becomeAbortable = (standing: TxnStanding, error: number): Refusal | undefined =>
  standing.state === 'ABORTING_TRANSACTION' ? undefined : transition(standing, 'ABORTABLE_ERROR', error);

/** The producer can only be closed now. */
export const becomeFatal = (standing: TxnStanding, error: number): Refusal | undefined =>
  transition(standing, 'FATAL_ERROR', error);
