/** UpdateFeatures (API key 57): fields as in version 2 of Apache Kafka 4.4.0. */
export interface UpdateFeaturesRequest {
  readonly timeoutMs: number;
  readonly featureUpdates: readonly UpdateFeaturesRequestFeatureUpdate[];
  readonly validateOnly: boolean;
}

export interface UpdateFeaturesRequestFeatureUpdate {
  readonly feature: string;
  /** 0: not at all any more. */
  readonly maxVersionLevel: number;
  /** 1 upgrade, 2 safe downgrade, 3 unsafe downgrade. */
  readonly upgradeType: number;
}

/** All updates are made, or none. */
export interface UpdateFeaturesResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
