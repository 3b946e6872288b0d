import type { ReplicaState } from '../../api/entities/partition.ts';
import { brokerNode, topicPartition, type BrokerId } from '../../api/ids.ts';
import { checkpointedHighWatermark, checkpointedLogStart } from '../../broker/checkpoints.ts';
import { directoryCount, storedPath } from '../../broker/log-directories.ts';
import { latestEpoch } from '../../log/leader-epoch-cache.ts';
import { findLog } from '../../log/log-directory.ts';
import { readEpochs, recordsIfAny } from '../../log/log-files.ts';
import { nextOffset, type RecordBatch } from '../../protocol/record-batch.ts';
import type { DiskFile } from '../../sim/disk.ts';
import type { World } from '../world.ts';

/** What lies on a disk. */
export interface StoredFacts {
  readonly replicas: number;
  readonly bytesStored: number;
}

/** What a broker that is down will find when it comes back. */
export function storedFacts(world: World, broker: BrokerId): StoredFacts {
  const { disk } = world.slot(brokerNode(broker));
  const directories = directoryCount({ disk });
  let replicas = 0;
  let bytesStored = 0;
  for (const topic of world.image().topics.values())
    for (let partition = 0; partition < topic.partitions.length; partition++) {
      const path = findLog(disk, directories, topicPartition(topic.name, partition));
      if (path === undefined) continue;
      replicas += 1;
      bytesStored += sizeInBytes(recordsIfAny(disk, path));
    }
  return { replicas, bytesStored };
}

interface Measured {
  readonly start: number;
  readonly end: number;
  readonly last: unknown;
  readonly bytes: number;
}

/** A file that begins and ends as when it was measured is the same: only its two ends ever change. */
const measured = new WeakMap<DiskFile['entries'], Measured>();

function sizeInBytes(file: DiskFile | undefined): number {
  if (file === undefined) return 0;
  const { entries } = file;
  const { start, end } = entries;
  const last = entries.last();
  const known = measured.get(entries);
  if (known?.start === start && known.end === end && known.last === last) return known.bytes;
  let bytes = 0;
  for (let i = start; i < end; i++) bytes += (entries.at(i) as RecordBatch).sizeInBytes;
  measured.set(entries, { start, end, last, bytes });
  return bytes;
}

/** A replica as a broker that is down will find it. */
export function stateOnDisk(world: World, broker: BrokerId, name: string): ReplicaState {
  const context = world.kernel.context(brokerNode(broker));
  const path = storedPath(context.disk, name);
  const entries = recordsIfAny(context.disk, path)?.entries;
  const last = entries?.last() as RecordBatch | undefined;
  return {
    broker,
    online: false,
    role: 'none',
    logStart: checkpointedLogStart(context, path),
    highWatermark: checkpointedHighWatermark(context, path),
    logEnd: last === undefined ? 0 : nextOffset(last),
    leaderEpoch: latestEpoch(readEpochs(context.disk, path)),
  };
}
