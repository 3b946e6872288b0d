/** By id, as `__transaction_state` keeps them; the names are those that DescribeTransactions tells. */
const STATES = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
] as const;

/**
 * How far a transaction has come (Kafka's `TransactionState`). Dead and PrepareEpochFence only ever are pending: an id
 * that expires, and an epoch that is about to be fenced off.
 */
export type TransactionState = (typeof STATES)[number];

const ENDED: readonly TransactionState[] = ['Empty', 'CompleteCommit', 'CompleteAbort'];

/** From where each state may be entered. */
export const VALID_PREVIOUS_STATES: Readonly<Record<TransactionState, readonly TransactionState[]>> = {
  Empty: ENDED,
  Ongoing: ['Ongoing', ...ENDED],
  PrepareCommit: ['Ongoing'],
  PrepareAbort: ['Ongoing', 'PrepareEpochFence', ...ENDED],
  CompleteCommit: ['PrepareCommit'],
  CompleteAbort: ['PrepareAbort'],
  Dead: ENDED,
  PrepareEpochFence: ['Ongoing'],
};

export const stateId = (state: TransactionState): number => STATES.indexOf(state);

export const stateFromId = (id: number): TransactionState | undefined => STATES[id];

export const stateFromName = (name: string): TransactionState | undefined =>
  STATES.find((state) => state === name);

/** Nothing is open: the transactional id may expire. */
export const isEnded = (state: TransactionState): boolean => ENDED.includes(state);

/** The outcome is decided, and markers are being written. */
export const isPrepared = (state: TransactionState): boolean =>
  state === 'PrepareCommit' || state === 'PrepareAbort';
