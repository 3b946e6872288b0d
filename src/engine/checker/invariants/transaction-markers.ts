import type { BatchView } from '../../api/views/log.ts';
import type { Invariant, Scene } from '../invariant.ts';
import { TRANSACTION_STATE } from '../watch-transactions.ts';

/** From this version on no two transactions of a producer have the same epochs (KIP-890). */
const OWN_EPOCHS = 2;

/** All markers of a transaction say the same, in data partitions and for its offsets. */
export const TXN_ATOMICITY: Invariant = {
  id: 29,
  name: 'TxnAtomicity',
  source: 'KIP-98, KIP-890; Jepsen, torn transaction',
  onExposed(scene, { partition, batch, isNews }) {
    const { control, producerId, producerEpoch } = batch;
    const { transactions } = scene.ghost;
    if (!isNews || control === undefined || !partition.open.has(producerId)) return;
    if ((transactions.byProducer.get(producerId)?.version ?? 0) < OWN_EPOCHS) return;
    const key = `${producerId}/${producerEpoch}`;
    const known = transactions.ends.get(key);
    transactions.ends.set(key, known ?? control.type);
    if (known === undefined || known === control.type) return;
    scene.report(this, {
      subject: `transaction ${key}`,
      sentence: `A transaction of producer ${producerId} ends in ${partition.name} with ${control.type}, and elsewhere with ${known}.`,
      partition: partition.name,
      offsets: [batch.baseOffset],
      epochs: [producerEpoch],
    });
  },
  /** What a coordinator holds to be complete is complete: no part of it is still open. */
  onTransaction(scene, { before, after }) {
    if (before === undefined || !after.state.startsWith('Complete')) return;
    for (const name of before.partitions) {
      const open = scene.ghost.partitions.get(name)?.open.get(before.producerId);
      if (open === undefined || open.epoch >= before.producerEpoch) continue;
      scene.report(this, {
        subject: `transaction ${before.producerId}/${before.producerEpoch}`,
        sentence: `${after.transactionalId} counts as ${after.state}, and its transaction is still open in ${name}.`,
        partition: name,
        offsets: [open.first],
        epochs: [open.epoch],
      });
    }
  },
};

/** A marker that ends a transaction was decided on for that transaction and that partition, and stored before. */
export const MARKER_MATCHES_TXN: Invariant = {
  id: 30,
  name: 'MarkerMatchesTxn',
  source: 'KIP-890',
  onExposed(scene, { partition, batch, isNews }) {
    const { control, producerId, producerEpoch, baseOffset } = batch;
    const open = control === undefined || !isNews ? undefined : partition.open.get(producerId);
    const stored = scene.ghost.transactions.byProducer.get(producerId);
    if (open === undefined || stored === undefined || stored.version < OWN_EPOCHS) return;
    const isDecided =
      stored.producerEpoch === producerEpoch &&
      stored.state === (control?.type === 'COMMIT' ? 'PrepareCommit' : 'PrepareAbort') &&
      stored.partitions.includes(partition.name);
    if (producerEpoch > open.epoch && (isDecided || isInherited(scene, batch))) return;
    scene.report(this, {
      subject: `${partition.name} of producer ${producerId}`,
      sentence: `In ${partition.name} a ${control?.type} of epoch ${producerEpoch} ends the transaction of epoch ${open.epoch} of producer ${producerId}, whose stored state is ${stored.state} of epoch ${stored.producerEpoch}.`,
      partition: partition.name,
      offsets: [open.first, baseOffset],
      epochs: [open.epoch, producerEpoch, stored.producerEpoch],
    });
  },
};

/**
 * Whether a coordinator has found the decision in the log of the one before it, above the high watermark: it acts on that
 * at once, as Kafka's does (`TransactionStateManager.loadTransactionMetadata` reads up to the end of the log). What became
 * committed in this very event may not have been taken down yet.
 */
function isInherited({ view, ghost }: Scene, { producerId, producerEpoch, control }: BatchView): boolean {
  const state = control?.type === 'COMMIT' ? 'PrepareCommit' : 'PrepareAbort';
  let found = false;
  for (const { replicas } of view.brokers)
    for (const { topic, name, role, leaderEpoch, logEnd, records } of replicas) {
      if (topic !== TRANSACTION_STATE || role !== 'leader') continue;
      records.visit(ghost.partitions.get(name)?.committedEnd ?? 0, logEnd, (stored) => {
        if (stored.partitionLeaderEpoch >= leaderEpoch) return;
        for (const transaction of view.transactionsIn(stored))
          if (
            transaction.producerId === producerId &&
            transaction.producerEpoch === producerEpoch &&
            transaction.state === state
          )
            found = true;
      });
    }
  return found;
}
