import { millis, type SimDuration } from '../base/time.ts';
import { APIS, type ApiName, type RequestBody, type ResponseMessage } from '../protocol/message.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { Broker, BrokerMemory } from './broker-memory.ts';

/**
 * A broker talks to the controller over connections of their own, because the controller works off a connection one
 * request at a time: the metadata log (whose fetches wait there), its own registration and heartbeats, changes of ISRs
 * and producer ids, and what it passes on for clients.
 */
export type ControllerChannelName = 'metadata' | 'lifecycle' | 'alter-partition' | 'forwarding';

export interface ControllerChannel {
  /** 0 while there is none. */
  connection: ConnectionId;
  nextCorrelationId: number;
  /** Requests without an answer, by correlation id; frozen. */
  readonly pending: Map<number, PendingCall>;
}

/** Tells what an answer belongs to. */
export interface PendingCall {
  readonly api: ApiName;
  readonly body: object;
  /** Token of the client's request that was passed on, 0 for none. */
  readonly token: number;
}

/** How long a request to the controller may take (`controller.quorum.request.timeout.ms`, and for the others alike). */
export const CONTROLLER_REQUEST_TIMEOUT: SimDuration = millis(30_000);

export const newControllerChannels = (): BrokerMemory['controller'] =>
  new Map(
    (['metadata', 'lifecycle', 'alter-partition', 'forwarding'] as const).map((name) => [
      name,
      { connection: 0, nextCorrelationId: 1, pending: new Map<number, PendingCall>() },
    ]),
  );

export function channelOf(memory: BrokerMemory, name: ControllerChannelName): ControllerChannel {
  const channel = memory.controller.get(name);
  if (channel === undefined) throw new Error(`no channel ${name}`);
  return channel;
}

/** Bytes of a request without record batches, about. */
const SMALL_REQUEST = 120;

/** Sends to the controller, over a new connection if there is none. */
export function callController<A extends ApiName>(
  { memory, context }: Broker,
  name: ControllerChannelName,
  call: { readonly api: A; readonly body: RequestBody<A>; readonly token?: number },
): void {
  const channel = channelOf(memory, name);
  if (channel.connection === 0) channel.connection = context.connect(memory.settings.controllerNode);
  const correlationId = channel.nextCorrelationId++;
  const { api, body, token = 0 } = call;
  channel.pending.set(correlationId, Object.freeze({ api, body, token }));
  const clientId = `broker-${memory.settings.brokerId}`;
  const { version } = APIS[api];
  context.send(
    channel.connection,
    { kind: 'request', api, version, correlationId, clientId, body },
    SMALL_REQUEST,
  );
}

/** The channel with this connection, if it goes to the controller. */
export function channelByConnection(
  memory: BrokerMemory,
  connection: ConnectionId,
): ControllerChannelName | undefined {
  for (const [name, channel] of memory.controller) if (channel.connection === connection) return name;
  return undefined;
}

/** What an answer belongs to; undefined for one that nobody waits for. */
export function settleCall(channel: ControllerChannel, message: ResponseMessage): PendingCall | undefined {
  const call = channel.pending.get(message.correlationId);
  channel.pending.delete(message.correlationId);
  return call;
}

/** The connection is gone, or given up: returns what will not be answered. */
export function resetChannel({ memory, context }: Broker, name: ControllerChannelName): PendingCall[] {
  const channel = channelOf(memory, name);
  const lost = [...channel.pending.values()];
  if (channel.connection !== 0) context.close(channel.connection);
  channel.connection = 0;
  channel.pending.clear();
  return lost;
}
