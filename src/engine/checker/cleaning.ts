import type { Bytes } from '../base/bytes.ts';
import type { BatchView } from '../api/views/log.ts';
import type { ClusterView } from '../api/cluster-view.ts';
import type { PartitionGhost } from './ghost.ts';

/**
 * How far any replica of a partition was cleaned. What one cleaner took, others may lack too: a follower that copies
 * later copies what is left.
 */
export function cleanedTo(view: ClusterView, name: string): number {
  let furthest = 0;
  for (const broker of view.brokers) furthest = Math.max(furthest, broker.stored(name)?.cleanedTo ?? 0);
  return furthest;
}

/** Whether the cleaner has written it anew: records are missing from it, or it has a time from which they may. */
const isCleaned = ({ records, lastOffsetDelta, deleteHorizonMs }: BatchView): boolean =>
  records.count <= lastOffsetDelta || deleteHorizonMs !== undefined;

/** Whether one is what the cleaner left of the other: at every offset that both have they say the same. */
export function isLeftover(a: BatchView, b: BatchView): boolean {
  if (a.baseOffset !== b.baseOffset || a.lastOffsetDelta !== b.lastOffsetDelta) return false;
  if (a.partitionLeaderEpoch !== b.partitionLeaderEpoch || !(isCleaned(a) || isCleaned(b))) return false;
  for (let i = 0; i < a.records.count; i++) {
    const other = indexIn(b, a.records.offsetDeltas?.[i] ?? i);
    if (other < 0) continue;
    if (a.records.values[i] !== b.records.values[other] || a.records.keys[i] !== b.records.keys[other])
      return false;
  }
  return true;
}

/** Index of the record at this distance from the batch's first offset, −1 if it is not there. */
function indexIn({ records: { offsetDeltas, count } }: BatchView, delta: number): number {
  if (offsetDeltas !== undefined) return offsetDeltas.indexOf(delta);
  return delta < count ? delta : -1;
}

/** The newest committed offset of each key of a partition, looked up when it is first asked for. */
export class NewestOfKey {
  private readonly partition: PartitionGhost;
  private offsets: Map<Bytes, number> | undefined = undefined;

  constructor(partition: PartitionGhost) {
    this.partition = partition;
  }

  /** Whether a newer record of the key has made this one needless. */
  supersedes(key: Bytes | null, offset: number): boolean {
    this.offsets ??= newestOffsets(this.partition);
    return key !== null && (this.offsets.get(key) ?? -1) > offset;
  }
}

function newestOffsets({ committed }: PartitionGhost): Map<Bytes, number> {
  const offsets = new Map<Bytes, number>();
  for (const { baseOffset, records } of committed)
    for (let i = 0; i < records.count; i++) {
      const key = records.keys[i] ?? null;
      if (key !== null) offsets.set(key, baseOffset + (records.offsetDeltas?.[i] ?? i));
    }
  return offsets;
}
