import type { BatchView } from '../../api/views/log.ts';
import type { PartitionGhost } from '../ghost.ts';
import type { Invariant, Poll, Scene } from '../invariant.ts';
import { isAborted } from '../watch-transactions.ts';

/** Who reads what is committed is given no record of an aborted transaction. */
export const NO_ABORTED_READ: Invariant = {
  id: 27,
  name: 'NoAbortedRead',
  source: 'KIP-98; Jepsen, G1a',
  onPoll(scene, poll) {
    visitRead(scene, poll, (partition, batch) => {
      if (isAborted(partition, batch)) reportRead(this, scene, { poll, partition, batch, what: 'aborted' });
    });
  },
};

/** Who reads what is committed is given no record of a transaction that is still open. */
export const NO_PRECOMMITTED_READ: Invariant = {
  id: 28,
  name: 'NoPrecommittedRead',
  source: 'KIP-98; Jepsen, precommitted-read',
  onPoll(scene, poll) {
    visitRead(scene, poll, (partition, batch) => {
      const open = partition.open.get(batch.producerId);
      if (open !== undefined && open.first <= batch.baseOffset)
        reportRead(this, scene, { poll, partition, batch, what: 'open' });
    });
  },
};

type Visit = (partition: PartitionGhost, batch: BatchView) => void;

function visitRead({ ghost }: Scene, { reader }: Poll, visit: Visit): void {
  if (!reader.readCommitted) return;
  for (const { name, batch } of reader.working) {
    const partition = batch.isTransactional ? ghost.partitions.get(name) : undefined;
    if (partition !== undefined) visit(partition, batch);
  }
}

interface Found {
  readonly poll: Poll;
  readonly partition: PartitionGhost;
  readonly batch: BatchView;
  readonly what: 'aborted' | 'open';
}

function reportRead(invariant: Invariant, scene: Scene, { poll, partition, batch, what }: Found): void {
  const { name } = partition;
  scene.report(invariant, {
    subject: `${poll.reader.node} ${name}`,
    sentence: `${poll.reader.node} reads ${name} at ${batch.baseOffset}, where the transaction of producer ${batch.producerId} is ${what}.`,
    partition: name,
    offsets: [batch.baseOffset],
    epochs: [batch.producerEpoch],
  });
}
