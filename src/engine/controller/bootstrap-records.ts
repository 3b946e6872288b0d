import { CONFIG_RESOURCE, type MetadataRecord } from '../metadata/metadata-record.ts';
import type { ControllerMemory } from './controller-state.ts';

/** Levels of features in a new cluster of Apache Kafka 4.4.0. */
const RELEASE_FEATURES: Readonly<Record<string, number>> = {
  'metadata.version': 33,
  'group.version': 1,
  'transaction.version': 2,
  'eligible.leader.replicas.version': 1,
  'share.version': 2,
  'streams.version': 1,
};

export const MIN_ISR = 'min.insync.replicas';

/** What a new cluster begins with: eligible leader replicas need one `min.insync.replicas` for all brokers (KIP-966). */
export function bootstrapRecords({ config, features }: ControllerMemory): MetadataRecord[] {
  const levels = { ...RELEASE_FEATURES, ...features };
  const records: MetadataRecord[] = Object.entries(levels).map(([name, featureLevel]) => ({
    type: 'FeatureLevelRecord',
    name,
    featureLevel,
  }));
  if (levels['eligible.leader.replicas.version'] === 0) return records;
  const brokers = { resourceType: CONFIG_RESOURCE.BROKER, resourceName: '' };
  return [...records, { type: 'ConfigRecord', ...brokers, name: MIN_ISR, value: `${config[MIN_ISR]}` }];
}
