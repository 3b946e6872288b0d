import type { Ack } from '../ghost.ts';
import type { BatchView } from '../../api/views/log.ts';
import { committedAt, isSameBatch } from '../committed-log.ts';
import { valueIn } from '../holding.ts';
import type { ExposedBatch, Invariant, Scene, SeenAck } from '../invariant.ts';
import { endOf } from '../invariant.ts';

/**
 * An offset of a partition has one record, for ever: in all acknowledgements, and in everything that consumers could read.
 */
export const OFFSET_AGREEMENT: Invariant = {
  id: 17,
  name: 'OffsetAgreement',
  source: 'Jepsen, inconsistent-offsets',
  onExposed(scene, exposed) {
    const { batch, standing, isNews } = exposed;
    if (isNews) compareWithAck(this, scene, exposed);
    else if (standing === undefined ? isMissing(exposed) : !isSameBatch(batch, standing))
      reportChanged(this, scene, exposed);
  },
  onAck(scene, { producer, partition, ack }: SeenAck) {
    const { baseOffset, rows } = ack;
    let batch: BatchView | undefined;
    for (let i = 0; i < rows.length; i++) {
      const offset = baseOffset + i;
      if (offset >= partition.committedEnd) return;
      if (batch === undefined || offset >= endOf(batch)) batch = committedAt(partition, offset);
      if (batch === undefined || offset < batch.baseOffset) continue;
      if (valueIn(batch, offset) === producer.tape.values[rows[i] as number]) continue;
      reportAck(this, scene, { name: partition.name, ack, offset });
      return;
    }
  },
};

/** Nothing is known at these offsets although something older is: it was never seen and ought to have been. */
const isMissing = ({ partition: { committed }, batch }: ExposedBatch): boolean =>
  committed.size > 0 && batch.baseOffset >= committed.at(committed.start).baseOffset;

function compareWithAck(invariant: Invariant, scene: Scene, { partition, batch }: ExposedBatch): void {
  const ack = partition.openAcks.get(batch.baseOffset);
  if (ack === undefined) return;
  const tape = scene.view.producers.find(({ node }) => node === ack.producer)?.tape;
  const value = valueIn(batch, batch.baseOffset);
  if (tape === undefined || value === tape.values[ack.rows[0] ?? -1]) return;
  reportAck(invariant, scene, { name: partition.name, ack, offset: batch.baseOffset });
}

function reportChanged(invariant: Invariant, scene: Scene, exposed: ExposedBatch): void {
  const { broker, replica, batch, standing } = exposed;
  const { name } = replica;
  scene.report(invariant, {
    subject: name,
    sentence: `Broker ${broker.id} shows other records of ${name} at ${batch.baseOffset} than were committed there before.`,
    partition: name,
    offsets: [batch.baseOffset],
    epochs: [standing?.partitionLeaderEpoch ?? -1, batch.partitionLeaderEpoch],
    brokers: [broker.id],
  });
}

interface Disagreement {
  readonly name: string;
  readonly ack: Ack;
  readonly offset: number;
}

function reportAck(invariant: Invariant, scene: Scene, { name, ack, offset }: Disagreement): void {
  scene.report(invariant, {
    subject: name,
    sentence: `${ack.producer} was told that its record is at ${offset} of ${name}, where another one is committed.`,
    partition: name,
    offsets: [offset],
    traces: [ack.trace],
  });
}
