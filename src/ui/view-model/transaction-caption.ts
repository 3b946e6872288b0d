import type { TraceEvent } from '../../engine/api/trace-event.ts';

type TransactionEvent = Extract<
  TraceEvent['data'],
  { readonly type: 'transaction-changed' | 'marker-appended' }
>;

/** What the coordinator wrote of a transaction, by the state that it is in now. */
const WRITTEN: Readonly<Record<string, string>> = {
  Empty: 'may begin',
  Ongoing: 'is open',
  PrepareCommit: 'will commit: the outcome is stored, its markers are on their way',
  PrepareAbort: 'will abort: the outcome is stored, its markers are on their way',
  CompleteCommit: 'is committed: all its markers are written',
  CompleteAbort: 'is aborted: all its markers are written',
};

/** One sentence on a step of a transaction. */
export function transactionSentence(data: TransactionEvent, self: string): string {
  if (data.type === 'marker-appended')
    return `${self} ends the transaction of producer ${data.producerId} on ${data.partition} with ${data.marker} at offset ${data.offset}.`;
  const state = WRITTEN[data.state] ?? `is ${data.state}`;
  return `The transaction of ${data.transactionalId} ${state} (producer ${data.producerId}, epoch ${data.producerEpoch}).`;
}
