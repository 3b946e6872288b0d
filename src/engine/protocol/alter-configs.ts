/** AlterConfigs (API key 33): fields as in version 2 of Apache Kafka 4.4.0. Replaces all that a resource has. */
export interface AlterConfigsRequest {
  readonly resources: readonly AlterConfigsRequestResource[];
  readonly validateOnly: boolean;
}

export interface AlterConfigsRequestResource {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

export interface AlterConfigsResponse {
  readonly throttleTimeMs: number;
  readonly responses: readonly AlterConfigsResponseResponse[];
}

export interface AlterConfigsResponseResponse {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resourceType: number;
  readonly resourceName: string;
}
