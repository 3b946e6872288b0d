import { ERROR_CODES, refreshesMetadata } from '../../protocol/errors.ts';
import type { FetchResponsePartition } from '../../protocol/fetch.ts';
import { applyCurrentLeader } from '../network/cluster-metadata.ts';
import { requestMetadata } from '../network/metadata-refresh.ts';
import type { Consumer } from './consumer-state.ts';
import { failConsumer } from './coordinator-link.ts';
import {
  clearPreferredReadReplica,
  requestOffsetReset,
  type AssignedPartition,
} from './subscription-state.ts';

/** A partition was not read: looks for its leader, or for another place to read from. */
export function refuseFetch(
  consumer: Consumer,
  partition: AssignedPartition,
  answer: FetchResponsePartition,
): void {
  const { network, subscriptions } = consumer;
  const error = answer.errorCode;
  if (answer.currentLeader !== undefined)
    applyCurrentLeader(network.metadata, partition, answer.currentLeader);
  const wasSentOn = error !== ERROR_CODES.UNKNOWN_LEADER_EPOCH && clearPreferredReadReplica(partition);
  if (error === ERROR_CODES.OFFSET_OUT_OF_RANGE) {
    if (wasSentOn) return; // The leader is asked whether it is out of range there too.
    if (subscriptions.resetPolicy !== 'none') requestOffsetReset(partition, subscriptions.resetPolicy);
    else
      consumer.notices.push(
        Object.freeze({ type: 'no-offset', partitions: Object.freeze([partition.name]) }),
      );
  } else if (error === ERROR_CODES.CORRUPT_MESSAGE) failConsumer(consumer, error);
  else if (refreshesMetadata(error) || error === ERROR_CODES.UNKNOWN_LEADER_EPOCH) requestMetadata(network);
}
