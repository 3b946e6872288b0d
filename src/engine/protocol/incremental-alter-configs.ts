/** IncrementalAlterConfigs (API key 44): fields as in version 1 of Apache Kafka 4.4.0. */
export interface IncrementalAlterConfigsRequest {
  readonly resources: readonly IncrementalAlterConfigsRequestResource[];
  readonly validateOnly: boolean;
}

export interface IncrementalAlterConfigsRequestResource {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly IncrementalAlterConfigsRequestConfig[];
}

export interface IncrementalAlterConfigsRequestConfig {
  readonly name: string;
  readonly configOperation: number;
  readonly value: string | null;
}

export interface IncrementalAlterConfigsResponse {
  readonly throttleTimeMs: number;
  readonly responses: readonly IncrementalAlterConfigsResponseResponse[];
}

export interface IncrementalAlterConfigsResponseResponse {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resourceType: number;
  readonly resourceName: string;
}
