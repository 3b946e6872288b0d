import { millis, type SimDuration } from '../base/time.ts';
import type { ApiName, RequestBody, ResponseBody, ResponseMessage } from '../protocol/message.ts';
import type { Broker } from './broker-memory.ts';
import { callController, type CallOrigin, type PendingCall } from './controller-channel.ts';
import { muteFor } from './quota-hooks.ts';
import { respond, type Incoming } from './requests.ts';

/** What brokers pass on to the controller for their clients. */
export type ForwardedApi =
  | 'CreateTopics'
  | 'DeleteTopics'
  | 'CreatePartitions'
  | 'IncrementalAlterConfigs'
  | 'AlterClientQuotas'
  | 'ElectLeaders'
  | 'AlterPartitionReassignments'
  | 'AlterConfigs'
  | 'DescribeQuorum'
  | 'ListPartitionReassignments'
  | 'UnregisterBroker'
  | 'UpdateFeatures';

export const FORWARD_TIMER = 'forwarding';
const RETRY: SimDuration = millis(100);

export function forwardToController<A extends ForwardedApi>(
  broker: Broker,
  api: A,
  incoming: Incoming<A>,
  refused?: CallOrigin['refused'],
): void {
  const { token, clientId, version } = incoming;
  const body: RequestBody<A> = incoming.body;
  const origin = Object.freeze({ clientId, version, ...(refused === undefined ? {} : { refused }) });
  callController(broker, 'forwarding', { api, body, token, origin });
}

/** The controller's answer is the broker's, and so is how long the client has to be silent. */
export function onForwarded(broker: Broker, { token, origin }: PendingCall, message: ResponseMessage): void {
  if (token === 0) return;
  if ('throttleTimeMs' in message.body) muteFor(broker, token, message.body.throttleTimeMs);
  const refused = origin?.refused;
  if (refused === undefined || !('responses' in message.body)) respond<ApiName>(broker, token, message.body);
  else respond<ApiName>(broker, token, withRefused(message.body as ResponseBody<'AlterConfigs'>, refused));
}

/** The controller's answer, with what the broker had refused by itself. */
const withRefused = (
  body: ResponseBody<'IncrementalAlterConfigs'>,
  refused: NonNullable<CallOrigin['refused']>,
): ResponseBody<'IncrementalAlterConfigs'> => ({ ...body, responses: [...refused, ...body.responses] });

/** The controller may have done it or not: it is asked again, as long as the client waits. */
export function onForwardsLost({ memory, context }: Broker, lost: readonly PendingCall[]): void {
  memory.unsentForwards.push(...lost.filter(({ token }) => token !== 0));
  if (memory.unsentForwards.length > 0) context.setTimer(FORWARD_TIMER, RETRY);
}

export function resendForwards(broker: Broker): void {
  const { memory } = broker;
  const calls = memory.unsentForwards;
  memory.unsentForwards = [];
  for (const { api, body, token, origin } of calls)
    if (memory.requests.active.has(token))
      callController(broker, 'forwarding', { api, body: body as RequestBody<ApiName>, token, origin });
}
