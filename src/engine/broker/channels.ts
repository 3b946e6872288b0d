import { millis } from '../base/time.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { Broker, BrokerMemory, Channel } from './broker-memory.ts';
import { limitConnection } from './connection-limits.ts';

/** Instead of a request's token: nothing is read from the connection, as it is not accepted. */
export const NOT_ACCEPTED = -1;

export const IDLE_TIMER = 'connections/idle';

const UNLIMITED = 0x7fffffff;

/** Whether anything limits who may connect. */
export const limitsConnections = ({ config, image }: BrokerMemory): boolean =>
  image.quotas.size > 0 ||
  Math.min(
    config['max.connections'],
    config['max.connections.per.ip'],
    config['max.connection.creation.rate'],
  ) < UNLIMITED ||
  config['max.connections.per.ip.overrides'] !== '';

/** A connection is noticed with its first request. */
export function openChannel(broker: Broker, connection: ConnectionId): Channel {
  const { memory, context } = broker;
  const channel = { token: 0, queue: [], mutedUntil: 0, lastActiveAt: 0 };
  memory.requests.channels.set(connection, channel);
  const maxIdleMs = memory.config['connections.max.idle.ms'];
  if (maxIdleMs >= 0 && !context.hasTimer(IDLE_TIMER)) context.setTimer(IDLE_TIMER, millis(maxIdleMs));
  if (limitsConnections(memory)) limitConnection(broker, connection, channel);
  return channel;
}
