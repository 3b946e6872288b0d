import type { ApplicationView } from '../api/views/application.ts';
import type { ClusterView } from '../api/cluster-view.ts';
import { streamClientOf } from '../api/client-names.ts';
import type { NodeId } from '../api/ids.ts';
import type { TraceEventData } from '../api/trace-event.ts';

/**
 * Whether the group of an application has ever put out an instance that lives on: until it hears of it, it writes on
 * behind whoever has its tasks now, and its older counts stand last in the changelog. Only exactly-once fences it.
 */
export function hasOutcast(view: ClusterView, application: ApplicationView): boolean {
  const { id, instances, exactlyOnce } = application;
  if (exactlyOnce) return false;
  const joined = new Set<NodeId>();
  /** How many lives of an instance have ended that its group still has as members. */
  const dead = new Map<NodeId, number>();
  let found = false;
  view.visitTraces(0, ({ node, data }) => {
    if (data.type === 'partitions-assigned') joined.add(node);
    if (isKill(data) && joined.delete(node)) dead.set(node, (dead.get(node) ?? 0) + 1);
    if (data.type !== 'member-removed' || data.group !== id) return;
    const removed = instances.find((instance) => isOf(data.member, instance));
    if (removed === undefined) return;
    const left = (dead.get(removed) ?? 0) - 1;
    dead.set(removed, Math.max(0, left));
    if (left < 0) found = true;
  });
  return found;
}

/** A static member's id begins with its `group.instance.id`, which is the machine's name. */
const isOf = (member: string, instance: NodeId): boolean =>
  streamClientOf(member)?.node === instance || member.startsWith(`${instance}-`);

const KILLS: readonly string[] = ['crash', 'power-off', 'wipe-disk', 'shut-down'];

const isKill = (data: TraceEventData): boolean =>
  data.type === 'crashed-at' || (data.type === 'command' && KILLS.includes(data.act.type));
