import type { NodeContext } from '../../sim/node-context.ts';
import type { Consumer } from './consumer-state.ts';
import { maintainHeartbeat } from './heartbeat.ts';
import { leaveGroup } from './leaving.ts';
import { endRevocation, isOut } from './membership.ts';
import { endMemberRevocation, leaveAsMember, maintainMember, maintainMemberInPoll } from './member/member.ts';
import { knownEpoch } from './member/member-state.ts';
import { maintainMembership } from './rebalance.ts';

/** What goes on whether or not the application polls. */
export function maintainGroupThread(consumer: Consumer, context: NodeContext): void {
  if (consumer.member === null) maintainHeartbeat(consumer, context);
  else maintainMember(consumer, context, consumer.member);
}

/** What goes on inside of poll(). */
export function maintainGroupInPoll(consumer: Consumer, context: NodeContext): void {
  if (consumer.member === null) maintainMembership(consumer, context);
  else maintainMemberInPoll(consumer, context, consumer.member);
}

/** The owner is done with what was taken away from it. */
export function endGivingUp(consumer: Consumer, context: NodeContext): void {
  if (consumer.member === null) endRevocation(consumer, context);
  else endMemberRevocation(consumer, context, consumer.member);
}

/** Whether it may commit as a member. */
export const isInGroup = ({ member, membership }: Consumer): boolean =>
  member === null ? membership.state === 'stable' : knownEpoch(member) > 0;

/** Whether what it owns may already be another's. */
export const hasLostGroup = ({ member, membership }: Consumer): boolean =>
  member === null ? isOut(membership) : knownEpoch(member) < 0;

/** Takes leave of the group for good. Returns whether an answer is to be waited for. */
export const leaveForGood = (consumer: Consumer, context: NodeContext): boolean =>
  consumer.member === null
    ? leaveGroup(consumer, context, 'the consumer is being closed')
    : leaveAsMember(consumer, context, consumer.member);
