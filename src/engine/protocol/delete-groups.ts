/** DeleteGroups (API key 42): fields as in version 3 of Apache Kafka 4.4.0. */
export interface DeleteGroupsRequest {
  readonly groupsNames: readonly string[];
}

export interface DeleteGroupsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly DeleteGroupsResponseResult[];
}

export interface DeleteGroupsResponseResult {
  readonly groupId: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
