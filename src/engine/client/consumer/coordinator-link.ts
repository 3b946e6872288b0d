import { isRetriable, NONE } from '../../protocol/errors.ts';
import type { FindCoordinatorResponse } from '../../protocol/find-coordinator.ts';
import type { ApiName, RequestBody } from '../../protocol/message.ts';
import { ZERO_UUID, type Uuid } from '../../protocol/uuid.ts';
import type { SimDuration } from '../../base/time.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { coordinatorOf, isReady, sendRequest } from '../network/network-client.ts';
import type { Consumer, ConsumerRequest } from './consumer-state.ts';
import { retryFinding, takeCoordinator } from './find-coordinator.ts';
import { forgetCoordinator } from './lost-coordinator.ts';

/** The consumer cannot go on. */
export function failConsumer(consumer: Consumer, error: number): void {
  if (consumer.fatalError !== NONE) return;
  consumer.fatalError = error;
  consumer.notices.push({ type: 'fatal', error });
}

export function handleFindCoordinator(
  consumer: Consumer,
  context: NodeContext,
  response: FindCoordinatorResponse | undefined,
): void {
  const error = takeCoordinator(consumer, response);
  if (error === NONE) consumer.membership.heardAt = context.now();
  else if (isRetriable(error)) retryFinding(consumer, context);
  else failConsumer(consumer, error);
}

export interface CoordinatorRequest<A extends ApiName> {
  readonly api: A;
  readonly body: RequestBody<A>;
  readonly context: ConsumerRequest;
  readonly version?: number;
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

/** The last version of OffsetCommit and of OffsetFetch that says topics by name. */
const BY_NAME = 9;

/**
 * How a request about offsets says topics: members of the classic protocol by name (`ConsumerCoordinator`), so that a topic
 * that was made anew is as good as the old one; those of the consumer protocol by id, if they know all of them
 * (`CommitRequestManager`).
 */
export function topicNaming(
  { member, network }: Consumer,
  names: readonly string[],
): {
  readonly version?: number;
  readonly nameOf: (name: string) => { readonly topicId: Uuid; readonly name?: string };
} {
  const { topics, topicErrors } = network.metadata;
  const isKnown = (name: string): boolean => topics.has(name) && !topicErrors.has(name);
  if (member === null || !names.every(isKnown))
    return { version: BY_NAME, nameOf: (name) => ({ topicId: ZERO_UUID, name }) };
  return { nameOf: (name) => ({ topicId: topics.get(name)?.topicId ?? ZERO_UUID }) };
}
