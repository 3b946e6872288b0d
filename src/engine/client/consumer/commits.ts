import { millis } from '../../base/time.ts';
import { topicPartition } from '../../api/ids.ts';
import type { TraceEventData } from '../../api/trace-event.ts';
import { ERROR_CODES, errorName, isRetriable, NONE } from '../../protocol/errors.ts';
import type { OffsetCommitRequestTopic, OffsetCommitResponse } from '../../protocol/offset-commit.ts';
import type { NodeContext } from '../../sim/node-context.ts';
import { NEVER } from '../network/network-client.ts';
import type { CommitKind, CommitOffset, Consumer, ConsumerRequest, PendingCommit } from './consumer-state.ts';
import { sendToCoordinator, topicNaming } from './coordinator-link.ts';
import { ensureCoordinator } from './find-coordinator.ts';
import { knownEpoch } from './member/member-state.ts';
import { refuseCommit } from './refusals.ts';
import { isDue } from './wake.ts';

const tell = (context: NodeContext, data: TraceEventData): number => context.trace(data);

/** Positions of all partitions that have one: everything that poll() has returned, processed or not. */
export function consumedPositions(consumer: Consumer): CommitOffset[] {
  const consumed: CommitOffset[] = [];
  for (const { topic, partition, position, state } of consumer.subscriptions.assigned.values())
    if (position !== null && state === 'fetching')
      consumed.push({ topic, partition, offset: position.offset, leaderEpoch: position.offsetEpoch });
  return consumed;
}

/** Queues a commit and returns its token; the notice `commit-completed` says what became of it. */
export function beginCommit(
  consumer: Consumer,
  context: NodeContext,
  kind: CommitKind,
  offsets: readonly CommitOffset[],
): number {
  const token = consumer.nextToken++;
  const now = context.now();
  const deadline = now + millis(consumer.config['default.api.timeout.ms']);
  consumer.commits.push({
    token,
    kind,
    offsets: Object.freeze([...offsets]),
    deadline,
    notBefore: now,
    error: NONE,
  });
  return token;
}

/** Begins a commit in the background if its time has come. Only poll() does this. */
export function maintainAutoCommit(consumer: Consumer, context: NodeContext): void {
  const { config } = consumer;
  if (!config['enable.auto.commit'] || consumer.groupId === '') return;
  if (consumer.nextAutoCommitAt === NEVER || !isDue(consumer, context, consumer.nextAutoCommitAt)) return;
  consumer.nextAutoCommitAt = context.now() + millis(config['auto.commit.interval.ms']);
  isDue(consumer, context, consumer.nextAutoCommitAt);
  beginCommit(consumer, context, 'auto', consumedPositions(consumer));
}

/** Sends the commits that are due, and ends those that have failed. */
export function maintainCommits(consumer: Consumer, context: NodeContext): void {
  for (const commit of [...consumer.commits]) {
    if (commit.offsets.length === 0) endCommit(consumer, context, commit, NONE);
    else if (commit.notBefore === NEVER) continue;
    else if (commit.error !== NONE && (commit.kind !== 'sync' || context.now() >= commit.deadline))
      endCommit(consumer, context, commit, commit.error);
    else if (isDue(consumer, context, commit.notBefore) && ensureCoordinator(consumer, context))
      sendCommit(consumer, context, commit);
  }
}

/** By whom a commit is made: a member of a generation, or somebody outside of the group protocol. */
function committer({
  member,
  membership,
  subscriptions,
}: Consumer): { generationId: number; memberId: string } | undefined {
  if (subscriptions.type !== 'topics') return { generationId: -1, memberId: '' };
  if (member !== null) return { generationId: knownEpoch(member), memberId: member.memberId };
  const { generationId, memberId, state } = membership;
  return state === 'stable' && generationId >= 0 ? { generationId, memberId } : undefined;
}

function sendCommit(consumer: Consumer, context: NodeContext, commit: PendingCommit): void {
  const identity = committer(consumer);
  if (identity === undefined) {
    const rebalancing = consumer.membership.generationId >= 0;
    const error = rebalancing ? ERROR_CODES.REBALANCE_IN_PROGRESS : ERROR_CODES.UNKNOWN_MEMBER_ID;
    endCommit(consumer, context, commit, error);
    return;
  }
  const { generationId, memberId } = identity;
  const names = [...new Set(commit.offsets.map(({ topic }) => topic))].sort();
  const { version, nameOf } = topicNaming(consumer, names);
  const body = {
    groupId: consumer.groupId,
    generationIdOrMemberEpoch: generationId,
    memberId,
    groupInstanceId: consumer.groupInstanceId,
    topics: topicsOf(names, nameOf, commit.offsets),
  };
  const { token } = commit;
  const mark: ConsumerRequest = Object.freeze({ type: 'commit', token, generationId, memberId });
  if (sendToCoordinator(consumer, context, { api: 'OffsetCommit', version, body, context: mark }))
    commit.notBefore = NEVER;
}

function topicsOf(
  names: readonly string[],
  nameOf: ReturnType<typeof topicNaming>['nameOf'],
  offsets: readonly CommitOffset[],
): OffsetCommitRequestTopic[] {
  return names.map((name) => ({
    ...nameOf(name),
    partitions: offsets
      .filter(({ topic }) => topic === name)
      .map(({ partition, offset, leaderEpoch, metadata = '' }) => ({
        partitionIndex: partition,
        committedOffset: offset,
        committedLeaderEpoch: leaderEpoch,
        committedMetadata: metadata,
      })),
  }));
}

/** The answer to an OffsetCommit, or the error by which it was lost. */
export function handleCommit(
  consumer: Consumer,
  context: NodeContext,
  sent: Extract<ConsumerRequest, { type: 'commit' }>,
  answer: { readonly response: OffsetCommitResponse | undefined; readonly error: number },
): void {
  const commit = consumer.commits.find(({ token }) => token === sent.token);
  const error = answer.response === undefined ? answer.error : firstError(answer.response);
  if (error !== NONE) refuseCommit(consumer, context, sent, error);
  else if (commit !== undefined) endCommit(consumer, context, commit, error);
}

function firstError(response: OffsetCommitResponse): number {
  for (const topic of response.topics)
    for (const { errorCode } of topic.partitions) if (errorCode !== NONE) return errorCode;
  return NONE;
}

export function endCommit(
  consumer: Consumer,
  context: NodeContext,
  commit: PendingCommit,
  error: number,
): void {
  const { token, kind, offsets } = commit;
  consumer.commits = consumer.commits.filter((other) => other.token !== token);
  if (error === NONE) {
    for (const { topic, partition, offset } of offsets)
      consumer.committed.set(topicPartition(topic, partition), offset);
    if (offsets.length > 0)
      tell(context, { type: 'offsets-committed', group: consumer.groupId, offsets: offsets.length });
  } else tell(context, { type: 'commit-failed', group: consumer.groupId, error: errorName(error) });
  if (kind === 'auto' && isRetriable(error)) hurryAutoCommit(consumer, context);
  consumer.notices.push(Object.freeze({ type: 'commit-completed', token, kind, error, offsets }));
}

/** After a failure that may pass, the next commit in the background comes sooner. */
function hurryAutoCommit(consumer: Consumer, context: NodeContext): void {
  const soon = context.now() + millis(consumer.config['retry.backoff.ms']);
  if (consumer.nextAutoCommitAt !== NEVER)
    consumer.nextAutoCommitAt = Math.min(consumer.nextAutoCommitAt, soon);
}
