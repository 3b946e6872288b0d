import { partitionOf } from '../metadata/metadata-image.ts';
import type { Uuid } from '../protocol/uuid.ts';
import type { BrokerMemory } from './broker-memory.ts';

/** Who leads instead, for a client that asked the wrong broker (KIP-951). */
export function currentLeaderOf(
  { image }: BrokerMemory,
  topicId: Uuid,
  index: number,
): { readonly currentLeader?: { readonly leaderId: number; readonly leaderEpoch: number } } {
  const topic = image.topicNames.get(topicId);
  const partition = topic === undefined ? undefined : partitionOf(image, topic, index);
  if (partition === undefined) return {};
  return { currentLeader: { leaderId: partition.leader, leaderEpoch: partition.leaderEpoch } };
}
