import type { ApplicationView } from '../api/views/application.ts';
import type { TraceEvent } from '../api/trace-event.ts';
import type { Ghost, LateRecords } from './ghost.ts';
import type { Scene } from './invariant.ts';

/** After these nothing is plain and calm any more: the further rules are asked from then on. */
const FURTHER: ReadonlySet<TraceEvent['data']['type']> = new Set([
  'command',
  'transaction-changed',
  'log-cleaned',
]);

/** Takes down what nodes say that no state keeps: an application's count of late records dies with it. */
export function watchTraces({ view, ghost }: Scene): void {
  if (view.newestTrace <= ghost.trace) return;
  view.visitTraces(ghost.trace, (event) => note(ghost, view.applications, event));
  ghost.trace = view.newestTrace;
}

function note(ghost: Ghost, applications: readonly ApplicationView[], { node, data }: TraceEvent): void {
  if (FURTHER.has(data.type)) ghost.isFurther = true;
  // Its disk may hold less than it did, or nothing.
  if (data.type === 'command' && (data.act.type === 'repair-log-dir' || data.act.type === 'wipe-disk'))
    ghost.brokers.get(node)?.replicas.clear();
  if (data.type === 'log-cleaned') ghost.cleaned.add(`${node} ${data.partition}`);
  if (data.type === 'offset-reset') ghost.readers.get(node)?.next.delete(data.partition);
  if (data.type !== 'late-record-dropped') return;
  const application = applications.find(({ instances }) => instances.includes(node));
  if (application === undefined) return;
  const late: LateRecords = ghost.late.get(application.id) ?? { drops: 0, records: 0, last: new Map() };
  const last = late.last.get(data.partition) ?? -1;
  late.drops += data.records;
  late.records += data.offsets.filter((offset) => offset > last).length;
  late.last.set(data.partition, Math.max(last, data.offsets.at(-1) ?? -1));
  ghost.late.set(application.id, late);
}
