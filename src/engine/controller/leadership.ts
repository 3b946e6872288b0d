import { hasDirectory, isActive, type TopicImage } from '../metadata/metadata-image.ts';
import { NO_LEADER, type PartitionChangeRecord } from '../metadata/metadata-record.ts';
import type { PartitionRegistration } from '../metadata/partition-registration.ts';
import type { Cluster } from './controller-state.ts';
import { changePartition } from './partition-change.ts';
import type { PartitionWish } from './partition-wish.ts';
import { effectiveMinIsr, uncleanElectionEnabled } from './topic-config.ts';

export const ELR_FEATURE = 'eligible.leader.replicas.version';

/** Whether replicas outside the ISR can be eligible to lead (KIP-966, `FeatureControlManager.isElrFeatureEnabled`). */
export const isElrEnabled = ({ image }: Cluster): boolean => (image.features.get(ELR_FEATURE) ?? 0) > 0;

/** One partition of the image. */
export interface PartitionPlace {
  readonly topic: TopicImage;
  readonly partitionId: number;
  readonly partition: PartitionRegistration;
}

/** All partitions, topics in order of creation. */
export function* allPartitions(cluster: Cluster): Generator<PartitionPlace> {
  for (const topic of cluster.image.topics.values())
    for (const [partitionId, partition] of topic.partitions.entries())
      yield { topic, partitionId, partition };
}

export function leadsAny(cluster: Cluster, brokerId: number): boolean {
  return countLed(cluster, brokerId) > 0;
}

export function countLed(cluster: Cluster, brokerId: number): number {
  let count = 0;
  for (const { partition } of allPartitions(cluster)) if (partition.leader === brokerId) count += 1;
  return count;
}

/** The record for a wish about one partition, or undefined if it changes nothing. */
export function changeRecord(
  cluster: Cluster,
  { topic, partitionId, partition }: PartitionPlace,
  wish: Partial<PartitionWish>,
): PartitionChangeRecord | undefined {
  const { image } = cluster;
  const { isAcceptableLeader: acceptable = (id: number) => isActive(image, id) } = wish;
  const fields = changePartition({
    partition,
    election: 'ONLINE',
    minIsr: effectiveMinIsr(cluster, topic.name),
    elrEnabled: isElrEnabled(cluster),
    useLastKnownLeader: true,
    ...wish,
    isAcceptableLeader: (id) => acceptable(id) && hasDirectory(image, partition, id),
    image,
  });
  if (fields === undefined) return undefined;
  return { type: 'PartitionChangeRecord', topicId: topic.topicId, partitionId, ...fields };
}

/** Why leaders and ISRs are looked at again. The broker is not in that state in the image yet. */
export type LeadershipOccasion =
  /** It can no longer serve: it leaves every ISR, or those `among` the partitions that it lost, and leads none of them. */
  | {
      readonly kind: 'leaves';
      readonly broker: number;
      readonly among?: (partition: PartitionRegistration) => boolean;
    }
  /** It is back: it may lead what nobody leads. */
  | { readonly kind: 'arrives'; readonly broker: number }
  /** It was away without an orderly stop: it leaves every ISR, and is eligible nowhere. */
  | { readonly kind: 'unclean-shutdown'; readonly broker: number }
  /** How many replicas must be in sync is another number now, so eligible replicas may no longer be. */
  | { readonly kind: 'min-isr-changed' };

/** Changes of all partitions that an occasion touches (`ReplicationControlManager.generateLeaderAndIsrUpdates`). */
export function leaderAndIsrUpdates(cluster: Cluster, occasion: LeadershipOccasion): PartitionChangeRecord[] {
  const records: PartitionChangeRecord[] = [];
  for (const place of allPartitions(cluster)) {
    if (!isTouched(place.partition, occasion)) continue;
    const unclean = uncleanElectionEnabled(cluster, place.topic.name);
    const election = unclean ? { election: 'UNCLEAN' as const } : {};
    const record = changeRecord(cluster, place, { ...wishFor(cluster, place, occasion), ...election });
    if (record !== undefined) records.push(record);
  }
  return records;
}

function isTouched(partition: PartitionRegistration, occasion: LeadershipOccasion): boolean {
  const { isr, elr, leader } = partition;
  switch (occasion.kind) {
    case 'leaves':
      return isr.includes(occasion.broker) && occasion.among?.(partition) !== false;
    case 'arrives':
      return leader === NO_LEADER;
    case 'unclean-shutdown':
      return isr.includes(occasion.broker) || elr.includes(occasion.broker);
    case 'min-isr-changed':
      return elr.length > 0;
  }
}

function wishFor(
  { image }: Cluster,
  { partition }: PartitionPlace,
  occasion: LeadershipOccasion,
): Partial<PartitionWish> {
  if (occasion.kind === 'min-isr-changed') return {};
  const { kind, broker } = occasion;
  if (kind === 'arrives') return { isAcceptableLeader: (id) => id === broker || isActive(image, id) };
  return {
    isAcceptableLeader: (id) => id !== broker && isActive(image, id),
    targetIsr: partition.isr.filter((id) => id !== broker),
    ...(kind === 'unclean-shutdown' ? { uncleanShutdown: [broker] } : {}),
  };
}
