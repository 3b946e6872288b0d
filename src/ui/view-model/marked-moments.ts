import type { TraceEvent } from '../../engine/api/trace-event.ts';
import type { NodeId } from '../../engine/api/ids.ts';
import type { SimTime } from '../../engine/base/time.ts';

/** What belongs to the beginning of every run. */
const ORDINARY: ReadonlySet<string> = new Set(['broker-registered', 'offset-reset']);
/** Failed commits of a client that follow each other within this time, in simulated µs, are one misfortune. */
const SAME_MISFORTUNE: SimTime = 2_000_000;

/** Of notable events those that deserve a mark on the time axis: a client that tries again and again gets one. */
export function markedMoments(notable: readonly TraceEvent[]): readonly TraceEvent[] {
  const failedAt = new Map<NodeId, SimTime>();
  return notable.filter(({ at, node, data }) => {
    if (data.type !== 'commit-failed') return !ORDINARY.has(data.type);
    const before = failedAt.get(node) ?? -Infinity;
    failedAt.set(node, at);
    return at - before > SAME_MISFORTUNE;
  });
}
