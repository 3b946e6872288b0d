import type { NodeId } from '../../api/ids.ts';
import type { TaskId } from './task-id.ts';

/** What an instance has, as the group's leader tells everyone (`AssignmentInfo.partitionsByHost`, KIP-67 and KIP-535). */
export interface HostTasks {
  /** Its `application.server`. */
  readonly host: NodeId;
  readonly active: readonly TaskId[];
  readonly standby: readonly TaskId[];
}

/** What one member has. */
interface MemberTasks {
  /** Null if it told none. */
  readonly host: NodeId | null;
  readonly active: readonly TaskId[];
  readonly standby: readonly TaskId[];
}

/** Of several members on one machine there is one entry. Members without an address cannot be asked. */
export function hostTasks(members: readonly MemberTasks[]): HostTasks[] {
  const hosts = new Map<NodeId, HostTasks>();
  for (const { host, active, standby } of members) {
    if (host === null) continue;
    const known = hosts.get(host);
    hosts.set(host, {
      host,
      active: [...(known?.active ?? []), ...active],
      standby: [...(known?.standby ?? []), ...standby],
    });
  }
  return [...hosts.values()].sort((a, b) => (a.host < b.host ? -1 : 1));
}

/** What stands between commas; nothing in no text. */
export const listOf = (text: string): string[] => (text === '' ? [] : text.split(','));

/** `views-1=0_0,0_1/1_0|views-2=…`: this engine's own. */
export const encodeHosts = (hosts: readonly HostTasks[]): string =>
  hosts.map(({ host, active, standby }) => `${host}=${active.join()}/${standby.join()}`).join('|');

export const decodeHosts = (text: string): HostTasks[] =>
  (text === '' ? [] : text.split('|')).map((item) => {
    const [host = '', tasks = ''] = item.split('=');
    const [active = '', standby = ''] = tasks.split('/');
    return { host, active: listOf(active), standby: listOf(standby) };
  });
