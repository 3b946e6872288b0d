import type { BatchView } from '../../api/cluster-view.ts';
import { endOf, type Invariant } from '../invariant.ts';
import { mayBeSkipped } from '../skipping.ts';

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
      const { readCommitted } = reader;
      if (expected < first && mayBeSkipped(scene, { name, from: expected, to: first, readCommitted }))
        continue;
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
