import type { Invariant } from '../invariant.ts';

/** What a controller holds to be committed is on the disks of a majority. */
export const MAJORITY_REACHED_HIGH_WATERMARK: Invariant = {
  id: 3,
  name: 'MajorityReachedHW',
  source: 'Kafka, RaftEventSimulationTest.MajorityReachedHighWatermark',
  onController(scene, { controller, before, sameLife }) {
    const { highWatermark, node } = controller;
    if (sameLife && before?.highWatermark === highWatermark) return;
    const { controllers } = scene.view;
    const holding = controllers.filter(({ logEnd }) => logEnd >= highWatermark).length;
    if (holding * 2 > controllers.length) return;
    scene.report(this, {
      subject: 'quorum',
      sentence: `${node} counts metadata up to ${highWatermark} as committed, which only ${holding} of ${controllers.length} controllers hold.`,
      offsets: [highWatermark],
    });
  },
};
