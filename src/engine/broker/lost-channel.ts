import type { ConnectionId } from '../sim/event.ts';
import type { Broker } from './broker-memory.ts';
import { leaveAcceptor } from './connection-limits.ts';
import { forgetFetch } from './delayed-fetch.ts';
import { callerOf } from './share-bridge.ts';
import { dropShares } from './share-delivery.ts';

/** The other side is gone, or is given up: what it asked is not answered any more. */
export function loseChannel(broker: Broker, connection: ConnectionId): void {
  const token = dropChannel(broker, connection);
  forgetFetch(broker, token);
  if (broker.memory.shareSessions.size > 0) dropShares(broker, callerOf(broker), connection, token);
}

/** Returns the token of what was being worked on. */
function dropChannel(broker: Broker, connection: ConnectionId): number {
  const { requests, acceptor } = broker.memory;
  const token = requests.channels.get(connection)?.token ?? 0;
  requests.channels.delete(connection);
  requests.active.delete(token);
  if (acceptor !== null) leaveAcceptor(broker, acceptor, connection);
  return token;
}

/** Closes a connection from this side. */
export function closeChannel(broker: Broker, connection: ConnectionId): void {
  loseChannel(broker, connection);
  broker.context.close(connection);
}
