/** ListConfigResources (API key 74): fields as in version 1 of Apache Kafka 4.4.0. */
export interface ListConfigResourcesRequest {
  /** None: all types. */
  readonly resourceTypes: readonly number[];
}

export interface ListConfigResourcesResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly configResources: readonly ListConfigResourcesResponseResource[];
}

export interface ListConfigResourcesResponseResource {
  readonly resourceName: string;
  readonly resourceType: number;
}
