import { millis } from '../base/time.ts';
import { updateHighWatermark } from '../log/partition-log.ts';
import type { Broker } from './broker-memory.ts';
import { isInternalTopic } from './coordinator-topic.ts';
import { completeDeletes } from './delayed-delete.ts';
import { wakeConsumerFetches } from './delayed-fetch.ts';
import { completeProduces } from './delayed-produce.ts';
import {
  isCaughtUp,
  isInMaximalIsr,
  isIsrEligible,
  isUnderMinIsr,
  type RemoteReplica,
  type Replica,
} from './replica.ts';

/**
 * Moves the leader's high watermark up to what every replica has that counts, if it may move at all: not while fewer
 * than min.insync.replicas are in sync (KIP-966). Returns whether it moved.
 */
export function maybeIncrementHighWatermark(broker: Broker, replica: Replica): boolean {
  if (isUnderMinIsr(replica)) return false;
  const { log } = replica;
  let lowest = log.logEndOffset;
  for (const remote of replica.remotes.values())
    if (remote.logEndOffset < lowest && isWaitedFor(broker, replica, remote)) lowest = remote.logEndOffset;
  if (lowest <= log.highWatermark) return false;
  updateHighWatermark(log, broker.context, lowest);
  return true;
}

/** The high watermark also waits for one that is about to join the ISR, so that it can. */
function isWaitedFor(broker: Broker, replica: Replica, remote: RemoteReplica): boolean {
  if (isInMaximalIsr(replica, remote.brokerId)) return true;
  const lagMax = millis(broker.memory.config['replica.lag.time.max.ms']);
  return (
    isCaughtUp(remote, replica.log.logEndOffset, broker.context.now(), lagMax) &&
    isIsrEligible(broker, remote)
  );
}

/** Something changed that decides how far the high watermark may go; tells all who wait for it. */
export function updateHighWatermarkAfterChange(broker: Broker, replica: Replica): void {
  if (maybeIncrementHighWatermark(broker, replica)) highWatermarkMoved(broker, replica);
  else completeProduces(broker, replica);
}

export function highWatermarkMoved(broker: Broker, replica: Replica): void {
  completeProduces(broker, replica);
  wakeConsumerFetches(broker, replica);
  completeDeletes(broker, replica);
  if (isInternalTopic(replica.topic)) broker.memory.movedCoordinatorPartitions.push(replica);
}
