import { millis } from '../../../base/time.ts';
import type { NodeContext } from '../../../sim/node-context.ts';
import type { Consumer } from '../consumer-state.ts';
import { ensureCoordinator } from '../find-coordinator.ts';
import { dropRevoked, ownedPartitions, revoke } from '../ownership.ts';
import { wantsTopics } from '../subscription-state.ts';
import { isDue } from '../wake.ts';
import { maintainGroupHeartbeat, sendLeave } from './group-heartbeat.ts';
import { forgetHeartbeat, NOT_ASSIGNED, type ConsumerMember } from './member-state.ts';
import { finishReconciliation, maintainReconciliation } from './reconciliation.ts';

/** What poll() does for the group: joins, gives up what was lost, goes from one assignment to the next. */
export function maintainMemberInPoll(consumer: Consumer, context: NodeContext, member: ConsumerMember): void {
  const { subscriptions } = consumer;
  if (!wantsTopics(subscriptions)) return;
  if (member.state === 'unsubscribed') join(member);
  if (member.state === 'fenced' || member.state === 'stale') giveUpLost(consumer, context, member);
  maintainReconciliation(consumer, context, member);
}

/** What goes on whether or not the application polls (`ConsumerHeartbeatRequestManager.poll`). */
export function maintainMember(consumer: Consumer, context: NodeContext, member: ConsumerMember): void {
  if (!leavesForSilence(consumer, context, member)) {
    maintainReconciliation(consumer, context, member);
    maintainGroupHeartbeat(consumer, context, member);
  }
}

/** Leaves the group if the application has not polled for `max.poll.interval.ms`. Returns whether it does. */
function leavesForSilence(consumer: Consumer, context: NodeContext, member: ConsumerMember): boolean {
  const { config, inPoll, lastPollAt, closing } = consumer;
  if (inPoll || closing !== 'no' || !isMember(member)) return false;
  if (!isDue(consumer, context, lastPollAt + millis(config['max.poll.interval.ms']))) return false;
  if (!ensureCoordinator(consumer, context) || !sendLeave(consumer, context, member)) return false;
  member.state = 'stale';
  member.memberEpoch = -1;
  member.reconciliation = null;
  forgetHeartbeat(member, 0);
  return true;
}

const isMember = ({ state }: ConsumerMember): boolean =>
  state === 'joining' || state === 'reconciling' || state === 'acknowledging' || state === 'stable';

function join(member: ConsumerMember): void {
  member.state = 'joining';
  member.memberEpoch = 0;
  member.target = NOT_ASSIGNED;
  member.current = NOT_ASSIGNED;
  member.sent = null;
}

function giveUpLost(consumer: Consumer, context: NodeContext, member: ConsumerMember): void {
  if (member.asked !== 'nothing') return;
  const partitions = ownedPartitions(consumer);
  if (partitions.length === 0) {
    join(member);
    return;
  }
  member.asked = 'lost';
  revoke(consumer, context, { partitions, lost: true });
}

/** The owner is done with what was taken away. */
export function endMemberRevocation(consumer: Consumer, context: NodeContext, member: ConsumerMember): void {
  if (member.asked === 'nothing') return;
  member.asked = 'nothing';
  dropRevoked(consumer);
  if (member.state === 'reconciling') finishReconciliation(consumer, context, member);
}

/** Takes leave of the group. Returns whether an answer is to be waited for. */
export function leaveAsMember(consumer: Consumer, context: NodeContext, member: ConsumerMember): boolean {
  const sent = isMember(member) && sendLeave(consumer, context, member);
  member.state = 'leaving';
  member.memberEpoch = -1;
  member.reconciliation = null;
  return sent;
}
