/** What the software of Apache Kafka 4.4.0 can do of a feature; a new cluster of it begins with the most. */
export interface SupportedFeature {
  readonly min: number;
  readonly max: number;
}

/** Levels of features (KIP-584, `Feature`, `MetadataVersion`) by name. */
export const SUPPORTED_FEATURES: Readonly<Record<string, SupportedFeature>> = {
  'metadata.version': { min: 7, max: 33 },
  'group.version': { min: 0, max: 1 },
  'transaction.version': { min: 0, max: 2 },
  'eligible.leader.replicas.version': { min: 0, max: 1 },
  'share.version': { min: 0, max: 2 },
  'streams.version': { min: 0, max: 1 },
};
