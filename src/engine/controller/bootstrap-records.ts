import { SUPPORTED_FEATURES } from '../metadata/features.ts';
import { CONFIG_RESOURCE, type MetadataRecord } from '../metadata/metadata-record.ts';
import type { ControllerMemory } from './controller-state.ts';

export const MIN_ISR = 'min.insync.replicas';

/** What a new cluster begins with: eligible leader replicas need one `min.insync.replicas` for all brokers (KIP-966). */
export function bootstrapRecords({ config, features }: ControllerMemory): MetadataRecord[] {
  const released = Object.entries(SUPPORTED_FEATURES).map(([name, { max }]) => [name, max] as const);
  const levels: Readonly<Record<string, number>> = { ...Object.fromEntries(released), ...features };
  const records: MetadataRecord[] = Object.entries(levels).map(([name, featureLevel]) => ({
    type: 'FeatureLevelRecord',
    name,
    featureLevel,
  }));
  if (levels['eligible.leader.replicas.version'] === 0) return records;
  const brokers = { resourceType: CONFIG_RESOURCE.BROKER, resourceName: '' };
  return [...records, { type: 'ConfigRecord', ...brokers, name: MIN_ISR, value: `${config[MIN_ISR]}` }];
}
