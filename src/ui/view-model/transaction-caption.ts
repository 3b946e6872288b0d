import type { TraceEvent } from '../../engine/api/trace-event.ts';
import type { Names } from './caption.ts';

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

/** Why a transaction is aborted, and who loses by it. */
const ABORTS: Readonly<Record<'asked' | 'timed out' | 'taken over', (id: string) => string>> = {
  asked: (id) => `The producer of ${id} has its transaction aborted: readers of what is committed skip it.`,
  'timed out': (id) =>
    `The transaction of ${id} was open for longer than transaction.timeout.ms: its coordinator aborts it and fences the producer off.`,
  'taken over': (id) =>
    `A producer begins anew as ${id}: the coordinator aborts the transaction that was open and fences its producer off.`,
};

/** One sentence on a step of a transaction. */
export function transactionSentence(data: TransactionEvent, self: string, names: Names): string {
  if (data.type === 'marker-appended')
    return `${self} ends the transaction of ${names.writer?.(data.producerId) ?? `producer id ${data.producerId}`} on ${data.partition} with ${data.marker} at offset ${data.offset}.`;
  const id = names.transaction?.(data.transactionalId) ?? data.transactionalId;
  if (data.reason !== undefined) return ABORTS[data.reason](id);
  const state = WRITTEN[data.state] ?? `is ${data.state}`;
  return `The transaction of ${id} ${state} (producer id ${data.producerId}, epoch ${data.producerEpoch}).`;
}
