/** DescribeConfigs (API key 32): fields as in version 4 of Apache Kafka 4.4.0. */
export interface DescribeConfigsRequest {
  readonly resources: readonly DescribeConfigsRequestResource[];
  readonly includeSynonyms: boolean;
  readonly includeDocumentation: boolean;
}

export interface DescribeConfigsRequestResource {
  /** `ConfigResource.Type`: 2 for a topic, 4 for a broker. */
  readonly resourceType: number;
  readonly resourceName: string;
  /** Null for all. */
  readonly configurationKeys: readonly string[] | null;
}

export interface DescribeConfigsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly DescribeConfigsResponseResult[];
}

export interface DescribeConfigsResponseResult {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly DescribeConfigsResponseConfig[];
}

export interface DescribeConfigsResponseConfig {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
  readonly synonyms: readonly DescribeConfigsResponseSynonym[];
  readonly configType: number;
  readonly documentation: string | null;
}

export interface DescribeConfigsResponseSynonym {
  readonly name: string;
  readonly value: string | null;
  readonly source: number;
}
