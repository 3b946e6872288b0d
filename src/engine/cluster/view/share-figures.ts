import { topicPartition } from '../../api/ids.ts';
import type { ShareView } from '../../api/views/share.ts';
import type { BrokerMemory } from '../../broker/broker-memory.ts';
import { replicaOf } from '../../broker/replica.ts';
import { shareSessionOf } from '../../broker/share-session.ts';
import { shareSettingsOf } from '../../broker/share-settings.ts';

/** What a broker has of share groups, without what it is still reading. */
export const sharesOf = (memory: BrokerMemory): ShareView[] =>
  [...memory.sharePartitions.values()].flatMap((share) => {
    const { groupId, topicId, partition } = share.key;
    const replica = replicaOf(memory, topicId, partition);
    if (share.status === 'loading' || replica === undefined) return [];
    return {
      groupId,
      topic: share.topic,
      partition,
      name: topicPartition(share.topic, partition),
      leaderEpoch: share.leaderEpoch,
      stateEpoch: share.stateEpoch,
      startOffset: share.startOffset,
      logStart: replica.log.logStartOffset,
      deliveryCountLimit: shareSettingsOf(memory, groupId).deliveryCountLimit,
      runs: share.runs,
      hasSession: (memberId: string) => shareSessionOf(memory, groupId, memberId) !== undefined,
    };
  });
