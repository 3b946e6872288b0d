import { millis } from '../../base/time.ts';
import { ERROR_CODES, NONE } from '../../protocol/errors.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import type { Consumer, ConsumerRequest } from './consumer-state.ts';
import { failConsumer, sendToCoordinator } from './coordinator-link.ts';
import { forgetCoordinator } from './lost-coordinator.ts';
import { ensureCoordinator, losesCoordinator } from './find-coordinator.ts';
import { leaveGroup } from './leaving.ts';
import { loseGeneration, requestRejoin } from './membership.ts';
import { isDue } from './wake.ts';

/** A member of a generation, and not about to join the next. */
const beats = ({ membership }: Consumer): boolean =>
  membership.generationId >= 0 && membership.state !== 'unjoined' && membership.state !== 'joining';

/**
 * What the heartbeat thread does, whether or not the application polls (`AbstractCoordinator.HeartbeatThread`): shows
 * every `heartbeat.interval.ms` that the member lives, gives up a silent coordinator after `session.timeout.ms`, and
 * leaves the group when the application has not polled for `max.poll.interval.ms`.
 */
export function maintainHeartbeat(consumer: Consumer, context: NodeContext): void {
  const { membership, config } = consumer;
  if (!beats(consumer)) return;
  if (!ensureCoordinator(consumer, context)) return;
  if (isDue(consumer, context, membership.heardAt + millis(config['session.timeout.ms']))) {
    forgetCoordinator(consumer, context);
    return;
  }
  const pollDeadline = consumer.lastPollAt + millis(config['max.poll.interval.ms']);
  if (!consumer.inPoll && isDue(consumer, context, pollDeadline)) {
    leaveGroup(consumer, context, 'consumer poll timeout has expired.');
    return;
  }
  if (!membership.heartbeatInFlight && isDue(consumer, context, membership.nextHeartbeatAt))
    sendHeartbeat(consumer, context);
}

function sendHeartbeat(consumer: Consumer, context: NodeContext): void {
  const { membership, groupId, groupInstanceId, config } = consumer;
  const { generationId, memberId } = membership;
  const body = { groupId, generationId, memberId, groupInstanceId };
  const mark: ConsumerRequest = Object.freeze({ type: 'heartbeat', generationId, memberId });
  if (!sendToCoordinator(consumer, context, { api: 'Heartbeat', body, context: mark })) return;
  membership.heartbeatInFlight = true;
  membership.nextHeartbeatAt = context.now() + millis(config['heartbeat.interval.ms']);
  isDue(consumer, context, membership.nextHeartbeatAt);
}

/** The answer to a Heartbeat of this generation, or the error by which it was lost. */
export function handleHeartbeat(
  consumer: Consumer,
  context: NodeContext,
  sent: Extract<ConsumerRequest, { type: 'heartbeat' }>,
  error: number,
): void {
  const { membership, config } = consumer;
  membership.heartbeatInFlight = false;
  const current = sent.generationId === membership.generationId && sent.memberId === membership.memberId;
  switch (error) {
    case NONE:
      membership.heardAt = context.now();
      return;
    case ERROR_CODES.REBALANCE_IN_PROGRESS:
      membership.heardAt = context.now();
      if (membership.state === 'stable') requestRejoin(consumer);
      return;
    case ERROR_CODES.ILLEGAL_GENERATION:
    case ERROR_CODES.UNKNOWN_MEMBER_ID:
      if (current && beats(consumer)) loseGeneration(consumer, error === ERROR_CODES.ILLEGAL_GENERATION);
      return;
    default:
      if (losesCoordinator(error)) forgetCoordinator(consumer, context);
      else if (error === ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS)
        membership.nextHeartbeatAt = context.now() + millis(config['retry.backoff.ms']);
      else if (current) failConsumer(consumer, error);
  }
}
