import { utf8Encode } from '../../base/bytes.ts';
import { murmur2 } from '../../base/murmur2.ts';
import type { TopicLookup } from '../coordinator-host.ts';
import { subscribedTopics, type ConsumerGroup } from './consumer-group.ts';
import { write, type Draft } from './draft.ts';

/** Changes when one of these topics comes to be or gets more partitions. Only compared with others of this coordinator. */
export function hashOfTopics(names: readonly string[], topics: TopicLookup): number {
  const known = names.flatMap((name) => {
    const topicId = topics.idOf(name);
    return topicId === undefined ? [] : [`${name}:${topicId}:${topics.partitionCount(name)}`];
  });
  return known.length === 0 ? 0 : murmur2(utf8Encode(known.join(','))) >>> 0;
}

const metadataHash = (group: ConsumerGroup, topics: TopicLookup): number =>
  hashOfTopics(subscribedTopics(group), topics);

/** Whether the subscribed topics are others than when the group's epoch was last written. */
export const hasMetadataChanged = (group: ConsumerGroup, topics: TopicLookup): boolean =>
  metadataHash(group, topics) !== group.metadataHash;

/** Writes the group's epoch: with a new one a new assignment is needed. */
export function writeGroupEpoch(draft: Draft, topics: TopicLookup, epoch: number): void {
  write(draft, {
    type: 'ConsumerGroupMetadata',
    group: draft.group.groupId,
    value: Object.freeze({ epoch, metadataHash: metadataHash(draft.group, topics) }),
  });
}
