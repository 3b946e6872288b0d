import { ensure } from '../base/assert.ts';
import type { ApiName, RequestBody, RequestMessage, ResponseBody } from '../protocol/message.ts';
import type { ConnectionId } from '../sim/event.ts';
import type { Broker } from './broker-memory.ts';
import { openChannel } from './channels.ts';
import { isFromFollower } from './fetch-read.ts';
import { withinRequestQuota } from './request-quota.ts';

/** A request that is being worked on. */
export interface Incoming<A extends ApiName = ApiName> {
  readonly token: number;
  readonly connection: ConnectionId;
  readonly version: number;
  readonly clientId: string;
  readonly body: RequestBody<A>;
}

/** About how many bytes an answer takes beside record batches. */
const SMALL_RESPONSE = 100;

/** Queues a request behind those of its connection. */
export function enqueue(broker: Broker, connection: ConnectionId, message: RequestMessage): void {
  const { channels, ready } = broker.memory.requests;
  const channel = channels.get(connection) ?? openChannel(broker, connection);
  channel.lastActiveAt = broker.context.now();
  channel.queue.push(message);
  if (channel.token === 0) ready.push(connection);
}

/** The next request of a connection that has none being worked on; takes it up. */
export function takeRequest(
  { memory, context }: Broker,
  connection: ConnectionId,
): { readonly message: RequestMessage; readonly incoming: Incoming } | undefined {
  const { requests } = memory;
  const channel = requests.channels.get(connection);
  if (channel === undefined || channel.token !== 0 || channel.mutedUntil > context.now()) return undefined;
  const message = channel.queue.shift();
  if (message === undefined) return undefined;
  const token = requests.nextToken++;
  channel.token = token;
  const { api, correlationId, version, clientId, body } = message;
  const payer = isExempt(message) ? null : clientId;
  requests.active.set(token, { connection, correlationId, api, payer, measured: null });
  return { message, incoming: { token, connection, version, clientId, body } };
}

/** What brokers ask each other takes time, but no quota of that. */
const isExempt = ({ api, body }: RequestMessage): boolean =>
  api === 'Fetch' ? isFromFollower(body) : api === 'WriteTxnMarkers';

/** Answers a request, if its connection is still there. `payloadBytes` are those of record batches in it. */
export function respond<A extends ApiName>(
  broker: Broker,
  token: number,
  body: ResponseBody<A>,
  payloadBytes = 0,
): void {
  const request = broker.memory.requests.active.get(token);
  if (request === undefined) return;
  const { connection, correlationId, api } = request;
  const limited = broker.memory.image.quotas.size > 0 ? withinRequestQuota(broker, token, body) : body;
  const message = { kind: 'response', api, correlationId, body: limited };
  broker.context.send(connection, message, SMALL_RESPONSE + payloadBytes);
  finish(broker, token);
}

/** Ends a request without an answer (Produce with acks=0). */
export function finish({ memory, context }: Broker, token: number): void {
  const { requests } = memory;
  const request = requests.active.get(token);
  if (request === undefined) return;
  requests.active.delete(token);
  const channel = ensure(requests.channels.get(request.connection), 'channel of a request');
  channel.token = 0;
  channel.lastActiveAt = context.now();
  if (channel.queue.length > 0) requests.ready.push(request.connection);
}
