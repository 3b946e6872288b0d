import { atCuts, noteCompleted } from '../application-cuts.ts';
import type { Invariant, Scene } from '../invariant.ts';

/**
 * What an application tells whoever reads what is committed, it tells once: of each window every count is higher than the
 * one before, and the last one is the count.
 */
export const EXACTLY_ONCE_OUTPUT: Invariant = {
  id: 45,
  name: 'ExactlyOnceOutput',
  source: 'Kafka Streams, EosTestDriver; KIP-447',
  onTransaction(scene, { after }) {
    if (noteCompleted(scene, after)) checkOutput.call(this, scene);
  },
  atQuiescence: checkOutput,
};

function checkOutput(this: Invariant, scene: Scene): void {
  atCuts(scene, (application, { output }, book) => {
    const { repeated, changed, told, counts } = book;
    if (output === undefined) return;
    if (repeated !== undefined)
      scene.report(this, {
        subject: `${application.id} ${repeated.name}`,
        sentence: `${application.id} tells a count of ${repeated.count} in ${repeated.name} at ${repeated.offset}, where ${repeated.before} had been told.`,
        partition: repeated.name,
        offsets: [repeated.offset],
      });
    const differing = [...changed].filter((window) => told.get(window) !== counts.get(window));
    changed.clear();
    if (differing.length === 0) return;
    scene.report(this, {
      subject: application.id,
      sentence: `Of ${differing.length} windows ${application.id} has committed another count than it has told in ${output}.`,
    });
  });
}
