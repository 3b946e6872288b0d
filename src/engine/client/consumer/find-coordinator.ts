import { millis } from '../../base/time.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { FindCoordinatorResponse } from '../../protocol/find-coordinator.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { leastLoadedBroker } from '../network/metadata-refresh.ts';
import { isReady, sendRequest, type NetworkClient } from '../network/network-client.ts';
import type { CoordinatorLink } from './consumer-state.ts';
import { isDue, type Waking } from './wake.ts';

const GROUP = 0;
const FIND_COORDINATOR = Object.freeze({ type: 'find-coordinator' as const });

/** A client that belongs to a group. `C` says what its requests are for. */
export interface GroupClient<C> extends Waking {
  readonly network: NetworkClient<C>;
  readonly groupId: string;
  readonly coordinator: CoordinatorLink;
  readonly config: { readonly 'retry.backoff.ms': number };
}

/** Looks for the coordinator unless it is known. Returns whether it is. */
export function ensureCoordinator<C extends { readonly type: string }>(
  client: GroupClient<C>,
  context: NodeContext,
): boolean {
  const { coordinator, network, groupId } = client;
  if (coordinator.broker >= 0) return true;
  if (coordinator.finding || !isDue(client, context, coordinator.findNotBefore)) return false;
  const destination = leastLoadedBroker(network, context);
  if (destination === undefined || !isReady(network, context, destination)) {
    retryFinding(client, context);
    return false;
  }
  coordinator.finding = true;
  const body = { keyType: GROUP, coordinatorKeys: [groupId] };
  const mark = FIND_COORDINATOR as { readonly type: string } as C;
  sendRequest(network, context, { destination, api: 'FindCoordinator', body, context: mark });
  return false;
}

export function retryFinding<C>(client: GroupClient<C>, context: NodeContext): void {
  client.coordinator.findNotBefore = context.now() + millis(client.config['retry.backoff.ms']);
  isDue(client, context, client.coordinator.findNotBefore);
}

/** Takes over the answer, undefined when it was lost. Returns why there is no coordinator, or NONE. */
export function takeCoordinator<C>(
  { coordinator, network }: GroupClient<C>,
  response: FindCoordinatorResponse | undefined,
): number {
  coordinator.finding = false;
  const found = response?.coordinators[0];
  if (found === undefined) return ERROR_CODES.NETWORK_EXCEPTION;
  if (found.errorCode !== NONE) return found.errorCode;
  coordinator.broker = found.nodeId;
  if (!network.metadata.brokers.has(found.nodeId)) network.metadata.brokers.set(found.nodeId, found.host);
  return NONE;
}

/** Errors by which a coordinator says that it is none, or by which nobody answered. */
export const losesCoordinator = (error: number): boolean =>
  error === ERROR_CODES.NOT_COORDINATOR ||
  error === ERROR_CODES.COORDINATOR_NOT_AVAILABLE ||
  error === ERROR_CODES.NETWORK_EXCEPTION ||
  error === ERROR_CODES.REQUEST_TIMED_OUT;
