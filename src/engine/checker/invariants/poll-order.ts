import type { BatchView } from '../../api/views/log.ts';
import type { TopicPartitionName } from '../../api/ids.ts';
import { isSameBatch, standingAt } from '../committed-log.ts';
import { endOf, type Invariant, type Poll, type Scene } from '../invariant.ts';
import { mayBeSkipped, type Stretch } from '../skipping.ts';

/**
 * While a member keeps its partitions, what it is given of each goes forward, and leaves out only markers, aborted records
 * and what retention or the cleaner took. If others were committed in place of what it was given last, it has to be given
 * those before what follows them; it may still be given what it had fetched before.
 */
export const NO_POLL_SKIP: Invariant = {
  id: 39,
  name: 'NoPollSkip',
  source: 'Jepsen, poll-skip and nonmonotonic-poll; KIP-320',
  onPoll(scene, poll) {
    visitGiven(poll, ({ stretch, batch, before }) => {
      const { name, from: expected, to: first } = stretch;
      const stood = stillStands(scene, name, before);
      if (stood ? expected === first : first < expected || !stillStands(scene, name, batch)) return;
      if (stood && expected < first && mayBeSkipped(scene, stretch)) return;
      const { node } = poll.reader;
      scene.report(this, {
        subject: `${node} ${name}`,
        sentence: stood
          ? `${node} is given ${name} at ${first}, where ${expected} was next.`
          : `${node} is given ${name} at ${first}, but not what was committed in place of what it was given before.`,
        partition: name,
        offsets: [expected, first],
      });
    });
  },
};

/** A part of a batch that a reader is given, and what it was given before. */
export interface Given {
  /** From where it was to go on to where it does. */
  readonly stretch: Stretch;
  readonly batch: BatchView;
  readonly before: BatchView;
}

/** Calls `visit` for each part that a reader is given of partitions that it was given something of before. */
export function visitGiven({ reader, known }: Poll, visit: (given: Given) => void): void {
  const { readCommitted, working } = reader;
  const next = new Map(known.next);
  const last = new Map(known.last);
  for (const { name, batch, from: index, to: end } of working) {
    const from = next.get(name);
    const before = last.get(name);
    const to = offsetOf(batch, index);
    next.set(name, end >= batch.records.count ? endOf(batch) : offsetOf(batch, end - 1) + 1);
    last.set(name, batch);
    if (from === undefined || before === undefined) continue;
    visit({ stretch: { name, from, to, readCommitted }, batch, before });
  }
}

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
