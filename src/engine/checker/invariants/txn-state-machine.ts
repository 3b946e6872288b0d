import type { TransactionView } from '../../api/views/group.ts';
import type { Invariant } from '../invariant.ts';

const SETTLED: readonly string[] = ['Empty', 'CompleteCommit', 'CompleteAbort'];

/** What may be stored before each state; '' stands for nothing, or an id that was forgotten. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  '': ['', ...SETTLED],
  Empty: ['', ...SETTLED],
  Ongoing: ['Ongoing', ...SETTLED],
  PrepareCommit: ['Ongoing'],
  PrepareAbort: ['Ongoing', ...SETTLED],
  CompleteCommit: ['PrepareCommit'],
  CompleteAbort: ['PrepareAbort'],
};

/** What coordinators store of a transactional id follows the states of a transaction, and its epochs never fall. */
export const TXN_STATE_MACHINE: Invariant = {
  id: 33,
  name: 'TxnStateMachine',
  source: 'Kafka, TransactionMetadata.validPreviousStates',
  onTransaction(scene, { before, after }) {
    const problem = problemOf(before, after);
    if (problem === undefined) return;
    scene.report(this, {
      subject: after.transactionalId,
      sentence: `Of ${after.transactionalId} is stored ${tell(after)} after ${tell(before)}: ${problem}.`,
      epochs: [before?.producerEpoch ?? -1, after.producerEpoch],
    });
  },
};

const tell = (stored: TransactionView | undefined): string =>
  stored === undefined ? 'nothing' : `${stored.state || 'nothing'} of epoch ${stored.producerEpoch}`;

function problemOf(before: TransactionView | undefined, after: TransactionView): string | undefined {
  const from = before?.state ?? '';
  const isRepeated = from === after.state && before?.producerEpoch === after.producerEpoch;
  if (!isRepeated && BEFORE[after.state]?.includes(from) !== true) return 'no transaction goes so';
  const sameProducer = before !== undefined && before.producerId === after.producerId;
  return sameProducer && after.producerEpoch < before.producerEpoch ? 'the epoch falls' : undefined;
}
