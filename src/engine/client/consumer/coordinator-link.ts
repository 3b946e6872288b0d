import { millis } from '../../base/time.ts';
import { ERROR_CODES, isRetriable, NONE } from '../../protocol/errors.ts';
import type { FindCoordinatorResponse } from '../../protocol/find-coordinator.ts';
import type { ApiName, RequestBody } from '../../protocol/message.ts';
import type { SimDuration } from '../../base/time.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { leastLoadedBroker } from '../network/metadata-refresh.ts';
import { closeConnection } from '../network/lost-connection.ts';
import { coordinatorOf, isReady, NEVER, sendRequest } from '../network/network-client.ts';
import type { Consumer, ConsumerRequest } from './consumer-state.ts';
import { forgetHeartbeat } from './member/member-state.ts';
import { isDue } from './wake.ts';

const GROUP = 0;
const FIND_COORDINATOR: ConsumerRequest = Object.freeze({ type: 'find-coordinator' });

/** The consumer cannot go on. */
export function failConsumer(consumer: Consumer, error: number): void {
  if (consumer.fatalError !== NONE) return;
  consumer.fatalError = error;
  consumer.notices.push({ type: 'fatal', error });
}

/** Looks for the coordinator unless it is known. Returns whether it is. */
export function ensureCoordinator(consumer: Consumer, context: NodeContext): boolean {
  const { coordinator, network } = consumer;
  if (coordinator.broker >= 0) return true;
  if (coordinator.finding || !isDue(consumer, context, coordinator.findNotBefore)) return false;
  const destination = leastLoadedBroker(network, context);
  if (destination === undefined || !isReady(network, context, destination)) {
    retryFinding(consumer, context);
    return false;
  }
  coordinator.finding = true;
  const body = { keyType: GROUP, coordinatorKeys: [consumer.groupId] };
  sendRequest(network, context, { destination, api: 'FindCoordinator', body, context: FIND_COORDINATOR });
  return false;
}

function retryFinding(consumer: Consumer, context: NodeContext): void {
  consumer.coordinator.findNotBefore = context.now() + millis(consumer.config['retry.backoff.ms']);
  isDue(consumer, context, consumer.coordinator.findNotBefore);
}

export function handleFindCoordinator(
  consumer: Consumer,
  context: NodeContext,
  response: FindCoordinatorResponse | undefined,
): void {
  const { coordinator, membership, network } = consumer;
  coordinator.finding = false;
  const found = response?.coordinators[0];
  const error = found?.errorCode ?? ERROR_CODES.NETWORK_EXCEPTION;
  if (found === undefined || error !== NONE) {
    if (isRetriable(error)) retryFinding(consumer, context);
    else failConsumer(consumer, error);
    return;
  }
  coordinator.broker = found.nodeId;
  membership.heardAt = context.now();
  if (!network.metadata.brokers.has(found.nodeId)) network.metadata.brokers.set(found.nodeId, found.host);
}

/**
 * The broker is not the coordinator, or does not answer: look for it anew. What was under way to it is given up, as if
 * the connection had broken (`AbstractCoordinator.markCoordinatorUnknown`).
 */
export function forgetCoordinator(consumer: Consumer, context: NodeContext): void {
  const { coordinator, membership, network } = consumer;
  if (coordinator.broker < 0) return;
  const destination = coordinatorOf(coordinator.broker);
  coordinator.broker = -1;
  membership.heartbeatInFlight = false;
  if (consumer.member !== null) forgetHeartbeat(consumer.member, context.now());
  if (membership.state === 'joining' || membership.state === 'syncing') {
    membership.state = 'unjoined';
    membership.rejoinNeeded = true;
  }
  for (const commit of consumer.commits) {
    if (commit.notBefore !== NEVER) continue;
    commit.notBefore = context.now();
    commit.error = ERROR_CODES.NETWORK_EXCEPTION;
  }
  if (consumer.offsetFetchAt === NEVER) consumer.offsetFetchAt = context.now();
  closeConnection(network, context, destination);
  retryFinding(consumer, context);
}

/** Errors by which a coordinator says that it is none, or by which nobody answered. */
export const losesCoordinator = (error: number): boolean =>
  error === ERROR_CODES.NOT_COORDINATOR ||
  error === ERROR_CODES.COORDINATOR_NOT_AVAILABLE ||
  error === ERROR_CODES.NETWORK_EXCEPTION ||
  error === ERROR_CODES.REQUEST_TIMED_OUT;

export interface CoordinatorRequest<A extends ApiName> {
  readonly api: A;
  readonly body: RequestBody<A>;
  readonly context: ConsumerRequest;
  readonly timeout?: SimDuration;
}

/** Sends to the coordinator if it is known and can be reached. Returns whether it was sent. */
export function sendToCoordinator<A extends ApiName>(
  consumer: Consumer,
  context: NodeContext,
  request: CoordinatorRequest<A>,
): boolean {
  const { coordinator, network } = consumer;
  if (coordinator.broker < 0) return false;
  const destination = coordinatorOf(coordinator.broker);
  if (!isReady(network, context, destination)) {
    forgetCoordinator(consumer, context);
    return false;
  }
  sendRequest(network, context, { destination, ...request });
  return true;
}
