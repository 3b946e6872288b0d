import type { Uuid } from '../protocol/uuid.ts';
import type { BrokerRegistration } from './metadata-image.ts';
import type { PartitionRegistration } from './partition-registration.ts';

/** What a run of records changed, for those who react to it. Maps are in order of first change. Not kept in state. */
export interface MetadataDelta {
  /** By `topic-partition`. */
  readonly partitions: Map<string, PartitionDelta>;
  readonly brokers: Map<number, BrokerDelta>;
  /** By `configResource`. */
  readonly configs: Map<string, ConfigDelta>;
}

/** `before` undefined: new; `after` undefined: removed. */
export interface PartitionDelta {
  readonly topic: string;
  readonly topicId: Uuid;
  readonly partition: number;
  readonly before: PartitionRegistration | undefined;
  readonly after: PartitionRegistration | undefined;
}

export interface BrokerDelta {
  readonly before: BrokerRegistration | undefined;
  readonly after: BrokerRegistration | undefined;
}

export interface ConfigDelta {
  readonly resourceType: number;
  readonly resourceName: string;
}

export const emptyDelta = (): MetadataDelta => ({
  partitions: new Map(),
  brokers: new Map(),
  configs: new Map(),
});

/** Notes a change; what was before the first change of this partition stays. */
export function notePartition(delta: MetadataDelta | undefined, change: PartitionDelta): void {
  if (delta === undefined) return;
  const key = `${change.topic}-${change.partition}`;
  const known = delta.partitions.get(key);
  delta.partitions.set(key, known === undefined ? change : { ...change, before: known.before });
}

export function noteBroker(delta: MetadataDelta | undefined, brokerId: number, change: BrokerDelta): void {
  if (delta === undefined) return;
  const known = delta.brokers.get(brokerId);
  delta.brokers.set(brokerId, known === undefined ? change : { before: known.before, after: change.after });
}
