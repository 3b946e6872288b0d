import type { CommandAct } from '../api/command.ts';
import { topicPartition } from '../api/ids.ts';
import type { TraceEvent } from '../api/trace-event.ts';
import { notePass } from './cleaner-passes.ts';
import type { Ghost, LateRecords } from './ghost.ts';
import type { Scene } from './invariant.ts';
import { noteEnd } from './outcasts.ts';
import { noteCall } from './services.ts';

/** After these nothing is plain and calm any more: the further rules are asked from then on. */
const FURTHER: ReadonlySet<TraceEvent['data']['type']> = new Set([
  'command',
  'transaction-changed',
  'log-cleaned',
]);

/** After these somebody may be no member of a group any more. */
const ENDS: ReadonlySet<TraceEvent['data']['type']> = new Set(['command', 'crashed-at', 'member-removed']);

/** Takes down what nodes say that no state keeps: an application's count of late records dies with it. */
export function watchTraces(scene: Scene): void {
  const { view, ghost } = scene;
  if (view.newestTrace <= ghost.trace) return;
  view.visitTraces(ghost.trace, (event) => note(scene, event));
  ghost.trace = view.newestTrace;
}

function note(scene: Scene, event: TraceEvent): void {
  const { ghost, view } = scene;
  const { at, node, data } = event;
  if (data.type === 'partitions-assigned') ghost.outcasts.joined.add(node);
  if (ENDS.has(data.type)) noteEnd(ghost.outcasts, view, event);
  if (data.type === 'service-called') noteCall(ghost.services, at, data);
  if (FURTHER.has(data.type)) ghost.isFurther = true;
  // Its disk may hold less than it did, or nothing.
  if (data.type === 'command' && (data.act.type === 'repair-log-dir' || data.act.type === 'wipe-disk'))
    ghost.brokers.get(node)?.replicas.clear();
  if (data.type === 'command' && data.act.type === 'delete-records') noteDeletion(ghost, data.act);
  if (data.type === 'log-cleaned') notePass(scene, node, data);
  if (data.type === 'offset-reset') ghost.readers.get(node)?.next.delete(data.partition);
  if (data.type !== 'late-record-dropped') return;
  const application = view.applications.find(({ instances }) => instances.includes(node));
  if (application === undefined) return;
  const late: LateRecords = ghost.late.get(application.id) ?? { drops: 0, records: 0, last: new Map() };
  const last = late.last.get(data.partition) ?? -1;
  late.drops += data.records;
  late.records += data.offsets.filter((offset) => offset > last).length;
  late.last.set(data.partition, Math.max(last, data.offsets.at(-1) ?? -1));
  ghost.late.set(application.id, late);
}

/** An operator may ask to delete up to an offset, or all that is committed when it comes to it. */
function noteDeletion({ deletions }: Ghost, act: Extract<CommandAct, { type: 'delete-records' }>): void {
  const name = topicPartition(act.topic, act.partition);
  const offset = act.offset < 0 ? Infinity : act.offset;
  deletions.set(name, Math.max(deletions.get(name) ?? 0, offset));
}
