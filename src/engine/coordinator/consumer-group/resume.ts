import { schedule } from '../group/group-timer.ts';
import type { GroupShard } from '../group/shard-state.ts';
import { usesClassicProtocol, type ConsumerGroup } from './consumer-group.ts';
import { scheduleSession } from './consumer-group-heartbeat.ts';
import { scheduleClassicSession } from './migration.ts';

/** A new coordinator has read the group from the log: members begin new sessions, and what they owe they owe still. */
export function resumeConsumerGroup(shard: GroupShard, { groupId, members }: ConsumerGroup): void {
  for (const member of members.values()) {
    const { memberId, metadata, current } = member;
    if (usesClassicProtocol(member)) {
      scheduleClassicSession(shard, groupId, memberId, metadata);
      continue;
    }
    scheduleSession(shard, groupId, memberId);
    if (current.state !== 'UNREVOKED_PARTITIONS') continue;
    const { memberEpoch } = current;
    const purpose = {
      kind: 'consumer-member',
      timeout: 'rebalance',
      groupId,
      memberId,
      memberEpoch,
    } as const;
    schedule(shard, purpose, metadata.rebalanceTimeoutMs);
  }
}
