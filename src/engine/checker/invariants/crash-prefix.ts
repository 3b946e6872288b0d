import type { BrokerView } from '../../api/cluster-view.ts';
import { isSameBatch } from '../committed-log.ts';
import type { SeenReplica } from '../ghost.ts';
import { endOf, type Invariant } from '../invariant.ts';

/**
 * What a broker finds on its disk when it comes back is what was there: all of it after a crash, at least what was flushed
 * after a loss of power, and nothing else.
 */
export const CRASH_PREFIX: Invariant = {
  id: 49,
  name: 'CrashPrefix',
  source: 'Kafka, LogSegment.recover',
  onReturn(scene, { broker, before }) {
    for (const [name, seen] of before.replicas) {
      const problem = problemOf(broker, name, seen, before.lostPower);
      if (problem === undefined) continue;
      scene.report(this, {
        subject: `${name} on ${broker.id}`,
        sentence: `Broker ${broker.id} comes back with a log of ${name} that ${problem}.`,
        partition: name,
        offsets: [seen.flushedEnd, seen.logEnd],
        brokers: [broker.id],
      });
    }
  },
};

function problemOf(
  broker: BrokerView,
  name: string,
  { last: before, flushedEnd, logStart, logEnd }: SeenReplica,
  lostPower: boolean,
): string | undefined {
  const stored = broker.stored(name);
  const last = stored?.last;
  if (before === undefined) return last === undefined ? undefined : 'has records, where there were none';
  // What is before the start of the log is deleted some time later.
  if (last === undefined && logStart >= endOf(before)) return undefined;
  const lastEnd = last === undefined ? 0 : endOf(last);
  // Where the cleaner left nothing of the newest batches it has seen, the newest segment says where the log ends.
  const end = stored !== undefined && stored.cleanedTo > lastEnd ? stored.end : lastEnd;
  if (end > endOf(before)) return `ends at ${end}, where it ended at ${logEnd}`;
  if (lostPower && end < flushedEnd) return `ends at ${end}, where ${flushedEnd} were flushed`;
  if (!lostPower && end < endOf(before)) return `ends at ${end}, where it ended at ${logEnd}`;
  const isOther = last !== undefined && lastEnd === endOf(before) && !isSameBatch(last, before);
  return isOther ? `has another batch at ${last.baseOffset}` : undefined;
}
