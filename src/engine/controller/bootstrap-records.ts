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
export const bootstrapRecords = ({ config, features }: ControllerMemory): MetadataRecord[] => [
  ...Object.entries({ ...RELEASE_FEATURES, ...features }).map(([name, featureLevel]) => ({
    type: 'FeatureLevelRecord' as const,
    name,
    featureLevel,
  })),
  {
    type: 'ConfigRecord',
    resourceType: CONFIG_RESOURCE.BROKER,
    resourceName: '',
    name: MIN_ISR,
    value: `${config[MIN_ISR]}`,
  },
];
