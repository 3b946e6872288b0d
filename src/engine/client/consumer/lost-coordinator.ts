import { ERROR_CODES } from '../../protocol/errors.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { closeConnection } from '../network/lost-connection.ts';
import { coordinatorOf, NEVER } from '../network/network-client.ts';
import type { Consumer } from './consumer-state.ts';
import { retryFinding, type GroupClient } from './find-coordinator.ts';
import { forgetHeartbeat } from './member/member-state.ts';

/** Gives up what was under way to the coordinator, and looks for it anew. */
export function loseCoordinator<C>(client: GroupClient<C>, context: NodeContext): void {
  const { coordinator, network } = client;
  if (coordinator.broker < 0) return;
  const destination = coordinatorOf(coordinator.broker);
  coordinator.broker = -1;
  closeConnection(network, context, destination);
  retryFinding(client, context);
}

/**
 * The broker is not the coordinator, or does not answer: look for it anew. What was under way to it is given up, as if
 * the connection had broken (`AbstractCoordinator.markCoordinatorUnknown`).
 */
export function forgetCoordinator(consumer: Consumer, context: NodeContext): void {
  const { coordinator, membership } = consumer;
  if (coordinator.broker < 0) return;
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
  loseCoordinator(consumer, context);
}
