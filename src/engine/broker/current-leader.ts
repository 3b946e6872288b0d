import { partitionOf } from '../metadata/metadata-image.ts';
import { ERROR_CODES } from '../protocol/errors.ts';
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

/** Produce and Fetch name topics by id from this version on. */
const NAMES_BY_ID = 13;

export const isNamedById = (version: number): boolean => version >= NAMES_BY_ID;

/** How an unknown topic is called depends on how the client names topics. */
export const unknownTopicError = (version: number): number =>
  isNamedById(version) ? ERROR_CODES.UNKNOWN_TOPIC_ID : ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION;
