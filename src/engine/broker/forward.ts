import { millis, type SimDuration } from '../base/time.ts';
import type { ApiName, RequestBody, ResponseMessage } from '../protocol/message.ts';
import type { Broker } from './broker-memory.ts';
import { callController, type PendingCall } from './controller-channel.ts';
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
): void {
  const { token, clientId, version } = incoming;
  const body: RequestBody<A> = incoming.body;
  const origin = Object.freeze({ clientId, version });
  callController(broker, 'forwarding', { api, body, token, origin });
}

/** The controller's answer is the broker's, and so is how long the client has to be silent. */
export function onForwarded(broker: Broker, { token }: PendingCall, message: ResponseMessage): void {
  if (token === 0) return;
  if ('throttleTimeMs' in message.body) muteFor(broker, token, message.body.throttleTimeMs);
  respond<ApiName>(broker, token, message.body);
}

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
