import type { BatchView } from '../../api/views/log.ts';
import type { SliceView } from '../../api/views/client.ts';
import { isSameBatch, standingAt } from '../committed-log.ts';
import type { Invariant } from '../invariant.ts';
import { endOf } from '../invariant.ts';

/** What an application is given at an offset is what was committed there, whoever reads it and however often. */
export const CONSISTENT_READ: Invariant = {
  id: 18,
  name: 'ConsistentRead',
  source: 'KIP-320; KIP-966; Vanlightly, kafka-tlaplus',
  onPoll(scene, { reader }) {
    for (const { name, batch } of reader.working) {
      const partition = scene.ghost.partitions.get(name);
      const standing = partition === undefined ? undefined : standingAt(partition, batch);
      if (standing === undefined || isSameBatch(batch, standing)) continue;
      scene.report(this, {
        subject: name,
        sentence: `${reader.node} reads other records of ${name} at ${batch.baseOffset} than were committed there.`,
        partition: name,
        offsets: [batch.baseOffset],
        epochs: [standing.partitionLeaderEpoch, batch.partitionLeaderEpoch],
      });
    }
  },
};

/** Nothing is given to an application that was never below a high watermark. */
export const FETCH_ONLY_BELOW_HIGH_WATERMARK: Invariant = {
  id: 19,
  name: 'FetchOnlyBelowHW',
  source: 'Kafka, Partition.fetchRecords',
  onPoll(scene, { reader }) {
    for (const { name, batch, to } of reader.working) {
      const end = scene.ghost.partitions.get(name)?.committedEnd ?? 0;
      const after = afterLast({ batch, to });
      if (after <= end) continue;
      scene.report(this, {
        subject: name,
        sentence: `${reader.node} reads ${name} up to ${after}, where only ${end} were committed.`,
        partition: name,
        offsets: [after, end],
      });
    }
  },
};

const afterLast = ({ batch, to }: Pick<SliceView, 'batch' | 'to'>): number =>
  to >= batch.records.count ? endOf(batch) : batch.baseOffset + deltaAt(batch, to - 1) + 1;

const deltaAt = ({ records }: BatchView, index: number): number => records.offsetDeltas?.[index] ?? index;
