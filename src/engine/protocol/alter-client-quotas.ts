/** AlterClientQuotas (API key 49): fields as in version 1 of Apache Kafka 4.4.0. */
export interface AlterClientQuotasRequest {
  readonly entries: readonly AlterClientQuotasRequestEntry[];
  readonly validateOnly: boolean;
}

export interface AlterClientQuotasRequestEntry {
  readonly entity: readonly QuotaEntity[];
  readonly ops: readonly AlterClientQuotasRequestOp[];
}

export interface AlterClientQuotasRequestOp {
  readonly key: string;
  readonly value: number;
  readonly remove: boolean;
}

/** Whom a quota is for: `user` or `client-id`, by name; null is the default of all who have none of their own. */
export interface QuotaEntity {
  readonly entityType: string;
  readonly entityName: string | null;
}

export interface AlterClientQuotasResponse {
  readonly throttleTimeMs: number;
  readonly entries: readonly AlterClientQuotasResponseEntry[];
}

export interface AlterClientQuotasResponseEntry {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly entity: readonly QuotaEntity[];
}
