import type { BatchView, LogView } from '../../api/views/log.ts';
import type { Bytes } from '../../base/bytes.ts';
import type { PartitionGhost } from '../ghost.ts';
import type { Invariant, Scene } from '../invariant.ts';
import { endOfBatch, isAborted } from '../watch-transactions.ts';

/**
 * Below the point up to which a log was cleaned, the newest record of each key is still there at its old offset, a
 * tombstone for delete.retention.ms after a cleaner has met it; and a marker stays as long as a batch of its transaction,
 * though it may have no record any more.
 */
export const COMPACTION_KEEPS_LAST: Invariant = {
  id: 50,
  name: 'CompactionKeepsLast',
  source: 'Kafka, LogCleaner; KIP-534',
  periodically: checkCleaned,
  atQuiescence: checkCleaned,
};

function checkCleaned(this: Invariant, scene: Scene): void {
  for (const place of scene.ghost.cleaned) {
    const [node = '', name = ''] = place.split(' ');
    const log = scene.view.brokers.find((broker) => broker.node === node)?.stored(name);
    const partition = scene.ghost.partitions.get(name);
    if (log === undefined || partition === undefined) continue;
    const problem = lostKey(partition, log) ?? lostMarker(partition, log);
    if (problem === undefined) continue;
    scene.report(this, {
      subject: `${name} on ${node}`,
      sentence: `In the log of ${name} on ${node}, cleaned up to ${log.cleanedTo}, ${problem.what} at ${problem.offset} is gone.`,
      partition: name,
      offsets: [problem.offset],
    });
  }
  scene.ghost.cleaned.clear();
}

interface Lost {
  readonly what: string;
  readonly offset: number;
}

function lostKey(partition: PartitionGhost, log: LogView): Lost | undefined {
  const start = log.first?.baseOffset ?? 0;
  for (const { offset, batch, index } of newestOfKeys(partition).values()) {
    if (offset >= log.cleanedTo) continue;
    const isTombstone = batch.records.values[index] === null;
    if (isTombstone && offset < partition.passes.freeTo) continue;
    const held = log.at(offset);
    if (held === undefined || indexOf(held, offset) < 0)
      if (offset >= start || partition.committed.start === 0)
        return { what: isTombstone ? 'a young tombstone' : 'the newest record of its key', offset };
  }
  return undefined;
}

interface Newest {
  readonly offset: number;
  readonly batch: BatchView;
  readonly index: number;
}

function newestOfKeys(partition: PartitionGhost): Map<Bytes, Newest> {
  const newest = new Map<Bytes, Newest>();
  for (const batch of partition.committed) {
    if (batch.control !== undefined || isAborted(partition, batch)) continue;
    const { keys, offsetDeltas } = batch.records;
    keys.forEach((key, index) => {
      const offset = batch.baseOffset + (offsetDeltas?.[index] ?? index);
      if (key !== null) newest.set(key, { offset, batch, index });
    });
  }
  return newest;
}

const indexOf = ({ baseOffset, records }: BatchView, offset: number): number =>
  records.offsetDeltas === undefined
    ? offset - baseOffset < records.count
      ? offset - baseOffset
      : -1
    : records.offsetDeltas.indexOf(offset - baseOffset);

function lostMarker(partition: PartitionGhost, log: LogView): Lost | undefined {
  let lost: Lost | undefined;
  log.visit(0, log.cleanedTo, (batch) => {
    if (lost !== undefined || !batch.isTransactional || batch.control !== undefined) return;
    const ended = endOfBatch(partition, batch);
    if (ended === undefined || ended.last >= log.cleanedTo) return;
    const marker = log.at(ended.last);
    // Of a marker that was taken only its batch may be left.
    if (marker?.control === undefined || marker.baseOffset !== ended.last || marker.records.count === 0)
      lost = { what: `the marker of the transaction that begins at ${ended.first}`, offset: ended.last };
  });
  return lost;
}
