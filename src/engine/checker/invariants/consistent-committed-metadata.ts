import { isSameBatch } from '../committed-log.ts';
import type { Invariant } from '../invariant.ts';

/**
 * Below their high watermarks the metadata logs of any two controllers are the same, and no broker has applied what no
 * controller holds to be committed.
 */
export const CONSISTENT_COMMITTED_METADATA: Invariant = {
  id: 4,
  name: 'ConsistentCommittedMetadata',
  source: 'Kafka, RaftEventSimulationTest.ConsistentCommittedData; MetadataLogMatching',
  onMetadataCommitted(scene, { controller, batch, standing }) {
    const isGap = standing === undefined && batch.baseOffset < scene.ghost.quorum.committedEnd;
    if (!isGap && (standing === undefined || isSameBatch(batch, standing))) return;
    scene.report(this, {
      subject: 'quorum',
      sentence: `${controller.node} has other metadata at ${batch.baseOffset} than was committed there before.`,
      offsets: [batch.baseOffset],
      epochs: [standing?.partitionLeaderEpoch ?? -1, batch.partitionLeaderEpoch],
    });
  },
  periodically(scene) {
    const { committedEnd } = scene.ghost.quorum;
    // No controller has run since these rules are asked.
    if (committedEnd === 0) return;
    for (const { id, metadataOffset } of scene.view.brokers) {
      if (metadataOffset < committedEnd) continue;
      scene.report(this, {
        subject: `broker ${id}`,
        sentence: `Broker ${id} has applied metadata up to ${metadataOffset}, and only what is before ${committedEnd} was ever committed.`,
        offsets: [metadataOffset, committedEnd],
        brokers: [id],
      });
    }
  },
};
