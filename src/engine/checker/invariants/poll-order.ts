import type { BatchView } from '../../api/cluster-view.ts';
import { cleanedTo } from '../cleaning.ts';
import { committedAt } from '../committed-log.ts';
import type { PartitionGhost } from '../ghost.ts';
import { endOf, type Invariant, type Poll, type Scene } from '../invariant.ts';
import { isAborted } from '../watch-transactions.ts';

/**
 * While a member keeps its partitions, what it is given of each goes forward, and leaves out only markers, aborted records
 * and what retention or the cleaner took.
 */
export const NO_POLL_SKIP: Invariant = {
  id: 39,
  name: 'NoPollSkip',
  source: 'Jepsen, poll-skip and nonmonotonic-poll',
  onPoll(scene, { reader, known }) {
    const next = new Map(known.next);
    for (const { name, batch, from, to } of reader.working) {
      const expected = next.get(name);
      const first = offsetOf(batch, from);
      next.set(name, to >= batch.records.count ? endOf(batch) : offsetOf(batch, to - 1) + 1);
      if (expected === undefined || expected === first) continue;
      if (expected < first && isGone(scene, { reader, name, from: expected, to: first })) continue;
      scene.report(this, {
        subject: `${reader.node} ${name}`,
        sentence: `${reader.node} is given ${name} at ${first}, where ${expected} was next.`,
        partition: name,
        offsets: [expected, first],
      });
    }
  },
};

const offsetOf = ({ baseOffset, records }: BatchView, index: number): number =>
  baseOffset + (records.offsetDeltas?.[index] ?? index);

interface Gap {
  readonly reader: Poll['reader'];
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Whether nothing between two offsets had to be given. */
function isGone({ view, ghost }: Scene, { reader, name, from, to }: Gap): boolean {
  const partition = ghost.partitions.get(name);
  if (partition === undefined) return true;
  const cleaned = cleanedTo(view, name);
  let offset = Math.max(from, lowestStart(view, name));
  while (offset < to) {
    const batch = committedAt(partition, offset);
    if (batch === undefined || batch.baseOffset >= to) return true;
    if (endOf(batch) > cleaned && hasToBeGiven(partition, batch, reader.readCommitted)) return false;
    offset = endOf(batch);
  }
  return true;
}

const hasToBeGiven = (partition: PartitionGhost, batch: BatchView, readCommitted: boolean): boolean =>
  batch.control === undefined && !(readCommitted && isAborted(partition, batch));

/** Where the furthest of the logs begins: the leader may have deleted so much. */
function lowestStart({ brokers }: Scene['view'], name: string): number {
  let start = 0;
  for (const { replicas } of brokers)
    for (const replica of replicas) if (replica.name === name) start = Math.max(start, replica.logStart);
  return start;
}
