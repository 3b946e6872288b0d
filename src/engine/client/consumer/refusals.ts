import { millis } from '../../base/time.ts';
import { ERROR_CODES, isRetriable, refreshesMetadata } from '../../protocol/errors.ts';
import type { FetchResponsePartition } from '../../protocol/fetch.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { applyCurrentLeader } from '../network/cluster-metadata.ts';
import { requestMetadata } from '../network/metadata-refresh.ts';
import { endCommit } from './commits.ts';
import type { Consumer, ConsumerRequest } from './consumer-state.ts';
import { knownEpoch } from './member/member-state.ts';
import { failConsumer } from './coordinator-link.ts';
import { forgetCoordinator } from './lost-coordinator.ts';
import { losesCoordinator } from './find-coordinator.ts';
import { joinLater, loseGeneration, requestRejoin } from './membership.ts';
import {
  clearPreferredReadReplica,
  requestOffsetReset,
  type AssignedPartition,
} from './subscription-state.ts';
import { armConsumer } from './wake.ts';

/** The broker does not let this partition be fetched as it was asked for. */
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

/** The coordinator does not tell what is committed. */
export function refuseOffsetFetch(consumer: Consumer, context: NodeContext, error: number): void {
  if (losesCoordinator(error)) forgetCoordinator(consumer, context);
  else if (error === ERROR_CODES.UNKNOWN_MEMBER_ID || error === ERROR_CODES.STALE_MEMBER_EPOCH) {
    // A member of the consumer protocol learns from its heartbeats where it stands, and asks again.
    if (consumer.member === null) loseGeneration(consumer, false);
  } else if (error === ERROR_CODES.ILLEGAL_GENERATION) requestRejoin(consumer);
  else if (isRetriable(error)) requestMetadata(consumer.network);
  else failConsumer(consumer, error);
  consumer.offsetFetchAt = context.now() + millis(consumer.config['retry.backoff.ms']);
  armConsumer(consumer, context, consumer.offsetFetchAt);
}

/** The coordinator does not tell what is assigned to the member; it joins again. */
export function refuseSync(consumer: Consumer, context: NodeContext, error: number): void {
  switch (error) {
    case ERROR_CODES.REBALANCE_IN_PROGRESS:
      return;
    case ERROR_CODES.UNKNOWN_MEMBER_ID:
    case ERROR_CODES.ILLEGAL_GENERATION:
      loseGeneration(consumer, error === ERROR_CODES.ILLEGAL_GENERATION);
      return;
    case ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS:
      joinLater(consumer, context);
      return;
    default:
      if (losesCoordinator(error)) forgetCoordinator(consumer, context);
      else failConsumer(consumer, error);
  }
}

/** The coordinator does not take a commit, or nobody knows whether it has. */
export function refuseCommit(
  consumer: Consumer,
  context: NodeContext,
  sent: SentCommit,
  error: number,
): void {
  const commit = consumer.commits.find(({ token }) => token === sent.token);
  if (losesCoordinator(error)) forgetCoordinator(consumer, context);
  if (consumer.member === null) followClassic(consumer, sent, error);
  if (commit === undefined) return;
  const mayPass =
    (isRetriable(error) || hasNewerEpoch(consumer, sent, error)) && !isOfDeleted(consumer, sent, error);
  const again = commit.kind === 'sync' && mayPass && context.now() < commit.deadline;
  if (!again) {
    endCommit(consumer, context, commit, error);
    return;
  }
  commit.error = error;
  commit.notBefore = context.now() + millis(consumer.config['retry.backoff.ms']);
}

type SentCommit = Extract<ConsumerRequest, { type: 'commit' }>;

/** Membership of the classic protocol may end by a commit's answer; that of the consumer protocol by heartbeats only. */
function followClassic(consumer: Consumer, sent: SentCommit, error: number): void {
  if (error === ERROR_CODES.REBALANCE_IN_PROGRESS) requestRejoin(consumer);
  if (error === ERROR_CODES.UNKNOWN_MEMBER_ID || error === ERROR_CODES.ILLEGAL_GENERATION)
    loseIfCurrent(consumer, sent, error);
}

/**
 * A commit on the way from one assignment to the next does not wait for a topic that was deleted
 * (`CommitRequestManager.maybeAutoCommitSyncBeforeRebalance`).
 */
const isOfDeleted = ({ member }: Consumer, { token }: SentCommit, error: number): boolean =>
  member?.reconciliation?.token === token &&
  (error === ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION || error === ERROR_CODES.UNKNOWN_TOPIC_ID);

/** The member has gone on to another epoch while the commit was under way, which can be made again by that one. */
const hasNewerEpoch = ({ member }: Consumer, { generationId }: SentCommit, error: number): boolean =>
  error === ERROR_CODES.STALE_MEMBER_EPOCH && member !== null && knownEpoch(member) > generationId;

function loseIfCurrent(consumer: Consumer, sent: SentCommit, error: number): void {
  const { membership } = consumer;
  if (sent.generationId !== membership.generationId || sent.memberId !== membership.memberId) return;
  if (membership.state === 'stable') loseGeneration(consumer, error === ERROR_CODES.ILLEGAL_GENERATION);
}
