import { millis } from '../../../base/time.ts';
import type { TopicIdPartitions } from '../../../protocol/consumer-group-heartbeat.ts';
import type { NodeContext } from '../../../sim/node-context.ts';
import { requestMetadata } from '../../network/metadata-refresh.ts';
import { beginCommit, consumedPositions } from '../commits.ts';
import type { Consumer } from '../consumer-state.ts';
import { dropRevoked, markRevoked, ownedPartitions, revoke, takeOver, without } from '../ownership.ts';
import type { TopicPartition } from '../subscription-state.ts';
import { isDue } from '../wake.ts';
import {
  isReconciled,
  type ConsumerMember,
  type LocalAssignment,
  type Reconciliation,
} from './member-state.ts';

/**
 * Goes on from what the member has to what it is to have (`AbstractMembershipManager.maybeReconcile`): commits the
 * positions if that is automatic, has the owner give up what is not its any more, takes over what is new. Only poll()
 * commits and gives up.
 */
export function maintainReconciliation(
  consumer: Consumer,
  context: NodeContext,
  member: ConsumerMember,
): void {
  if (member.state !== 'reconciling') return;
  if (member.reconciliation === null) begin(consumer, context, member);
  const { reconciliation } = member;
  if (reconciliation === null || member.asked !== 'nothing') return;
  if (isCommitting(consumer, reconciliation) && !isDue(consumer, context, reconciliation.deadline)) return;
  const partitions = without(ownedPartitions(consumer), reconciliation.partitions);
  if (partitions.length === 0) {
    finishReconciliation(consumer, context, member);
    return;
  }
  member.asked = 'revoked';
  revoke(consumer, context, { partitions, lost: false });
}

const isCommitting = ({ commits }: Consumer, { token }: Reconciliation): boolean =>
  commits.some((commit) => commit.token === token);

function begin(consumer: Consumer, context: NodeContext, member: ConsumerMember): void {
  const { config, inPoll } = consumer;
  const to = resolvable(consumer, member.target);
  // Nothing to do before more of the topics are known.
  if (to !== member.target && samePartitions(to.topicPartitions, member.current.topicPartitions)) return;
  const partitions = partitionsOf(consumer, to);
  const revoked = without(ownedPartitions(consumer), partitions);
  const commits = config['enable.auto.commit'];
  if (!inPoll && (commits || revoked.length > 0)) return;
  markRevoked(consumer, revoked);
  const offsets = commits ? consumedPositions(consumer) : [];
  const token = offsets.length === 0 ? 0 : beginCommit(consumer, context, 'sync', offsets);
  const deadline = context.now() + millis(config['max.poll.interval.ms']);
  member.reconciliation = Object.freeze({ to, partitions: Object.freeze(partitions), token, deadline });
}

/** The member has given up what it had to; what it has now is what it says that it has. */
export function finishReconciliation(consumer: Consumer, context: NodeContext, member: ConsumerMember): void {
  const { reconciliation } = member;
  if (reconciliation === null) return;
  dropRevoked(consumer);
  takeOver(consumer, context, { partitions: reconciliation.partitions, userData: null });
  member.reconciliation = null;
  member.current = reconciliation.to;
  member.state = 'acknowledging';
}

/** An assignment from the coordinator. */
export function receiveTarget(member: ConsumerMember, topicPartitions: readonly TopicIdPartitions[]): void {
  const { localEpoch, topicPartitions: before } = member.target;
  if (localEpoch < 0 || !samePartitions(topicPartitions, before))
    member.target = Object.freeze({ localEpoch: localEpoch + 1, topicPartitions });
  if (!isReconciled(member)) member.state = 'reconciling';
  else if (member.state === 'joining' || member.state === 'reconciling') member.state = 'stable';
}

/** The part of an assignment whose topics are known by name; the whole one as it is. */
function resolvable({ network, subscriptions }: Consumer, target: LocalAssignment): LocalAssignment {
  const { topicNames } = network.metadata;
  const known = target.topicPartitions.filter(({ topicId }) => topicNames.has(topicId));
  if (known.length === target.topicPartitions.length) return target;
  if (subscriptions.pattern !== null)
    network.metadata.scope = Object.freeze(target.topicPartitions.map(({ topicId }) => topicId));
  requestMetadata(network);
  return Object.freeze({ localEpoch: target.localEpoch, topicPartitions: Object.freeze(known) });
}

const partitionsOf = ({ network }: Consumer, { topicPartitions }: LocalAssignment): TopicPartition[] =>
  topicPartitions.flatMap(({ topicId, partitions }) =>
    partitions.map((partition) =>
      Object.freeze({ topic: network.metadata.topicNames.get(topicId) ?? '', partition }),
    ),
  );

const samePartitions = (a: readonly TopicIdPartitions[], b: readonly TopicIdPartitions[]): boolean =>
  keyOf(a) === keyOf(b);

const keyOf = (topics: readonly TopicIdPartitions[]): string =>
  topics
    .filter(({ partitions }) => partitions.length > 0)
    .map(({ topicId, partitions }) => `${topicId}:${[...partitions].sort((a, b) => a - b).join()}`)
    .sort()
    .join(' ');
