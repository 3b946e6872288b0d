import type { BatchView } from '../../api/cluster-view.ts';
import type { TopicPartitionName } from '../../api/ids.ts';
import { isSameBatch, standingAt } from '../committed-log.ts';
import { endOf, type Invariant, type Scene } from '../invariant.ts';
import { mayBeSkipped } from '../skipping.ts';

/**
 * While a member keeps its partitions, what it is given of each goes forward, and leaves out only markers, aborted records
 * and what retention or the cleaner took. If others were committed in place of what it was given last, it has to be given
 * those before what follows them; it may still be given what it had fetched before.
 */
export const NO_POLL_SKIP: Invariant = {
  id: 39,
  name: 'NoPollSkip',
  source: 'Jepsen, poll-skip and nonmonotonic-poll; KIP-320',
  onPoll(scene, { reader, known }) {
    const next = new Map(known.next);
    const last = new Map(known.last);
    for (const slice of reader.working) {
      const { name, batch, from, to } = slice;
      const expected = next.get(name);
      const before = last.get(name);
      const first = offsetOf(batch, from);
      next.set(name, to >= batch.records.count ? endOf(batch) : offsetOf(batch, to - 1) + 1);
      last.set(name, batch);
      if (expected === undefined || before === undefined) continue;
      const stood = stillStands(scene, name, before);
      if (stood ? expected === first : first < expected || !stillStands(scene, name, batch)) continue;
      const { readCommitted } = reader;
      if (
        stood &&
        expected < first &&
        mayBeSkipped(scene, { name, from: expected, to: first, readCommitted })
      )
        continue;
      scene.report(this, {
        subject: `${reader.node} ${name}`,
        sentence: stood
          ? `${reader.node} is given ${name} at ${first}, where ${expected} was next.`
          : `${reader.node} is given ${name} at ${first}, but not what was committed in place of what it was given before.`,
        partition: name,
        offsets: [expected, first],
      });
    }
  },
};

/** Whether a batch is committed now; what was forgotten, or its beginning, counts as if it were. */
function stillStands({ ghost }: Scene, name: TopicPartitionName, batch: BatchView): boolean {
  const partition = ghost.partitions.get(name);
  if (partition === undefined) return true;
  if (batch.baseOffset >= partition.committedEnd) return false;
  const standing = standingAt(partition, batch);
  return standing === undefined || isSameBatch(batch, standing);
}

const offsetOf = ({ baseOffset, records }: BatchView, index: number): number =>
  baseOffset + (records.offsetDeltas?.[index] ?? index);
