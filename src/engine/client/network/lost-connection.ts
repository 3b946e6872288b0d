import type { TraceEventData } from '../../api/trace-event.ts';
import { millis } from '../../base/time.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { jitteredBackoff } from '../backoff.ts';
import type { BrokerConnection, Completion, Destination, NetworkClient } from './network-client.ts';

/** A connection that is gone, and why. */
export interface Loss<C> {
  readonly destination: Destination;
  readonly to: BrokerConnection<C>;
  /** The machine that it led to. */
  readonly peer: string;
  readonly error: number;
}

/** Nothing has gone over the connection for too long. It is as lost as any other: the next attempt waits. */
export function closeIdle<C>(client: NetworkClient<C>, context: NodeContext, loss: Loss<C>): Completion<C>[] {
  const data: TraceEventData = { type: 'idle-connection-closed', peer: loss.peer };
  context.trace(data);
  loss.to.established = false;
  return loseConnection(client, context, loss);
}

/** What is under way there has this error; the next attempt waits. */
export function loseConnection<C>(
  client: NetworkClient<C>,
  context: NodeContext,
  { destination, to, peer, error }: Loss<C>,
): Completion<C>[] {
  const { settings, prefix } = client;
  const data: TraceEventData = { type: 'connection-lost', peer };
  if (to.established) context.trace(data);
  const isSetUp = to.established || context.connected(to.connection);
  client.destinations.delete(to.connection);
  context.close(to.connection);
  const wait = jitteredBackoff(
    context.prng(`${prefix}:reconnect`),
    settings.config['reconnect.backoff.ms'],
    settings.config['reconnect.backoff.max.ms'],
    to.failures,
  );
  const lost = to.inFlight;
  to.connection = 0;
  to.established = false;
  to.failures += 1;
  to.setupFailures = isSetUp ? 0 : to.setupFailures + 1;
  to.notBefore = context.now() + millis(wait);
  to.inFlight = [];
  client.refresh.needed = true; // the metadata that led here may be stale (`handleServerDisconnect`)
  return lost.map((request) => ({ destination, request, error, response: undefined }));
}

/** Gives up a connection on purpose, without backoff; what is under way there is forgotten. */
export function closeConnection<C>(
  client: NetworkClient<C>,
  context: NodeContext,
  destination: Destination,
): void {
  const to = client.connections.get(destination);
  if (to === undefined || to.connection === 0) return;
  client.destinations.delete(to.connection);
  context.close(to.connection);
  to.connection = 0;
  to.established = false;
  to.inFlight = [];
}
