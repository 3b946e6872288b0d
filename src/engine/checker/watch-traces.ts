import type { ApplicationView } from '../api/cluster-view.ts';
import type { TraceEvent } from '../api/trace-event.ts';
import type { Ghost } from './ghost.ts';
import type { Scene } from './invariant.ts';

/** Takes down what applications say of records that came too late: their own count dies with them. */
export function watchTraces({ view, ghost }: Scene): void {
  if (view.newestTrace <= ghost.trace) return;
  view.visitTraces(ghost.trace, (event) => noteLate(ghost, view.applications, event));
  ghost.trace = view.newestTrace;
}

function noteLate(ghost: Ghost, applications: readonly ApplicationView[], { node, data }: TraceEvent): void {
  if (data.type !== 'late-record-dropped') return;
  const application = applications.find(({ instances }) => instances.includes(node));
  if (application !== undefined)
    ghost.late.set(application.id, (ghost.late.get(application.id) ?? 0) + data.records);
}
