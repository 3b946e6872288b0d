import type { ProducerView } from '../../api/views/client.ts';
import type { PartitionGhost, ProducerGhost } from '../ghost.ts';
import type { Invariant, Scene } from '../invariant.ts';
import { playingInto, visitRows } from '../standing.ts';

/** A record whose sending failed for certain is in no log, and every record in a log was sent. */
export const ERROR_HONESTY: Invariant = {
  id: 22,
  name: 'ErrorHonesty',
  source: 'Jepsen, G1a and phantom reads',
  atQuiescence(scene) {
    const failed = new Map(scene.view.producers.map(({ node }) => [node, failedRows(scene, node)]));
    for (const partition of scene.ghost.partitions.values()) {
      const producers = playingInto(scene.view, partition.topic);
      if (producers.length > 0) checkPartition(this, scene, { partition, producers, failed });
    }
  },
};

/** Rows that were sent once, and refused. */
function failedRows({ ghost }: Scene, node: string): ReadonlySet<number> {
  const known = ghost.producers.get(node);
  const rows = new Set<number>();
  if (known === undefined) return rows;
  for (const outcome of known.failures)
    for (const row of outcome.rows) if (row >= known.playedBefore) rows.add(row);
  return rows;
}

interface Look {
  readonly partition: PartitionGhost;
  readonly producers: readonly ProducerView[];
  readonly failed: ReadonlyMap<string, ReadonlySet<number>>;
}

function checkPartition(invariant: Invariant, scene: Scene, { partition, producers, failed }: Look): void {
  const report = (sentence: string, offset: number): void =>
    scene.report(invariant, {
      subject: partition.name,
      sentence,
      partition: partition.name,
      offsets: [offset],
    });
  for (const batch of partition.committed) {
    let known = 0;
    visitRows(producers, batch, (producer, row) => {
      known += 1;
      if (failed.get(producer.node)?.has(row) === true)
        report(
          `Row ${row} of ${producer.node} failed for certain and stands in ${partition.name}.`,
          batch.baseOffset,
        );
      if (wasNeverSent(scene.ghost.producers.get(producer.node), row))
        report(
          `Row ${row} of ${producer.node} was never sent and stands in ${partition.name}.`,
          batch.baseOffset,
        );
    });
    if (batch.control === undefined && known < batch.records.count)
      report(
        `A record of ${partition.name} in the batch at ${batch.baseOffset} is on no tape.`,
        batch.baseOffset,
      );
  }
}

const wasNeverSent = (known: ProducerGhost | undefined, row: number): boolean =>
  known === undefined || row >= known.played;
