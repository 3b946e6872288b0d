import type { Invariant } from '../invariant.ts';

/** The start of a log moves forward only. */
export const RETENTION_ONLY_DELETE: Invariant = {
  id: 51,
  name: 'RetentionIsTheOnlyDelete',
  source: 'Kafka, UnifiedLog.maybeIncrementLogStartOffset',
  onReplica(scene, { broker, replica, before, isNew, wasCut }) {
    const { name, logStart } = replica;
    if (isNew || wasCut || logStart >= before.logStart) return;
    scene.report(this, {
      subject: name,
      sentence: `On broker ${broker.id} the log of ${name} begins at ${logStart}, where it began at ${before.logStart} before.`,
      partition: name,
      offsets: [before.logStart, logStart],
      brokers: [broker.id],
    });
  },
};
