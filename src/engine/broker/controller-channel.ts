import { ensure } from '../base/assert.ts';
import {
  APIS,
  type ApiName,
  type RequestBody,
  type ResponseBody,
  type ResponseMessage,
} from '../protocol/message.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { Broker, BrokerMemory } from './broker-memory.ts';
import { metadataSource } from './controller-quorum.ts';

/**
 * A broker talks to the active controller over connections of their own, because the controller works off a connection one
 * request at a time: the metadata log (whose fetches wait there), its own registration and heartbeats, changes of ISRs
 * and producer ids, what it passes on for clients, and with several directories where its replicas are.
 */
export type ControllerChannelName =
  'metadata' | 'lifecycle' | 'alter-partition' | 'forwarding' | 'directories';

export interface ControllerChannel {
  /** 0 while there is none. */
  connection: ConnectionId;
  /** The controller at its other end. */
  to: number;
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
  /** Of that request; null for one of the broker's own. */
  readonly origin: CallOrigin | null;
}

/** What the controller has to know of a request that is passed on (`ForwardingManager`). */
export interface CallOrigin {
  readonly clientId: string;
  readonly version: number;
  /** What the broker has answered by itself of a change of configuration. */
  readonly refused?: ResponseBody<'IncrementalAlterConfigs'>['responses'];
}

export const newControllerChannels = (): BrokerMemory['controller'] =>
  new Map(
    (['metadata', 'lifecycle', 'alter-partition', 'forwarding'] as const).map((name) => [name, newChannel()]),
  );

export const newChannel = (): ControllerChannel => ({
  connection: 0,
  to: -1,
  nextCorrelationId: 1,
  pending: new Map(),
});

export function channelOf(memory: BrokerMemory, name: ControllerChannelName): ControllerChannel {
  const channel = memory.controller.get(name);
  if (channel === undefined) throw new Error(`no channel ${name}`);
  return channel;
}

/** Bytes of a request without record batches, about. */
const SMALL_REQUEST = 120;

/**
 * Sends to the active controller, over a new connection if there is none; metadata may come from another. While nobody
 * knows which one that is, the request waits for {@link sendWaiting}.
 */
export function callController<A extends ApiName>(
  broker: Broker,
  name: ControllerChannelName,
  call: {
    readonly api: A;
    readonly body: RequestBody<A>;
    readonly token?: number;
    readonly origin?: CallOrigin | null;
  },
): void {
  const channel = channelOf(broker.memory, name);
  const { api, body, token = 0, origin = null } = call;
  const correlationId = channel.nextCorrelationId++;
  channel.pending.set(correlationId, Object.freeze({ api, body, token, origin }));
  if (reach(broker, name)) sendCall(broker, channel, correlationId);
}

/** The active controller has become known: sends what waited for that. */
export function sendWaiting(broker: Broker, name: ControllerChannelName): void {
  const channel = channelOf(broker.memory, name);
  if (channel.connection !== 0 || channel.pending.size === 0 || !reach(broker, name)) return;
  for (const correlationId of channel.pending.keys()) sendCall(broker, channel, correlationId);
}

/** Whether there is a connection now. */
function reach({ memory, context }: Broker, name: ControllerChannelName): boolean {
  const channel = channelOf(memory, name);
  const to = name === 'metadata' ? metadataSource(memory) : memory.quorum.leaderId;
  if (name === 'metadata' && channel.connection !== 0 && channel.to !== to) {
    context.close(channel.connection);
    channel.connection = 0;
  }
  const node = memory.settings.controllers[to];
  if (channel.connection === 0 && node !== undefined) {
    channel.connection = context.connect(node);
    channel.to = to;
  }
  return channel.connection !== 0;
}

function sendCall({ memory, context }: Broker, channel: ControllerChannel, correlationId: number): void {
  const { api, body, origin } = ensure(channel.pending.get(correlationId), 'a call');
  const own = { clientId: `broker-${memory.settings.brokerId}`, version: APIS[api].version };
  const { clientId, version } = origin ?? own;
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
