/** What the software of Apache Kafka 4.4.0 can do of a feature, and what a new cluster of it begins with. */
export interface SupportedFeature {
  readonly min: number;
  readonly max: number;
  readonly release: number;
}

/** Levels of features (KIP-584, `Feature`, `MetadataVersion`) by name. */
export const SUPPORTED_FEATURES: Readonly<Record<string, SupportedFeature>> = {
  'metadata.version': { min: 7, max: 33, release: 33 },
  'group.version': { min: 0, max: 1, release: 1 },
  'transaction.version': { min: 0, max: 2, release: 2 },
  'eligible.leader.replicas.version': { min: 0, max: 1, release: 1 },
  'share.version': { min: 0, max: 2, release: 2 },
  'streams.version': { min: 0, max: 1, release: 1 },
};

/** Levels of metadata.version that changed what is in the log: there is no way back below one of them. */
const METADATA_CHANGED: readonly number[] = [8, 11, 13, 14, 15, 17, 23, 30, 32, 33];

/** Whether metadata that one level wrote may be unreadable for a lower one (`MetadataVersion.checkIfMetadataChanged`). */
export const metadataChanged = (from: number, to: number): boolean =>
  METADATA_CHANGED.some((level) => level > Math.min(from, to) && level <= Math.max(from, to));
