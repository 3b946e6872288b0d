import { isAlive } from '../metadata/metadata-image.ts';
import type { BrokerMemory } from './broker-memory.ts';

export const NOBODY = -1;

/** The alive leader of a partition, −1 if there is none, undefined if there is no such partition. */
export function leaderOf({ image }: BrokerMemory, topic: string, partition: number): number | undefined {
  const registration = image.topics.get(topic)?.partitions[partition];
  if (registration === undefined) return undefined;
  return isAlive(image, registration.leader) ? registration.leader : NOBODY;
}
