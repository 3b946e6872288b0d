import type { ApplicationView } from '../api/cluster-view.ts';
import type { TraceEvent } from '../api/trace-event.ts';
import type { Ghost, LateGhost } from './ghost.ts';
import type { Scene } from './invariant.ts';

/** Takes down what applications say of records that came too late: their own count dies with them. */
export function watchTraces({ view, ghost }: Scene): void {
  if (view.newestTrace <= ghost.trace) return;
  view.visitTraces(ghost.trace, (event) => noteLate(ghost, view.applications, event));
  ghost.trace = view.newestTrace;
}

function noteLate(ghost: Ghost, applications: readonly ApplicationView[], { node, data }: TraceEvent): void {
  if (data.type !== 'late-record-dropped' && data.type !== 'task-created') return;
  const application = applications.find(({ instances }) => instances.includes(node));
  if (application === undefined) return;
  const late = lateGhost(ghost, application.id);
  const task = `${node}/${data.task}`;
  if (data.type === 'task-created') {
    late.said.delete(task);
    return;
  }
  const before = late.said.get(task) ?? 0;
  late.total += data.dropped > before ? data.dropped - before : data.dropped;
  late.said.set(task, data.dropped);
}

function lateGhost(ghost: Ghost, application: string): LateGhost {
  let late = ghost.late.get(application);
  if (late === undefined) {
    late = { total: 0, said: new Map() };
    ghost.late.set(application, late);
  }
  return late;
}
