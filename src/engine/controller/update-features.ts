import { CONFIG_RESOURCE, type MetadataRecord } from '../metadata/metadata-record.ts';
import { brokerOverrides, type MetadataImage } from '../metadata/metadata-image.ts';
import { SUPPORTED_FEATURES } from '../metadata/features.ts';
import { ERROR_CODES, NONE } from '../protocol/errors.ts';
import type {
  UpdateFeaturesRequest,
  UpdateFeaturesRequestFeatureUpdate,
  UpdateFeaturesResponse,
} from '../protocol/update-features.ts';
import { MIN_ISR } from './bootstrap-records.ts';
import type { Cluster } from './controller-state.ts';
import { answer, type Decision } from './decision.ts';
import { allPartitions, ELR_FEATURE } from './leadership.ts';

/** `FeatureUpdate.UpgradeType`. */
const UPGRADE_TYPE = { UPGRADE: 1, SAFE_DOWNGRADE: 2, UNSAFE_DOWNGRADE: 3 } as const;
const METADATA_VERSION = 'metadata.version';
/** Eligible leader replicas are a field of records that this level of metadata.version brought. */
const ELR_NEEDS = 23;

/** Levels of metadata.version that changed what is in the log: there is no way back below one of them. */
const METADATA_CHANGED: readonly number[] = [8, 11, 13, 14, 15, 17, 23, 30, 32, 33];

/** Whether metadata that one level wrote may be unreadable for a lower one (`MetadataVersion.checkIfMetadataChanged`). */
const metadataChanged = (from: number, to: number): boolean =>
  METADATA_CHANGED.some((level) => level > Math.min(from, to) && level <= Math.max(from, to));

/** Puts features at other levels, all that are named or none (KIP-584, KIP-778, `FeatureControlManager`). */
export function updateFeatures(
  cluster: Cluster,
  { featureUpdates, validateOnly }: UpdateFeaturesRequest,
): Decision<UpdateFeaturesResponse> {
  const proposed = new Map(cluster.image.features);
  for (const { feature, maxVersionLevel } of featureUpdates) proposed.set(feature, maxVersionLevel);
  const problem = featureUpdates
    .map((update) => updateProblem(cluster.image, update, proposed))
    .find((text) => text !== undefined);
  if (problem !== undefined)
    return answer({
      throttleTimeMs: 0,
      errorCode: ERROR_CODES.INVALID_UPDATE_VERSION,
      errorMessage: `The update failed for all features since the following feature had an error: ${problem}`,
    });
  const response = { throttleTimeMs: 0, errorCode: NONE, errorMessage: null };
  if (validateOnly) return answer(response);
  return { records: featureUpdates.flatMap((update) => recordsOf(cluster, update)), facts: [], response };
}

/** Kafka's words why one feature cannot be at this level, or undefined. */
function updateProblem(
  image: MetadataImage,
  { feature, maxVersionLevel: level, upgradeType }: UpdateFeaturesRequestFeatureUpdate,
  proposed: ReadonlyMap<string, number>,
): string | undefined {
  const invalid = (why: string): string => `Invalid update version ${level} for feature ${feature}. ${why}`;
  const current = image.features.get(feature) ?? 0;
  if (!Object.values<number>(UPGRADE_TYPE).includes(upgradeType))
    return invalid('The controller does not support the given upgrade type.');
  if (level < 0) return invalid('A feature version cannot be less than 0.');
  const supported = Object.hasOwn(SUPPORTED_FEATURES, feature) ? SUPPORTED_FEATURES[feature] : undefined;
  if (supported === undefined) return invalid('Local controller does not support this feature.');
  const { min, max } = supported;
  if (level < min || level > max) return invalid(`Local controller only supports versions ${min}-${max}`);
  const isUpgrade = upgradeType === UPGRADE_TYPE.UPGRADE;
  if (level < current && isUpgrade)
    return invalid(
      "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
    );
  if (level > current && !isUpgrade) return invalid("Can't downgrade to a newer version.");
  if (feature === METADATA_VERSION && level < current && metadataChanged(current, level))
    return `Unsupported metadata.version downgrade from ${current} to ${level}`;
  if (feature === ELR_FEATURE && level > 0 && (proposed.get(METADATA_VERSION) ?? 0) < ELR_NEEDS)
    return invalid(
      `${feature} could not be set to ${level} because it depends on metadata.version level ${ELR_NEEDS}`,
    );
  return undefined;
}

function recordsOf(
  cluster: Cluster,
  { feature: name, maxVersionLevel: featureLevel }: UpdateFeaturesRequestFeatureUpdate,
): MetadataRecord[] {
  const record: MetadataRecord = { type: 'FeatureLevelRecord', name, featureLevel };
  const before = cluster.image.features.get(name) ?? 0;
  if (name !== ELR_FEATURE || before === featureLevel) return [record];
  return [...(featureLevel > 0 ? oneMinIsr(cluster) : clearedElrs(cluster)), record];
}

/** Eligible leader replicas need one `min.insync.replicas` for all brokers (`maybeGenerateElrSafetyRecords`). */
function oneMinIsr({ image, config }: Cluster): MetadataRecord[] {
  const resourceType = CONFIG_RESOURCE.BROKER;
  const forAll = brokerOverrides(image, null)[MIN_ISR];
  const records: MetadataRecord[] =
    forAll === undefined
      ? [{ type: 'ConfigRecord', resourceType, resourceName: '', name: MIN_ISR, value: `${config[MIN_ISR]}` }]
      : [];
  for (const brokerId of image.brokers.keys())
    if (brokerOverrides(image, brokerId)[MIN_ISR] !== undefined)
      records.push({
        type: 'ConfigRecord',
        resourceType,
        resourceName: `${brokerId}`,
        name: MIN_ISR,
        value: null,
      });
  return records;
}

/** Without the feature nobody outside the ISR is eligible. */
const clearedElrs = (cluster: Cluster): MetadataRecord[] =>
  [...allPartitions(cluster)]
    .filter(({ partition: { elr, lastKnownElr } }) => elr.length + lastKnownElr.length > 0)
    .map(({ topic: { topicId }, partitionId }) => ({
      type: 'PartitionChangeRecord',
      topicId,
      partitionId,
      eligibleLeaderReplicas: [],
      lastKnownElr: [],
    }));
