import type { NodeId } from '../../api/ids.ts';
import type { SimTime } from '../../base/time.ts';
import type { BrokerMemory } from '../../broker/broker-memory.ts';
import type { SimEvent } from '../../sim/event.ts';
import type { Kernel } from '../../sim/kernel.ts';
import { peerOf } from '../../sim/network.ts';

/** When the oldest message of this node that has not arrived was sent; Infinity if there is none. */
export function oldestUnderWayAt({ state }: Kernel, node: NodeId): SimTime {
  let oldest = Infinity;
  const look = (event: SimEvent): void => {
    if (event.kind === 'deliver' && event.name === node) oldest = Math.min(oldest, event.sentAt);
  };
  state.queue.all().forEach(look);
  for (const link of state.network.links.values()) link.held.forEach(look);
  for (const slot of state.nodes.values()) slot.deferred.forEach(look);
  return waitsAtBroker(state, node) ? 0 : oldest;
}

/** A request has arrived and stands behind another one that is being worked on. */
function waitsAtBroker({ nodes, network }: Kernel['state'], node: NodeId): boolean {
  for (const { id, program, memory } of nodes.values()) {
    if (program !== 'broker' || memory === undefined) continue;
    for (const [connectionId, { queue }] of (memory as BrokerMemory).requests.channels) {
      const connection = queue.length === 0 ? undefined : network.connections.get(connectionId);
      if (connection !== undefined && peerOf(connection, id) === node) return true;
    }
  }
  return false;
}
