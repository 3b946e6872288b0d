import type { ApplicationView } from '../api/views/application.ts';
import { streamClientOf } from '../api/client-names.ts';
import type { ClusterView } from '../api/cluster-view.ts';
import type { NodeId } from '../api/ids.ts';
import type { TraceEvent, TraceEventData } from '../api/trace-event.ts';

/** What is known of instances that are members of their groups, from the beginning: the trace forgets. Plain data. */
export interface Outcasts {
  /** Who was given partitions in its present life. */
  readonly joined: Set<NodeId>;
  /** How many lives of an instance have ended that its group still has as members. */
  readonly dead: Map<NodeId, number>;
  /** Applications whose group has put out an instance that lived on. */
  readonly of: Set<string>;
}

/** Takes down who dies, and who is put out. */
export function noteEnd({ joined, dead, of }: Outcasts, view: ClusterView, { node, data }: TraceEvent): void {
  if (isKill(data) && joined.delete(node)) dead.set(node, (dead.get(node) ?? 0) + 1);
  if (data.type !== 'member-removed') return;
  const instances = view.applications.find(({ id }) => id === data.group)?.instances ?? [];
  const removed = instances.find((instance) => isOf(data.member, instance));
  if (removed === undefined) return;
  const left = (dead.get(removed) ?? 0) - 1;
  dead.set(removed, Math.max(0, left));
  if (left < 0) of.add(data.group);
}

/**
 * Whether the group of an application has ever put out an instance that lives on: until it hears of it, it writes on
 * behind whoever has its tasks now, and its older counts stand last in the changelog. Only exactly-once fences it.
 */
export const hasOutcast = ({ of }: Outcasts, { id, exactlyOnce }: ApplicationView): boolean =>
  !exactlyOnce && of.has(id);

/** A static member's id begins with its `group.instance.id`, which is the machine's name. */
const isOf = (member: string, instance: NodeId): boolean =>
  streamClientOf(member)?.node === instance || member.startsWith(`${instance}-`);

const KILLS: readonly string[] = ['crash', 'power-off', 'wipe-disk', 'shut-down'];

const isKill = (data: TraceEventData): boolean =>
  data.type === 'crashed-at' || (data.type === 'command' && KILLS.includes(data.act.type));
