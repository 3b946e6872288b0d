import { ensure } from '../base/assert.ts';
import { millis } from '../base/time.ts';
import { APIS, type ApiName, type RequestBody, type ResponseMessage } from '../protocol/message.ts';
import type { ConnectionId } from '../sim/event.ts';
import { nodeOfBroker, type Broker, type BrokerMemory } from './broker-memory.ts';

/** What brokers ask each other for transactions and share groups; each has its own connections, with one request under way. */
export type ChannelPurpose = 'markers' | 'verification' | 'share-state' | 'latest-offsets';

export interface BrokerChannel {
  readonly purpose: ChannelPurpose;
  readonly brokerId: number;
  /** 0 while there is none. */
  connection: ConnectionId;
  nextCorrelationId: number;
  /** An answer is waited for. */
  isBusy: boolean;
}

const TIMEOUT_TIMER = 'broker-channel/';
const keyOf = (purpose: ChannelPurpose, brokerId: number): string => `${purpose}/${brokerId}`;

function channelTo(
  { brokerChannels }: BrokerMemory,
  purpose: ChannelPurpose,
  brokerId: number,
): BrokerChannel {
  const key = keyOf(purpose, brokerId);
  let channel = brokerChannels.get(key);
  if (channel === undefined) {
    channel = { purpose, brokerId, connection: 0, nextCorrelationId: 1, isBusy: false };
    brokerChannels.set(key, channel);
  }
  return channel;
}

/** Bytes of a request without record batches, about. */
const SMALL_REQUEST = 150;

/** Sends to a broker, this one included, over a channel that is not busy. */
export function callBroker<A extends ApiName>(
  { memory, context }: Broker,
  to: Pick<BrokerChannel, 'purpose' | 'brokerId'>,
  api: A,
  body: RequestBody<A>,
): void {
  const node = ensure(nodeOfBroker(memory, to.brokerId), `machine of broker ${to.brokerId}`);
  const channel = channelTo(memory, to.purpose, to.brokerId);
  if (channel.connection === 0) channel.connection = context.connect(node);
  channel.isBusy = true;
  const correlationId = channel.nextCorrelationId++;
  const clientId = `broker-${memory.settings.brokerId}-${to.purpose}`;
  const { version } = APIS[api];
  const request = { kind: 'request', api, version, correlationId, clientId, body };
  context.send(channel.connection, request, SMALL_REQUEST);
  const timeout = millis(memory.config['request.timeout.ms']);
  context.setTimer(TIMEOUT_TIMER + keyOf(to.purpose, to.brokerId), timeout);
}

/** The channel with this connection. */
export function brokerChannelOf(
  { brokerChannels }: BrokerMemory,
  connection: ConnectionId,
): BrokerChannel | undefined {
  for (const channel of brokerChannels.values()) if (channel.connection === connection) return channel;
  return undefined;
}

/** Whether this is the answer that is waited for; then the channel is free again. */
export function takeAnswer({ context }: Broker, channel: BrokerChannel, message: ResponseMessage): boolean {
  if (!channel.isBusy || message.correlationId !== channel.nextCorrelationId - 1) return false;
  channel.isBusy = false;
  context.cancelTimer(TIMEOUT_TIMER + keyOf(channel.purpose, channel.brokerId));
  return true;
}

/** The connection is gone. Returns whether an answer was waited for that will not come. */
export function dropBrokerChannel({ context }: Broker, channel: BrokerChannel): boolean {
  const { isBusy } = channel;
  channel.connection = 0;
  channel.isBusy = false;
  context.cancelTimer(TIMEOUT_TIMER + keyOf(channel.purpose, channel.brokerId));
  return isBusy;
}

export const isBrokerChannelTimer = (name: string): boolean => name.startsWith(TIMEOUT_TIMER);

/** The other broker has not answered in time: gives the connection up. */
export function giveUpBrokerChannel({ memory, context }: Broker, timer: string): BrokerChannel | undefined {
  const channel = memory.brokerChannels.get(timer.slice(TIMEOUT_TIMER.length));
  if (channel !== undefined) context.close(channel.connection);
  return channel;
}
