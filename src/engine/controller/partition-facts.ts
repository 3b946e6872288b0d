import { topicPartition } from '../api/ids.ts';
import type { TraceEventData } from '../api/trace-event.ts';
import type { MetadataDelta, PartitionDelta } from '../metadata/metadata-delta.ts';

/** What happened to partitions that were there before: who leads now, who is in sync now. */
export function partitionFacts(delta: MetadataDelta): TraceEventData[] {
  return [...delta.partitions.values()].flatMap(factsOf);
}

function factsOf({ topic, partition: index, before, after }: PartitionDelta): TraceEventData[] {
  if (before === undefined || after === undefined) return [];
  const partition = topicPartition(topic, index);
  const facts: TraceEventData[] = [];
  if (after.leader !== before.leader)
    facts.push({
      type: 'leader-elected',
      partition,
      from: before.leader,
      to: after.leader,
      leaderEpoch: after.leaderEpoch,
      unclean: after.leader >= 0 && !before.isr.includes(after.leader) && !before.elr.includes(after.leader),
    });
  if (after.isr !== before.isr)
    facts.push({ type: 'isr-changed', partition, before: before.isr, after: after.isr });
  return facts;
}
