import type { Invariant } from '../invariant.ts';

/** The high watermark of the quorum's leaders never goes back: a new leader has everything that was committed. */
export const MONOTONIC_CONTROLLER_HIGH_WATERMARK: Invariant = {
  id: 5,
  name: 'MonotonicControllerHW',
  source: 'Kafka, RaftEventSimulationTest.MonotonicHighWatermark',
  onController(scene, { controller, before, sameLife }) {
    const { node, role, highWatermark, logEnd, epoch } = controller;
    const { quorum } = scene.ghost;
    const fell = sameLife && highWatermark < (before?.highWatermark ?? 0) && role !== 'down';
    const beganToLead = role === 'leader' && (before?.role !== 'leader' || before.epoch !== epoch);
    if (!fell && !(beganToLead && logEnd < quorum.highWatermark)) return;
    scene.report(this, {
      subject: 'quorum',
      sentence: fell
        ? `On ${node} the high watermark of the metadata falls from ${before?.highWatermark} to ${highWatermark}.`
        : `${node} leads quorum epoch ${epoch} with metadata up to ${logEnd}, but ${quorum.highWatermark} were committed.`,
      offsets: [highWatermark, quorum.highWatermark],
      epochs: [epoch],
    });
  },
};
